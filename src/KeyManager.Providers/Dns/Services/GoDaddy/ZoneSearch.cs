using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>
/// Finds the zones that hold names. The list of domains is not asked: small accounts may not see it, and zones of domains that are registered elsewhere are not in it. Instead the name
/// servers of what may be a zone are asked for, from the shortest name on. A zone below one that was found has name servers there too; where there are none, it need not be looked for. So
/// fifty names of one zone take one request. Where even this is denied, the texts at the name itself may still be open (acme.sh, issue 4487), and each zone is tried for each name.
/// </summary>
internal sealed class ZoneSearch(GoDaddyClient client, IRecordInterface records, AccountCache<ZoneProbe> known)
{
    private static readonly TimeSpan FoundIsGoodFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MissingIsGoodFor = TimeSpan.FromSeconds(30);

    private string? _denied;

    /// <exception cref="CredentialException">KmDnsRightMissing: no zone was found, and GoDaddy denies access to some.</exception>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        Dictionary<string, HostedZone> found = [];
        foreach (string name in names.Distinct())
        {
            if (await FindAsync(name, cancellationToken).ConfigureAwait(false) is string zone)
            {
                found[name] = new HostedZone(zone, zone);
            }
        }

        return found.Count == 0 && _denied is not null ? throw GoDaddyErrors.NotEligible(client.Context, $"look for the zone of {names[0]}", _denied) : found;
    }

    private async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        string? zone = null;
        IReadOnlyList<string> handedOn = [];
        List<string> denied = [];

        // GoDaddy takes host names as zones only, so none with a label such as _acme-challenge.
        foreach (string candidate in ZoneMatch.Suffixes(name).Where(suffix => suffix.IndexOf('_') < 0).Reverse())
        {
            if (zone is not null && !handedOn.Contains(candidate))
            {
                continue;
            }

            ZoneProbe probe = await known.GetAsync(client.Context, candidate, () => ProbeAsync(candidate, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (probe.Denied is not null)
            {
                _denied ??= probe.Denied;
                denied.Insert(0, candidate);
            }

            if (probe.HandedOn is null && zone is not null)
            {
                client.Context.Reporter.Verbose($"The zone {zone} leaves {candidate} to other name servers, so {name} is not in it.");
                return null;
            }

            if (probe.HandedOn is not null)
            {
                (zone, handedOn) = (candidate, probe.HandedOn);
            }
        }

        for (int i = 0; zone is null && i < denied.Count; i++)
        {
            zone = await records.MayReadAsync(denied[i], name, cancellationToken).ConfigureAwait(false) ? denied[i] : null;
        }

        return zone;
    }

    private async Task<(ZoneProbe Probe, TimeSpan GoodFor)> ProbeAsync(string candidate, CancellationToken cancellationToken)
    {
        ZoneProbe probe = await records.ProbeAsync(candidate, cancellationToken).ConfigureAwait(false);
        return (probe, probe.HandedOn is null ? MissingIsGoodFor : FoundIsGoodFor);
    }
}
