using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>
/// Finds the zones of names. A few names are asked for one by one, because a narrow token may not list and a big account has many; for many names the list is read,
/// unless it is longer than asking.
/// </summary>
internal sealed class CloudflareZones(DnsContext context, CloudflareClient client, AccountCache<IReadOnlyList<CloudflareZone>> cache)
{
    /// <summary>Up to so many suffixes are asked for one by one.</summary>
    private const int FewSuffixes = 12;

    /// <summary>The most that the service lists at once.</summary>
    private const int PageSize = 50;

    private const string Everything = "*";

    private const string Finding = "find its zones";

    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private readonly CloudflareCredential _credential = CloudflareCredential.ForZones(context);

    /// <summary>For each name the longest zone that it lies in.</summary>
    /// <exception cref="ConflictException">KmDnsZoneAmbiguous.</exception>
    /// <exception cref="CredentialException">KmDnsCredentialRejected, KmDnsRightMissing: no zone was found, and the service did not say that there is none.</exception>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (CloudflareSettings.Zone(context) is string id)
        {
            return ZoneMatch.Find(names, [await OnlyAsync(id, cancellationToken).ConfigureAwait(false)]);
        }

        int suffixes = names.SelectMany(ZoneMatch.Suffixes).Distinct().Count();
        IReadOnlyList<CloudflareZone> all = suffixes > FewSuffixes ? await ListAsync(suffixes, cancellationToken).ConfigureAwait(false) : [];
        if (all.Count > 0)
        {
            IEnumerable<HostedZone> hosted = all.Where(z => !z.IsPrivate).Select(z => new HostedZone(z.Id, z.Name));
            return ZoneMatch.Find(names, hosted, (name, _) => Choose(name, [.. all.Where(z => z.Name == name && !z.IsPrivate)]))
                .Where(f => !IsCopy(f.Value, all))
                .ToDictionary(f => f.Key, f => f.Value);
        }

        Dictionary<string, HostedZone> found = [];
        Dictionary<string, IReadOnlyList<CloudflareZone>> asked = [];
        CloudflareProblem? refusal = null;
        foreach (string name in names.Distinct())
        {
            foreach (string suffix in ZoneMatch.Suffixes(name))
            {
                if (!asked.TryGetValue(suffix, out IReadOnlyList<CloudflareZone>? zones))
                {
                    zones = await cache.GetAsync(context, suffix, () => ByNameAsync(suffix, problem => refusal = problem, cancellationToken), cancellationToken).ConfigureAwait(false);
                    asked.Add(suffix, zones);
                }

                if (zones.Count > 0)
                {
                    HostedZone zone = Choose(suffix, zones);
                    if (!IsCopy(zone, zones))
                    {
                        found[name] = zone;
                    }

                    break;
                }
            }
        }

