using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Dns;

/// <summary>Says beforehand which DNS account would write the records of an order, by asking the services for their zones.</summary>
public sealed class DnsAccountCheck(DnsPlacer placer) : IDnsAccountCheck
{
    private const string Name = "DnsAccount";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PreflightFinding>> CheckAsync(CertificateOrder order, IReadOnlyList<ProofRecord> records, IReporter reporter, CancellationToken cancellationToken)
    {
        if (Guard.NotNull(order).ChallengeScript is not null)
        {
            return [];
        }

        List<ProofRecord> own = [.. Guard.NotNull(records).Where(r => placer.MayPlace(order.DnsAccount, r.Domain))];
        try
        {
            IReadOnlyList<DnsPlacement> places = await placer.FindAsync(order.DnsAccount, own, null, reporter, null, cancellationToken).ConfigureAwait(false);
            return [.. own.Select((r, i) => new PreflightFinding(Name, r.Name, PreflightSeverity.Information, $"The DNS account {places[i].DnsAccount} writes it: {places[i]}."))];
        }
        catch (KeyManagerException error) when (own.Count == 1)
        {
            return [new PreflightFinding(Name, own[0].Name, PreflightSeverity.Problem, error.Message, error.Remedy ?? "")];
        }
        catch (KeyManagerException)
        {
            // One of them; which one tells each on its own.
            List<PreflightFinding> findings = [];
            foreach (ProofRecord record in own)
            {
                findings.AddRange(await CheckAsync(order, [record], reporter, cancellationToken).ConfigureAwait(false));
            }

            return findings;
        }
    }
}
