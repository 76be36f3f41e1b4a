using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>Finds the zones of names in the list of the account, which is one request for any number of names; each counts against the limit.</summary>
internal sealed class DnsMadeEasyZones(DnsContext context, DnsMadeEasyClient client, AccountCache<IReadOnlyList<HostedZone>?> cache)
{
    private const string Everything = "*";

    private const string Finding = "find its zones";

    /// <summary>A third of what is allowed in five minutes; beyond that names are asked for one by one.</summary>
    private const long MostPages = 50;

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    /// <summary>For each name the longest zone that it lies in.</summary>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<HostedZone>? all = await cache.GetAsync(context, Everything, () => ListAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (all is not null)
        {
            return ZoneMatch.Find(names, all);
        }

        Dictionary<string, HostedZone?> asked = [];
        Dictionary<string, HostedZone> found = [];
        foreach (string name in names.Distinct())
        {
            foreach (string suffix in ZoneMatch.Suffixes(name))
            {
                if (!asked.TryGetValue(suffix, out HostedZone? zone))
                {
                    asked.Add(suffix, zone = await ByNameAsync(suffix, cancellationToken).ConfigureAwait(false));
                }

                if (zone is not null)
                {
                    found[name] = zone;
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>Forgets what is known, since a zone turned out to be gone.</summary>
    public void Forget() => cache.Forget(context, Everything);

    private async Task<(IReadOnlyList<HostedZone>? Zones, TimeSpan GoodFor)> ListAsync(CancellationToken cancellationToken)
    {
        const string Path = "dns/managed/";
        IReadOnlyDictionary<long, JObject>? zones = await client.ListAsync(Path, MostPages, Finding, cancellationToken).ConfigureAwait(false);
        return zones is null ? (null, TimeSpan.Zero) : ([.. zones.Select(z => Zone(z.Key, z.Value))], GoodFor);
    }

    private static HostedZone Zone(long id, JObject zone) =>
        new(id.ToString(CultureInfo.InvariantCulture), ZoneMatch.Canonical((zone["name"] as JValue)?.ToString(CultureInfo.InvariantCulture) ?? ""));

    /// <summary><c>null</c> when the account has no such zone: status 404 with a page for people.</summary>
    private async Task<HostedZone?> ByNameAsync(string name, CancellationToken cancellationToken)
    {
        string path = "dns/managed/name?domainname=" + Uri.EscapeDataString(name);
        HttpAnswer answer = await client.AskAsync(HttpMethod.Get, path, null, Finding, a => a.Status == 404, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            return null;
        }

        HostedZone zone = client.Read(answer, body => Zone(client.Id((JObject)body, path), (JObject)body));
        return zone.Name == name ? zone : null;
    }
}
