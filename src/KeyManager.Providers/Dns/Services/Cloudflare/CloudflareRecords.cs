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

/// <summary>Reads and changes the records of one zone: one read for all names, one write for all changes.</summary>
internal sealed class CloudflareRecords(DnsContext context, CloudflareClient client, Clock clock, HostedZone zone)
{
    /// <summary>The most operations of a batch with the smallest plan.</summary>
    private const int MostOperations = 200;

    private const int PageSize = 100;

    /// <summary>How often it is read and written again when somebody else changes the same records meanwhile.</summary>
    private const int Rounds = 5;

    private const int AlreadyThere = 81057;
    private const int Identical = 81058;
    private const int AlreadyGone = 81044;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(300);

    private readonly CloudflareCredential _credential = CloudflareCredential.ForRecords(context);

    private readonly string _path = $"zones/{zone.Id}/dns_records";

    private readonly string _zoneName = zone.Name.Length > 0 ? zone.Name : zone.Id;

    /// <summary>Makes the changes.</summary>
    /// <remarks>Nothing is written over: each value is a record with an id of its own, so others may write meanwhile.</remarks>
    public async Task ApplyAsync(IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = [.. changes.Select(c => c.Name).Distinct()];
        for (int round = 1; ; round++)
        {
            IReadOnlyList<CloudflareRecord> there = await ReadAsync(names, cancellationToken).ConfigureAwait(false);
            CloudflareProblem? problem = await WriteAsync(Plan(changes, there), cancellationToken).ConfigureAwait(false);
            if (problem is null)
            {
                return;
            }

            if (round == Rounds || !problem.Has(AlreadyThere, Identical, AlreadyGone))
            {
                throw CloudflareErrors.IsOccupied(problem)
                    ? ServiceErrors.NameOccupied(context, Some(names), problem.Said)
                    : await ExplainAsync(problem, $"change records of the zone {_zoneName} ({Some(names)})", cancellationToken).ConfigureAwait(false);
            }

            // Somebody was faster, or the answer to our own request got lost: read what is there now.
            await clock.DelayAsync(TimeSpan.FromTicks(BetweenRounds.Ticks * round), cancellationToken).ConfigureAwait(false);
        }
    }

