using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Preflights;

/// <summary>Whether CAA records let the authority issue for a name, read as the authority reads them (RFC 8659 §3).</summary>
internal sealed class CaaCheck(DnsClient dns)
{
    private const string Check = "Caa";

    /// <summary>What was found; <c>null</c> when there are no such records.</summary>
    public async Task<PreflightFinding?> RunAsync(IReadOnlyList<IPEndPoint> resolvers, PreflightSubject subject, PreflightRequest request, CancellationToken cancellationToken)
    {
        string name = subject.Name.Ascii;
        for (DnsName node = DnsName.Parse(subject.Name.BaseName); node.Labels.Count > 0; node = node.Parent)
        {
            IReadOnlyList<DnsRecord> found;
            CaaSet set;
            try
            {
                // A resolver follows aliases; what stands at the end of one counts, what stands above that end does not.
                found = await dns.ResolveAsync(resolvers, node, DnsType.Caa, cancellationToken).ConfigureAwait(false);
                set = new CaaSet([.. found.Select(CaaRecord.Read)]);
            }
            catch (DnsException error)
            {
                return new PreflightFinding(
                    Check,
                    name,
                    PreflightSeverity.Problem,
                    $"The CAA records of {node} cannot be read: {error.Message} An authority takes that for a no.",
                    "Have the name servers of the zone answer questions of type CAA (257), be it with nothing.");
            }

            if (set.Records.Count > 0)
            {
                return Judge(subject, request, node, found[0].Name, set);
            }
        }

        return null;
    }

    private static PreflightFinding Judge(PreflightSubject subject, PreflightRequest request, DnsName node, DnsName end, CaaSet set)
    {
        string? method = MethodOf(subject.Type);
        string place = end.Equals(node) ? $"{node}" : $"{end}, where the alias {node} leads,";
        string? obstacle = set.FindObstacle(subject.Name.IsWildcard, request.CaaIdentities, request.AccountUri, method);
        if (obstacle is null)
        {
            return new PreflightFinding(Check, subject.Name.Ascii, PreflightSeverity.Information, $"The CAA records of {place} let the authority issue.");
        }

        string tag = subject.Name.IsWildcard && set.Records.Any(r => r.Tag == "issuewild") ? "issuewild" : "issue";
        string parameters = set.Records.Any(r => r.Value.IndexOf("accounturi", StringComparison.OrdinalIgnoreCase) >= 0) && request.AccountUri is not null ? $"; accounturi={request.AccountUri}" : "";
        string remedy = end.Equals(node)
            ? $"Add the record: {node}. CAA 0 {tag} \"{request.CaaIdentities[0]}{parameters}\". An authority may go by the old ones for as long as their TTL, or 8 hours."
            : $"Have the record added: {end}. CAA 0 {tag} \"{request.CaaIdentities[0]}\"; or make {node} something else than an alias.";
        return new PreflightFinding(Check, subject.Name.Ascii, PreflightSeverity.Problem, $"The CAA records of {place} keep the authority out: {obstacle}.", remedy);
    }

    /// <summary>The names of RFC 8657 §4 are those of the ACME registry.</summary>
    private static string? MethodOf(ChallengeType? type) => type switch
    {
        ChallengeType.Http01 => "http-01",
        ChallengeType.Dns01 => "dns-01",
        ChallengeType.TlsAlpn01 => "tls-alpn-01",
        ChallengeType.DnsAccount01 => "dns-account-01",
        ChallengeType.DnsPersist01 => "dns-persist-01",
        _ => null,
    };
}
