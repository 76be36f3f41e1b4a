using System.Collections.Generic;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Preflights;

/// <summary>Whether a zone is bogus: authorities check signatures, and get no answer at all from a zone whose signatures are wrong.</summary>
internal sealed class DnssecCheck(DnsClient dns)
{
    private const string Check = "Dnssec";

    /// <summary>What was found; <c>null</c> when there is nothing to say.</summary>
    public async Task<PreflightFinding?> RunAsync(IReadOnlyList<IPEndPoint> resolvers, string name, CancellationToken cancellationToken)
    {
        DnsMessage query = DnsMessage.Query(DnsName.Parse(name), DnsType.Soa, recursionDesired: true);
        foreach (IPEndPoint resolver in resolvers)
        {
            try
            {
                DnsMessage answer = await dns.AskAsync(resolver, query, cancellationToken).ConfigureAwait(false);
                if (answer.ResponseCode != DnsResponseCode.ServFail)
                {
                    return null;
                }

                DnsMessage plain = await dns.AskAsync(resolver, query with { CheckingDisabled = true }, cancellationToken).ConfigureAwait(false);
                return plain.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NXDomain
                    ? new PreflightFinding(
                        Check,
                        name,
                        PreflightSeverity.Problem,
                        $"{resolver.Address} answers SERVFAIL for {name}, and answers well when it may leave out DNSSEC: the signatures of the zone are not valid.",
                        "Check the signer of the zone, and that the DS record in the zone above fits its key.")
                    : new PreflightFinding(
                        Check,
                        name,
                        PreflightSeverity.Problem,
                        $"{resolver.Address} answers SERVFAIL for {name}, also when it may leave out DNSSEC: the name servers of the zone do not work.",
                        "Look with Test-KmDnsRecord at what each of them says.");
            }
            catch (DnsException)
            {
                // The next one may answer.
            }
        }

        return new PreflightFinding(
            Check, name, PreflightSeverity.Warning, $"No DNS server of this machine answers for {name}.", "Name another one with -Resolver, or the setting Resolver of the account.");
    }
}