    private List<Operation> Plan(IReadOnlyList<RecordChange> changes, IReadOnlyList<CloudflareRecord> there)
    {
        IReadOnlyList<CloudflareRecord> going = [.. there.Where(r => changes.Any(c => c.IsRemoval && r.Holds(c)))];
        List<Operation> operations = [.. going.Select(r => new Operation(r.Id, null))];
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval).Distinct())
        {
            IReadOnlyList<CloudflareRecord> staying = [.. there.Where(r => r.Name == change.Name && !going.Contains(r))];
            if (staying.Any(r => r.Holds(change)))
            {
                continue;
            }

            // Cloudflare may take a text beside an alias; resolvers never come to see it.
            if (staying.FirstOrDefault(r => r.IsAlias || (change.Type == DnsRecordType.CName && r.Type == "TXT")) is CloudflareRecord other)
            {
                throw ServiceErrors.NameOccupied(context, change.Name, other.IsAlias ? $"it is an alias of {other.Content}" : "it holds text, and an alias would stand beside it");
            }

            operations.Add(new Operation(null, change));
        }

        return operations;
    }

    private async Task<CloudflareProblem?> WriteAsync(List<Operation> operations, CancellationToken cancellationToken)
    {
        for (int start = 0; start < operations.Count; start += MostOperations)
        {
            List<Operation> part = operations.GetRange(start, Math.Min(MostOperations, operations.Count - start));
            (JToken? result, CloudflareProblem? problem) = part.Count == 1
                ? await WriteOneAsync(part[0], cancellationToken).ConfigureAwait(false)
                : await client.AskAsync(_credential, HttpMethod.Post, _path + "/batch", Batch(part), cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                return problem;
            }

            IEnumerable<JToken> made = part.Count == 1 ? [result!] : (result as JObject)?["posts"] as JArray ?? [];
            await CheckMadeAsync(part, made.OfType<JObject>(), cancellationToken).ConfigureAwait(false);
        }

        return null;
    }

    private async Task<(JToken? Result, CloudflareProblem? Problem)> WriteOneAsync(Operation operation, CancellationToken cancellationToken)
    {
        if (operation.Gone is null)
        {
            return await client.AskAsync(_credential, HttpMethod.Post, _path, Record(operation.New!), cancellationToken).ConfigureAwait(false); // one of the two is there
        }

        (JToken? result, CloudflareProblem? problem) = await client.AskAsync(_credential, HttpMethod.Delete, $"{_path}/{operation.Gone}", null, cancellationToken).ConfigureAwait(false);
        return problem?.Has(AlreadyGone) == true ? (null, null) : (result, problem);
    }

    private JObject Batch(List<Operation> operations)
    {
        JObject batch = [];
        JArray deletes = [.. operations.Where(o => o.Gone is not null).Select(o => new JObject { ["id"] = o.Gone })];
        JArray posts = [.. operations.Where(o => o.New is not null).Select(o => Record(o.New!))]; // just filtered
        if (deletes.Count > 0)
        {
            batch["deletes"] = deletes;
        }

        if (posts.Count > 0)
        {
            batch["posts"] = posts;
        }

        return batch;
    }

    private JObject Record(RecordChange change)
    {
        JObject record = new()
        {
            ["type"] = CloudflareRecord.TypeOf(change.Type),
            ["name"] = change.Name,
            ["content"] = change.Type == DnsRecordType.Txt ? CloudflareText.Quote(change.Value) : change.Value,
            ["ttl"] = CloudflareSettings.Ttl(context),
        };
        if (change.Type == DnsRecordType.CName)
        {
            record["proxied"] = false; // through Cloudflare's proxy it would be an address and no alias
        }

        return record;
    }

    /// <summary>A name outside the zone is taken as one below it, without an error: it would stand where nobody looks.</summary>
    private async Task CheckMadeAsync(IReadOnlyList<Operation> operations, IEnumerable<JObject> made, CancellationToken cancellationToken)
    {
        HashSet<string> wanted = [.. operations.Where(o => o.New is not null).Select(o => o.New!.Name)];
        IReadOnlyList<CloudflareRecord> astray = [.. made.Where(m => m["type"] is not null).Select(Read).Where(r => !wanted.Contains(r.Name))];
        foreach (CloudflareRecord record in astray)
        {
            _ = await client.AskAsync(_credential, HttpMethod.Delete, $"{_path}/{record.Id}", null, cancellationToken).ConfigureAwait(false);
        }

        if (astray.Count > 0)
        {
            throw ServiceErrors.NotServed(
                context,
                wanted,
                $"wrote {astray[0].Name} instead, which was removed again: the zone {zone.Id} is not {_zoneName}",
                $"Mend -{CloudflareSettings.ZoneName} or -{CloudflareSettings.ZoneId} of the DNS account.");
        }
    }

    /// <summary>What is at the names: for one name what it holds; for several what begins as they all do, unless that takes more requests than asking for each.</summary>
    private async Task<IReadOnlyList<CloudflareRecord>> ReadAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        string prefix = names.Aggregate(CommonBeginning);
        IReadOnlyList<CloudflareRecord>? together = names.Count == 1
            ? null
            : await ListAsync(prefix.Length == 0 ? _path : $"{_path}?name.startswith={Uri.EscapeDataString(prefix)}", names.Count, cancellationToken).ConfigureAwait(false);
        if (together is null)
        {
            List<CloudflareRecord> each = [];
            foreach (string name in names)
            {
                each.AddRange(await ListAsync($"{_path}?name={Uri.EscapeDataString(name)}", int.MaxValue, cancellationToken).ConfigureAwait(false) ?? []);
            }

            together = each;
        }

        HashSet<string> asked = [.. names];
        return [.. together.Where(r => asked.Contains(r.Name))];
    }

    /// <summary>Every page of a list; <c>null</c> when more than <paramref name="mostPages"/> follow the first.</summary>
    private async Task<IReadOnlyList<CloudflareRecord>?> ListAsync(string path, int mostPages, CancellationToken cancellationToken)
    {
        Dictionary<string, CloudflareRecord> records = []; // by id: while pages are read, what others change moves records from one to the next
        for (int page = 1; ; page++)
        {
            (IReadOnlyList<JObject> entries, long following, CloudflareProblem? problem) =
                await client.PageAsync(_credential, path, PageSize, page, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                throw await ExplainAsync(problem, $"read records of the zone {_zoneName}", cancellationToken).ConfigureAwait(false);
            }

            foreach (CloudflareRecord record in entries.Select(Read))
            {
                records[record.Id] = record;
            }

            if (following == 0)
            {
                return [.. records.Values];
            }

            if (following > mostPages)
            {
                return null;
            }
        }
    }

    private CloudflareRecord Read(JObject record)
    {
        string Text(string member) => (record[member] as JValue)?.ToString(CultureInfo.InvariantCulture) ?? "";
        return CloudflareSettings.IsId(Text("id")) && Text("name").Length > 0 && Text("type").Length > 0
            ? new CloudflareRecord(Text("id"), ZoneMatch.Canonical(Text("name")), Text("type"), Text("content"))
            : throw client.Unreadable(_path);
    }

    private Task<KeyManagerException> ExplainAsync(CloudflareProblem problem, string what, CancellationToken cancellationToken) =>
        CloudflareErrors.ExplainAsync(context, client, _credential, problem, what, _zoneName, cancellationToken);

    private static string CommonBeginning(string one, string other) => new([.. one.Zip(other, (a, b) => (a, b)).TakeWhile(pair => pair.a == pair.b).Select(pair => pair.a)]);

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(5)) + (names.Count > 5 ? string.Format(CultureInfo.InvariantCulture, " and {0} more", names.Count - 5) : "");

    /// <summary>One of the two: the id of a record that goes, or a value that comes.</summary>
    private sealed record Operation(string? Gone, RecordChange? New);
}