        return found.Count == 0 && refusal is not null ? throw await ExplainAsync(refusal, names[0], cancellationToken).ConfigureAwait(false) : found;
    }

    /// <summary>Forgets a zone that turned out to be gone.</summary>
    public void Forget(HostedZone zone)
    {
        cache.Forget(context, zone.Name);
        cache.Forget(context, zone.Id);
        cache.Forget(context, Everything);
    }

    /// <summary>A secondary zone takes no changes, and what is written to the zone above it is never seen below.</summary>
    private static bool IsCopy(HostedZone zone, IReadOnlyList<CloudflareZone> zones) => zones.Any(z => z.Id == zone.Id && z.IsCopy);

    private HostedZone Choose(string name, IReadOnlyList<CloudflareZone> zones)
    {
        IReadOnlyList<CloudflareZone> served = [.. zones.Where(z => z.IsServed)];
        CloudflareZone zone = served.Count == 1 ? served[0] : zones.Count == 1 ? zones[0] : throw ServiceErrors.ZoneAmbiguous(
            context, name, zones.Select(z => z.ToString()), $"Choose with Set-KmDnsAccount -{CloudflareSettings.AccountId}, or -{CloudflareSettings.ZoneId}.");
        if (zone.Status is "pending" or "moved" or "initializing")
        {
            context.Reporter.Warn($"The zone {name} is '{zone.Status}' at Cloudflare: the registrar does not send the world there, so records written there may never be seen.");
        }

        return new HostedZone(zone.Id, zone.Name);
    }

    private async Task<HostedZone> OnlyAsync(string id, CancellationToken cancellationToken)
    {
        if (CloudflareSettings.NameOfZone(context) is string known)
        {
            return new HostedZone(id, known);
        }

        IReadOnlyList<CloudflareZone> zone = await cache.GetAsync(
            context,
            id,
            async () =>
            {
                (JToken? result, CloudflareProblem? problem) = await client.AskAsync(_credential, HttpMethod.Get, "zones/" + id, null, cancellationToken).ConfigureAwait(false);
                return problem is null
                    ? ((IReadOnlyList<CloudflareZone>)[Zone(result as JObject ?? throw client.Unreadable("zones/" + id))], GoodFor)
                    : throw (CloudflareErrors.IsNotOurs(problem)
                        ? ServiceErrors.RightMissing(
                            context,
                            $"read the zone {id}",
                            problem.Said,
                            $"Give the token Zone > Zone > Read for it, or say what the zone is called: Set-KmDnsAccount -{CloudflareSettings.ZoneName}.")
                        : await ExplainAsync(problem, id, cancellationToken).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
        return new HostedZone(zone[0].Id, zone[0].Name);
    }

    /// <summary>Every zone; empty when the token may not list, or when the list has more pages than <paramref name="mostPages"/>.</summary>
    private Task<IReadOnlyList<CloudflareZone>> ListAsync(int mostPages, CancellationToken cancellationToken) => cache.GetAsync(
        context,
        Everything,
        async () =>
        {
            List<CloudflareZone> zones = [];
            for (int page = 1; ; page++)
            {
                (IReadOnlyList<JObject> entries, long following, CloudflareProblem? problem) =
                    await client.PageAsync(_credential, "zones" + Account('?'), PageSize, page, cancellationToken).ConfigureAwait(false);
                if (problem is not null && !CloudflareErrors.IsNotOurs(problem))
                {
                    throw await ExplainAsync(problem, "any", cancellationToken).ConfigureAwait(false);
                }

                zones.AddRange(entries.Select(Zone));
                if (problem is not null || following > mostPages)
                {
                    return ([], TimeSpan.Zero);
                }

                if (following == 0)
                {
                    return ((IReadOnlyList<CloudflareZone>)zones, GoodFor);
                }
            }
        },
        cancellationToken);

    private async Task<(IReadOnlyList<CloudflareZone> Zones, TimeSpan GoodFor)> ByNameAsync(string suffix, Action<CloudflareProblem> refused, CancellationToken cancellationToken)
    {
        (IReadOnlyList<JObject> entries, _, CloudflareProblem? problem) =
            await client.PageAsync(_credential, $"zones?name={Uri.EscapeDataString(suffix)}{Account('&')}", PageSize, 1, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
        {
            if (!CloudflareErrors.IsNotOurs(problem))
            {
                throw await ExplainAsync(problem, suffix, cancellationToken).ConfigureAwait(false);
            }

            refused(problem);
            return ([], TimeSpan.Zero);
        }

        // The name is compared again: a filter that something in between drops would bring all zones.
        IReadOnlyList<CloudflareZone> zones = [.. entries.Select(Zone).Where(z => z.Name == suffix && !z.IsPrivate)];
        return (zones, zones.Count > 0 ? GoodFor : TimeSpan.Zero);
    }

    private string Account(char separator) => CloudflareSettings.Account(context) is string account ? $"{separator}account.id={account}" : "";

    private CloudflareZone Zone(JObject zone)
    {
        string Text(JToken? member) => (member as JValue)?.ToString(CultureInfo.InvariantCulture) ?? "";
        string id = Text(zone["id"]);
        string name = ZoneMatch.Canonical(Text(zone["name"]));
        return CloudflareSettings.IsId(id) && name.Length > 0
            ? new CloudflareZone(id, name, Text(zone["status"]), Text(zone["type"]), Text((zone["account"] as JObject)?["id"]))
            : throw client.Unreadable("zones");
    }

    private Task<KeyManagerException> ExplainAsync(CloudflareProblem problem, string zone, CancellationToken cancellationToken) =>
        CloudflareErrors.ExplainAsync(context, client, _credential, problem, Finding, zone, cancellationToken);
}
