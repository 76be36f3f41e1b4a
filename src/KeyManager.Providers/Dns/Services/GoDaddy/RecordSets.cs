using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>
/// GoDaddy's first interface, and the second, which is the first for corporate accounts. Values are appended (PATCH), which touches no others; but only all values of a type and name can be
/// replaced (PUT) or deleted. So a change that another process makes between our look and our PUT is lost.
/// </summary>
internal sealed class RecordSets(GoDaddyClient client) : IRecordInterface
{
    /// <summary>Longest list, and what is asked for. How further pages are counted is told in two ways, so none is ever asked for.</summary>
    private const int MostListed = 500;

    /// <summary>What the names of its name servers end with. A domain that is only registered there has others.</summary>
    private const string OwnServers = ".domaincontrol.com";

    private const int LeastTtl = 600;
    private const int MostTtl = 86400;

    /// <summary>What the service gives a record that has none.</summary>
    private const int UsualTtl = 3600;

    private readonly string _root = client.Context.Setting(GoDaddySettings.CustomerId) is string customer ? $"v2/customers/{Uri.EscapeDataString(customer)}/domains" : "v1/domains";

    public async Task<ZoneProbe> ProbeAsync(string zone, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await client.SendAsync("GET", $"{_root}/{zone}/records/NS", null, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            404 => await ProbeHiddenAsync(zone, cancellationToken).ConfigureAwait(false),
            422 => new ZoneProbe(null, null), // no name that a domain can have, such as that of a registry
            403 => new ZoneProbe(null, GoDaddyErrors.Said(answer)),
            200 => new ZoneProbe([.. Records(answer, "NS").Select(record => ZoneMatch.Canonical(record.Name == RecordValue.Apex ? zone : $"{record.Name}.{zone}")).Distinct()], null),
            _ => throw GoDaddyErrors.Of(client.Context, answer, zone, $"look for the zone {zone}"),
        };
    }

    public async Task<bool> MayReadAsync(string zone, string name, CancellationToken cancellationToken)
    {
        RecordValue text = RecordValue.Of(RecordChange.Add(DnsRecordType.Txt, name, ""), zone);
        return await TryListAsync(zone, text.Type, text.Name, cancellationToken).ConfigureAwait(false) is not null;
    }

    public async Task<IReadOnlyList<GoDaddyRecord>?> TryReadAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        List<GoDaddyRecord> all = [];
        foreach (IGrouping<string, RecordValue> type in values.GroupBy(v => v.Type))
        {
            string[] names = [.. type.Select(v => v.Name).Distinct()];
            IReadOnlyList<GoDaddyRecord>? list = names.Length == 1 ? null : await TryListAsync(zone, type.Key, null, cancellationToken).ConfigureAwait(false);
            if (list is { Count: < MostListed })
            {
                all.AddRange(list);
                continue;
            }

            foreach (string name in names)
            {
                list = await TryListAsync(zone, type.Key, name, cancellationToken).ConfigureAwait(false);
                if (list is null)
                {
                    return null;
                }

                all.AddRange(list);
            }
        }

