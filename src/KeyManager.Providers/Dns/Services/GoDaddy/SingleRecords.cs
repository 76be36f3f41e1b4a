using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>GoDaddy's third interface, for personal access tokens: each record has an id and is made and deleted alone, so nobody's change is lost.</summary>
/// <remarks>
/// Its PUT for one record is not used: it has emptied whole zones (godaddy/cli, issue 136).
/// </remarks>
internal sealed class SingleRecords(GoDaddyClient client) : IRecordInterface
{
    private const int PageSize = 100;

    /// <summary>More pages than any zone has; a service that gives the same one for ever is left.</summary>
    private const int MostPages = 1000;

    public async Task<ZoneProbe> ProbeAsync(string zone, CancellationToken cancellationToken)
    {
        (List<GoDaddyRecord> servers, HttpAnswer? refusal) = await ListAsync(zone, "type=NS", cancellationToken).ConfigureAwait(false);
        return refusal?.Status switch
        {
            null => new ZoneProbe([.. servers.Select(record => ZoneMatch.Canonical(record.Name == RecordValue.Apex ? zone : $"{record.Name}.{zone}")).Distinct()], null),
            400 or 404 => new ZoneProbe(null, null),
            403 => new ZoneProbe(null, GoDaddyErrors.Said(refusal)),
            _ => throw GoDaddyErrors.Of(client.Context, refusal, zone, $"look for the zone {zone}"),
        };
    }

    // That some names are open where the zone is not is known of the first interface only.
    public Task<bool> MayReadAsync(string zone, string name, CancellationToken cancellationToken) => Task.FromResult(false);

    public async Task<IReadOnlyList<GoDaddyRecord>?> TryReadAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        List<GoDaddyRecord> all = [];
        foreach (IGrouping<string, RecordValue> type in values.GroupBy(v => v.Type))
        {
            string[] names = [.. type.Select(v => v.Name).Distinct()];
            string filter = names.Length == 1 ? $"type={type.Key}&name={Uri.EscapeDataString(names[0])}" : $"type={type.Key}";
            (List<GoDaddyRecord> records, HttpAnswer? refusal) = await ListAsync(zone, filter, cancellationToken).ConfigureAwait(false);
            if (refusal?.Status == 404)
            {
                return null;
            }

            all.AddRange(refusal is null ? records : throw GoDaddyErrors.Of(client.Context, refusal, zone, $"read the zone {zone}"));
        }

        return all;
    }

    public async Task AddAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        int ttl = GoDaddySettings.Ttl(client.Context);
        foreach (RecordValue value in values)
        {
            // Here a host name without a final dot would be one below the zone.
            JObject body = new() { ["type"] = value.Type, ["name"] = value.Name, ["data"] = value.Type == RecordValue.Alias ? value.Data + "." : value.Data, ["ttl"] = ttl };
            HttpAnswer answer = await client.SendAsync("POST", PathOf(zone), body, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess)
            {
                continue;
            }

            if (!GoDaddyErrors.IsDuplicate(answer))
            {
                throw GoDaddyErrors.Of(client.Context, answer, zone, $"write at {value.FullName(zone)}");
            }

            (List<GoDaddyRecord> there, _) = await ListAsync(zone, $"name={Uri.EscapeDataString(value.Name)}", cancellationToken).ConfigureAwait(false);
            if (!there.Any(record => value.Is(record, zone)))
            {
                throw Occupation.Explain(client.Context, zone, [value], there, answer);
            }
        }
    }

    public async Task RemoveAsync(string zone, IReadOnlyList<RecordValue> values, CancellationToken cancellationToken)
    {
        IReadOnlyList<GoDaddyRecord> there = await TryReadAsync(zone, values, cancellationToken).ConfigureAwait(false)
            ?? throw ServiceErrors.ZoneNotFound(client.Context, zone, "GoDaddy knows no records of it");
        foreach (GoDaddyRecord record in there.Where(record => values.Any(v => v.Is(record, zone) || v.IsLeftover(record))))
        {
            HttpAnswer answer = await client.SendAsync("DELETE", $"{PathOf(zone)}/{Uri.EscapeDataString(record.Id)}", null, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess && answer.Status != 404)
            {
                throw GoDaddyErrors.Of(client.Context, answer, zone, $"take a value away at {record.Name}.{zone}");
            }
        }
    }

    private static string PathOf(string zone) => $"v3/domains/zones/{zone}/dns-records";

    /// <summary>All records that pass the filter; or the answer of a service that says no.</summary>
    private async Task<(List<GoDaddyRecord> Records, HttpAnswer? Refusal)> ListAsync(string zone, string filter, CancellationToken cancellationToken)
    {
        List<GoDaddyRecord> all = [];
        for (int page = 1; page <= MostPages; page++)
        {
            HttpAnswer answer = await client.SendAsync("GET", $"{PathOf(zone)}?{filter}&page={page}&pageSize={PageSize}", null, cancellationToken).ConfigureAwait(false);
            if (answer.Status != 200)
            {
                return ([], answer);
            }

            (List<GoDaddyRecord> records, bool isLast) = client.Read(answer, Page);
            all.AddRange(records);
            if (isLast)
            {
                break;
            }
        }

        return (all, null);
    }

    private static (List<GoDaddyRecord> Records, bool IsLast) Page(JToken answer)
    {
        List<GoDaddyRecord> records =
        [
            .. ((JArray?)answer["items"] ?? throw new FormatException("There are no items.")).Select(r =>
                new GoDaddyRecord((string?)r["recordId"] ?? throw new FormatException("A record has no id."), (string?)r["type"] ?? "", (string?)r["name"] ?? "", (string?)r["data"] ?? "", (int?)r["ttl"])),
        ];
        return (records, records.Count == 0 || (answer["links"] as JArray)?.Any(link => (string?)link["rel"] == "next") != true);
    }
}
