using System;
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
    public async Task<IReadOnlyList<PreflightFinding>> CheckAsync(CertificateOrder order, IReadOnlyList<string> recordNames, IReporter reporter, CancellationToken cancellationToken)
    {
        if (Guard.NotNull(order).ChallengeScript is not null)
        {
            return [];
        }

        List<(DomainName Name, string Record)> records =
            [.. Guard.NotNull(recordNames).Select(r => (Name: DomainOf(r), Record: r)).Where(r => r.Name is not null).Select(r => (r.Name!.Value, r.Record)).Where(r => placer.MayPlace(order.DnsAccount, r.Item1))];
        try
        {
            IReadOnlyList<DnsPlacement> places = await placer.FindAsync(order.DnsAccount, records, null, reporter, null, cancellationToken).ConfigureAwait(false);
            return [.. records.Select((r, i) => new PreflightFinding(Name, r.Record, PreflightSeverity.Information, $"The DNS account {places[i].DnsAccount} writes it: {places[i]}."))];
        }
        catch (KeyManagerException error) when (records.Count == 1)
        {
            return [new PreflightFinding(Name, records[0].Record, PreflightSeverity.Problem, error.Message, error.Remedy ?? "")];
        }
        catch (KeyManagerException)
        {
            // One of them; which one tells each on its own.
            List<PreflightFinding> findings = [];
            foreach ((DomainName _, string record) in records)
            {
                findings.AddRange(await CheckAsync(order, [record], reporter, cancellationToken).ConfigureAwait(false));
            }

            return findings;
        }
    }

    private static DomainName? DomainOf(string recordName) =>
        DomainName.TryParse(string.Join(".", recordName.Split('.').SkipWhile(label => label.StartsWith("_", StringComparison.Ordinal))), out DomainName name) ? name : null;
}
