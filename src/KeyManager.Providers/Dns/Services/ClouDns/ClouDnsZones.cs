using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>Finds the zones of names: of a few by asking for each, of many in the list.</summary>
internal sealed class ClouDnsZones(DnsContext context, ClouDnsClient client, AccountCache<IReadOnlyList<ClouDnsZone>> cache)
{
    /// <summary>Up to so many suffixes are asked for one by one.</summary>
    private const int FewSuffixes = 6;

    /// <summary>The most that the service lists at once.</summary>
    private const int PageSize = 100;

    private const string Everything = "*";

    private const string Finding = "find its zones";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    /// <summary>For each name the longest zone that it lies in and whose records can be changed here.</summary>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        HashSet<string> suffixes = [.. names.SelectMany(ZoneMatch.Suffixes)];
        HashSet<string>? listed = suffixes.Count <= FewSuffixes
            ? null
            : [.. (await cache.GetAsync(context, Everything, () => ListAsync(cancellationToken), cancellationToken).ConfigureAwait(false)).Select(z => z.Name)];
        Dictionary<string, HostedZone> found = [];
        HashSet<string> absent = [];
        foreach (string name in names.Distinct())
        {
            foreach (string suffix in ZoneMatch.Suffixes(name).Where(s => listed?.Contains(s) != false && !absent.Contains(s)))
            {
                // The list does not say where the records of a cloud domain are, so a zone in it is asked about too.
                if ((await cache.GetAsync(context, suffix, () => ByNameAsync(suffix, cancellationToken), cancellationToken).ConfigureAwait(false)).FirstOrDefault() is not ClouDnsZone zone)
                {
                    absent.Add(suffix);
                    continue;
                }

                if (zone.IsCopy)
                {
                    context.Reporter.Verbose($"{name} lies in {zone.Name}, which ClouDNS only copies from elsewhere.");
                }
                else
                {
                    found[name] = new HostedZone(zone.Master, zone.Name);
                }

                break;
            }
        }

        return found;
    }

    /// <summary>Forgets a zone that turned out to be gone.</summary>
    public void Forget(HostedZone zone)
    {
        cache.Forget(context, zone.Name);
        cache.Forget(context, Everything);
    }

    private async Task<(IReadOnlyList<ClouDnsZone> Zones, TimeSpan GoodFor)> ListAsync(CancellationToken cancellationToken)
    {
        List<ClouDnsZone> zones = [];
        for (int page = 1; ; page++)
        {
            JToken? body = await client.AskAsync(
                "list-zones",
                [("page", page.ToString(CultureInfo.InvariantCulture)), ("rows-per-page", PageSize.ToString(CultureInfo.InvariantCulture))],
                Finding,
                "any",
                cancellationToken).ConfigureAwait(false);
            JArray entries = body as JArray ?? throw client.Unreadable("list-zones");
            zones.AddRange(entries.Select(z => Zone(z)));
            if (entries.Count < PageSize)
            {
                return (zones, GoodFor);
            }
        }
    }

    private async Task<(IReadOnlyList<ClouDnsZone> Zones, TimeSpan GoodFor)> ByNameAsync(string suffix, CancellationToken cancellationToken)
    {
        JToken? body = await client.AskAsync("get-zone-info", [("domain-name", suffix)], Finding, suffix, cancellationToken).ConfigureAwait(false);
        ClouDnsZone? zone = body is null ? null : Zone(body is JObject ? body : throw client.Unreadable("get-zone-info"));
        if (zone is { IsActive: false })
        {
            context.Reporter.Warn($"The zone {zone.Name} is switched off at ClouDNS: records written there are not served.");
        }

        return zone?.Name == suffix ? ([zone], GoodFor) : ([], TimeSpan.Zero);
    }

    private static ClouDnsZone Zone(JToken zone)
    {
        string name = ZoneMatch.Canonical(ClouDnsClient.Text(zone, "name"));
        string master = ZoneMatch.Canonical(ClouDnsClient.Text(zone, "cloud-master"));
        return new ClouDnsZone(name, master.Length > 0 ? master : name, ClouDnsClient.Text(zone, "type"), ClouDnsClient.Text(zone, "status") != "0");
    }
}