        return all;
    }

    public async Task AddAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        // Told that one is there already, it has added none, or some: only a look tells. A request that was sent twice for a lost answer ends here too.
        HttpAnswer answer = await AppendAsync(zone, values, cancellationToken).ConfigureAwait(false);
        if (!GoDaddyErrors.IsDuplicate(answer))
        {
            Require(answer, zone, values);
            return;
        }

        List<RecordValue> missing = await MissingAsync(zone, values, answer, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0 && missing.Count < values.Count)
        {
            answer = await AppendAsync(zone, missing, cancellationToken).ConfigureAwait(false);
            if (!GoDaddyErrors.IsDuplicate(answer))
            {
                Require(answer, zone, missing);
                return;
            }

            missing = await MissingAsync(zone, missing, answer, cancellationToken).ConfigureAwait(false);
        }

        if (missing.Count > 0)
        {
            throw await InTheWayAsync(zone, missing, answer, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task RemoveAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        IReadOnlyList<GoDaddyRecord> there = await TryReadAsync(zone, values, cancellationToken).ConfigureAwait(false) ?? throw ServiceErrors.Refused(
            client.Context,
            $"take values away at {string.Join(", ", values.Select(v => v.FullName(zone)).Distinct())}",
            "GoDaddy does not show what is there, and without that a value cannot be taken away alone",
            "Look whether the zone is still there. Where it is, take the values away by hand at GoDaddy.");
        foreach (IGrouping<(string Type, string Name), RecordValue> set in values.GroupBy(v => (v.Type, v.Name)))
        {
            RecordValue any = set.First();
            GoDaddyRecord[] before = [.. there.Where(any.IsBeside)];
            GoDaddyRecord[] after = [.. before.Where(record => !any.IsLeftover(record) && !set.Any(v => v.Is(record, zone)))];
            if (after.Length == before.Length)
            {
                continue;
            }

            // An empty set put in the place of the last value is taken and changes nothing; it has to be deleted.
            HttpAnswer answer = after.Length == 0
                ? await client.SendAsync("DELETE", PathOf(zone, any.Type, any.Name), null, cancellationToken).ConfigureAwait(false)
                : await client.SendAsync("PUT", PathOf(zone, any.Type, any.Name), new JArray(after.Select(Body)), cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess && !(after.Length == 0 && answer.Status == 404))
            {
                throw GoDaddyErrors.Of(client.Context, answer, zone, $"take a value away at {any.FullName(zone)}");
            }
        }
    }

    /// <summary>
    /// Looks whether it is a zone all the same that GoDaddy serves: for some accounts it says of every record that there is no such zone, and still changes them (acme.sh, issue 6517).
    /// </summary>
    private async Task<ZoneProbe> ProbeHiddenAsync(string zone, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await client.SendAsync("GET", $"{_root}/{zone}", null, cancellationToken).ConfigureAwait(false);
        bool isServed = answer.Status == 200 && client.Read(answer, domain => domain["domainId"] is not null
            && ((JArray?)domain["nameServers"])?.Any(server => ZoneMatch.Canonical((string?)server ?? "").EndsWith(OwnServers, StringComparison.Ordinal)) == true);
        return new ZoneProbe(isServed ? [] : null, answer.Status == 403 ? GoDaddyErrors.Said(answer) : null);
    }

    private static JObject Body(GoDaddyRecord record) => new() { ["data"] = record.Data, ["ttl"] = Math.Min(MostTtl, Math.Max(LeastTtl, record.Ttl ?? UsualTtl)) };

    /// <summary>The path of one set. Without a type or a name, PUT would replace every record of the zone.</summary>
    private string PathOf(string zone, string type, string name) => $"{_root}/{zone}/records/{type}/{(name == RecordValue.Apex ? name : Uri.EscapeDataString(name))}";

    private Task<HttpAnswer> AppendAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        int ttl = GoDaddySettings.Ttl(client.Context);
        JArray body = new(values.Select(v => new JObject { ["type"] = v.Type, ["name"] = v.Name, ["data"] = v.Data, ["ttl"] = ttl }));
        return client.SendAsync("PATCH", $"{_root}/{zone}/records", body, cancellationToken);
    }

    private void Require(HttpAnswer answer, string zone, IReadOnlyList<RecordValue> values)
    {
        if (!answer.IsSuccess)
        {
            throw GoDaddyErrors.Of(client.Context, answer, zone, $"write at {string.Join(", ", values.Select(v => v.FullName(zone)).Distinct())}");
        }
    }

    private async Task<List<RecordValue>> MissingAsync(string zone, IReadOnlyList<RecordValue> values, HttpAnswer refusal, CancellationToken cancellationToken)
    {
        IReadOnlyList<GoDaddyRecord> there = await TryReadAsync(zone, values, cancellationToken).ConfigureAwait(false)
            ?? throw ServiceErrors.Refused(client.Context, $"write in {zone}", GoDaddyErrors.Said(refusal));
        return [.. values.Where(v => !there.Any(record => v.Is(record, zone)))];
    }

    /// <summary>The error for values that are refused as being there, and are not: an alias stands alone at its name.</summary>
    private async Task<KeyManagerException> InTheWayAsync(string zone, IReadOnlyList<RecordValue> values, HttpAnswer refusal, CancellationToken cancellationToken)
    {
        RecordValue[] asked = [.. values.SelectMany(v => new[] { v with { Type = RecordValue.Alias }, v with { Type = RecordValue.Text } }).Distinct()];
        IReadOnlyList<GoDaddyRecord> there = await TryReadAsync(zone, asked, cancellationToken).ConfigureAwait(false) ?? [];
        return Occupation.Explain(client.Context, zone, values, there, refusal);
    }

    private async Task<IReadOnlyList<GoDaddyRecord>?> TryListAsync(string zone, string type, string? name, CancellationToken cancellationToken)
    {
        string path = name is null ? $"{_root}/{zone}/records/{type}?limit={MostListed}" : PathOf(zone, type, name);
        HttpAnswer answer = await client.SendAsync("GET", path, null, cancellationToken).ConfigureAwait(false);
        return answer.Status switch
        {
            200 => name is null ? Records(answer, type) : [.. Records(answer, type).Select(record => record with { Name = name })],
            403 or 404 or 422 => null,
            _ => throw GoDaddyErrors.Of(client.Context, answer, zone, $"read the zone {zone}"),
        };
    }

    private List<GoDaddyRecord> Records(HttpAnswer answer, string type) => client.Read(answer, list => list is JArray records
        ? records.Select(r => new GoDaddyRecord("", (string?)r["type"] ?? type, (string?)r["name"] ?? "", (string?)r["data"] ?? "", (int?)r["ttl"])).ToList()
        : throw new FormatException("It is no list."));
}
