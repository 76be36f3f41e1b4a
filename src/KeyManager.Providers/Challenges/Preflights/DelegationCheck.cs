using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Preflights;

/// <summary>Where the name of a record leads, and who serves it.</summary>
internal sealed class DelegationCheck(ZoneFinder finder)
{
    private const string Check = "Delegation";

    public async Task<IReadOnlyList<PreflightFinding>> RunAsync(string subject, string recordName, CancellationToken cancellationToken)
    {
        DnsName name = DnsName.Parse(recordName);
        DnsZone zone;
        try
        {
            zone = await finder.LocateAsync(name, followsAliases: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DnsException error)
        {
            return
            [
                new PreflightFinding(
                    Check, subject, PreflightSeverity.Problem, $"Where {recordName} lies cannot be found: {error.Message}", "Mend the aliases, or check that the domain is registered and its name servers work."),
            ];
        }

        List<PreflightFinding> findings = [];
        if (zone.IsAlias)
        {
            findings.Add(await IsOfWildcardAsync(name, zone.Path[1], cancellationToken).ConfigureAwait(false)
                ? new PreflightFinding(
                    Check,
                    subject,
                    PreflightSeverity.Warning,
                    $"{recordName} leads to {zone.RecordName} because of a wildcard alias: every name there does.",
                    $"Make a record at {recordName} itself; the wildcard ends there as soon as it exists (FollowAlias Never in the DNS account).")
                : new PreflightFinding(
                    Check, subject, PreflightSeverity.Information, $"{string.Join(" -> ", zone.Path)}: the record has to be in the zone {zone.Name}."));
        }

        if (zone.Name.Labels.Count == 1)
        {
            findings.Add(new PreflightFinding(
                Check, subject, PreflightSeverity.Warning, $"{zone.RecordName} lies in the zone '{zone.Name}', so no zone below it is known to the world.", "Check the name, and that the domain is registered and delegated."));
        }

        if (zone.Servers.Count == 0)
        {
            findings.Add(new PreflightFinding(
                Check, subject, PreflightSeverity.Problem, $"No server of the zone {zone.Name} has an address that this machine can reach.", "Check the NS records of the zone."));
        }

        findings.AddRange(zone.Oddities.Select(o => new PreflightFinding(Check, subject, PreflightSeverity.Warning, o, "Name the same servers in the zone and at the registrar.")));
        return findings;
    }

    // A name beside it that nobody has: when that leads to the same place, it is a wildcard that does.
    private async Task<bool> IsOfWildcardAsync(DnsName name, DnsName target, CancellationToken cancellationToken)
    {
        try
        {
            DnsName other = DnsName.Parse($"km-{Guid.NewGuid():N}.{name.Parent}");
            DnsZone zone = await finder.LocateAsync(other, followsAliases: true, cancellationToken).ConfigureAwait(false);
            return zone.IsAlias && zone.Path[1].Equals(target);
        }
        catch (DnsException)
        {
            return false;
        }
    }
}
