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

/// <summary>Reads and changes the records of one zone. Each value is a record with a number of its own, so others may write meanwhile.</summary>
internal sealed class DnsMadeEasyRecords(DnsContext context, DnsMadeEasyClient client, Clock clock, HostedZone zone)
{
    /// <summary>Requests for several records have a limit that nobody has written down; other clients keep to 200.</summary>
    private const int MostAtOnce = 100;

    /// <summary>How often it is read and written again when somebody else changes the same records meanwhile.</summary>
    private const int Rounds = 5;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(500);

    private readonly string _path = $"dns/managed/{zone.Id}/records";

    private readonly string _changing = $"change records of the zone {zone.Name}";

    /// <summary>Makes the changes.</summary>
    public async Task ApplyAsync(IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval && c.Type == DnsRecordType.Txt))
        {
            CheckText(change);
        }

        for (int round = 1; ; round++)
        {
            IReadOnlyList<DnsMadeEasyRecord> there = await ReadAsync([.. changes.Select(c => c.Name).Distinct()], cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DnsMadeEasyRecord> going = [.. there.Where(r => !r.IsOfTemplate && changes.Any(c => c.IsRemoval && r.Holds(c, zone.Name)))];
            IReadOnlyList<RecordChange> coming = Coming(changes, [.. there.Except(going)]);
            HttpAnswer? conflict = await DeleteAsync(going, cancellationToken).ConfigureAwait(false) ?? await CreateAsync(coming, cancellationToken).ConfigureAwait(false);
            if (conflict is null)
            {
                return;
            }

            if (round == Rounds)
            {
                throw ServiceErrors.Refused(context, _changing, DnsMadeEasyClient.Said(conflict));
            }

            // Somebody was faster, or the answer to our own request got lost: read what is there now.
            await clock.DelayAsync(TimeSpan.FromTicks(BetweenRounds.Ticks * round), cancellationToken).ConfigureAwait(false);
        }
    }

    private void CheckText(RecordChange change)
    {
        if (change.Value.Any(c => c is '"' or < ' ' or > '~'))
        {
            throw ServiceErrors.Refused(
                context,
                $"write at {change.Name}",
                "DNS Made Easy has no way to write quotes and other than ASCII letters into a text",
                "Write the value in ASCII letters without quotes.");
        }
    }

    private List<RecordChange> Coming(IReadOnlyList<RecordChange> changes, IReadOnlyList<DnsMadeEasyRecord> staying)
    {
        List<RecordChange> coming = [];
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval).Distinct())
        {
            IReadOnlyList<DnsMadeEasyRecord> at = [.. staying.Where(r => r.Name == ZoneMatch.Relative(change.Name, zone.Name))];
            if (at.Any(r => r.Holds(change, zone.Name)))
            {
                continue;
            }

            if (at.FirstOrDefault(r => r.IsAlias || (change.Type == DnsRecordType.CName && r.Type == "TXT")) is DnsMadeEasyRecord other)
            {
                throw ServiceErrors.NameOccupied(
                    context, change.Name, other.IsAlias ? $"it is an alias of {other.LeadsTo(zone.Name)}" : "it holds text, and an alias would stand beside it");
            }

            coming.Add(change);
        }

        return coming;
    }

    /// <summary>An answer that says that a record is gone already; <c>null</c> when all went well.</summary>
    private async Task<HttpAnswer?> DeleteAsync(IReadOnlyList<DnsMadeEasyRecord> records, CancellationToken cancellationToken)
    {
        for (int start = 0; start < records.Count; start += MostAtOnce)
        {
            List<string> ids = [.. records.Skip(start).Take(MostAtOnce).Select(r => r.Id.ToString(CultureInfo.InvariantCulture))];
            string path = ids.Count == 1 ? $"{_path}/{ids[0]}" : $"{_path}?{string.Join("&", ids.Select(id => "ids=" + id))}";
            HttpAnswer answer = await client.AskAsync(HttpMethod.Delete, path, null, _changing, a => a.Status == 404, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess)
            {
                return answer;
            }
        }

        return null;
    }

    /// <summary>An answer that says that a record is there already; <c>null</c> when all went well.</summary>
    private async Task<HttpAnswer?> CreateAsync(IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        for (int start = 0; start < changes.Count; start += MostAtOnce)
        {
            JArray records = [.. changes.Skip(start).Take(MostAtOnce).Select(Record)];
            (string path, JToken body) = records.Count == 1 ? (_path + "/", records[0]) : (_path + "/createMulti", records);
            HttpAnswer answer = await client.AskAsync(HttpMethod.Post, path, body, _changing, DnsMadeEasyClient.IsDuplicate, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess)
            {
                return answer;
            }
        }

        return null;
    }

    private JObject Record(RecordChange change) => new()
    {
        ["name"] = ZoneMatch.Relative(change.Name, zone.Name), // a full name would be taken as one below the zone
        ["type"] = DnsMadeEasyRecord.TypeOf(change.Type),
        ["value"] = DnsMadeEasyRecord.Quote(change),
        ["ttl"] = DnsMadeEasySettings.Ttl(context),
        ["gtdLocation"] = "DEFAULT",
    };

    /// <summary>What is at the names: for one name what it holds, for several the zone, unless that has so many pages that asking for each is less.</summary>
    private async Task<IReadOnlyList<DnsMadeEasyRecord>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<DnsMadeEasyRecord>? records = names.Count == 1 ? null : await ListAsync(_path, names.Count, cancellationToken).ConfigureAwait(false);
        if (records is null)
        {
            List<DnsMadeEasyRecord> each = [];
            foreach (string name in names)
            {
                // Whether an empty name filters is not documented; an alias cannot stand at the zone's own name.
                string relative = ZoneMatch.Relative(name, zone.Name);
                string filter = relative.Length == 0 ? "?type=TXT" : "?recordName=" + Uri.EscapeDataString(relative);
                each.AddRange(await ListAsync(_path + filter, long.MaxValue, cancellationToken).ConfigureAwait(false)
                    ?? throw ServiceErrors.Refused(context, $"read records of the zone {zone.Name}", "its list ended before as many came as it counted", null, isTransient: true));
            }

            records = each;
        }

        // A filter that gets lost on the way brings the whole zone.
        HashSet<string> asked = [.. names.Select(n => ZoneMatch.Relative(n, zone.Name))];
        return [.. records.Where(r => asked.Contains(r.Name))];
    }

    private async Task<IReadOnlyList<DnsMadeEasyRecord>?> ListAsync(string path, long mostPages, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<long, JObject>? entries = await client.ListAsync(path, mostPages, $"read records of the zone {zone.Name}", cancellationToken).ConfigureAwait(false);
        return entries is null ? null : [.. entries.Select(e => Read(e.Key, e.Value))];
    }

    private static DnsMadeEasyRecord Read(long id, JObject entry)
    {
        string Text(string member) => (entry[member] as JValue)?.ToString(CultureInfo.InvariantCulture) ?? "";
        return new DnsMadeEasyRecord(id, Text("name").ToLowerInvariant(), Text("type"), Text("value"), Text("source") == "0");
    }
}
