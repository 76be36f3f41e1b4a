using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>Reads and changes the records of one zone: one read, and one request for each value, since the service takes no more at once.</summary>
internal sealed class ClouDnsRecords(DnsContext context, ClouDnsClient client, Clock clock, HostedZone zone)
{
    /// <summary>How often it is read again after an answer got lost.</summary>
    private const int Rounds = 5;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromSeconds(1);

    private readonly string _changing = $"change records of the zone {zone.Name}";

    /// <summary>Makes the changes. True when something was added.</summary>
    public async Task<bool> ApplyAsync(IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval && c.Type == DnsRecordType.Txt))
        {
            CheckText(change);
        }

        bool hasAdded = false;
        for (int round = 1; ; round++)
        {
            IReadOnlyList<ClouDnsRecord> there = await ReadAsync([.. changes.Select(c => ZoneMatch.Relative(c.Name, zone.Name)).Distinct()], cancellationToken).ConfigureAwait(false);
            IReadOnlyList<ClouDnsRecord> going = [.. there.Where(r => changes.Any(c => c.IsRemoval && r.Holds(c, zone.Name)))];
            IReadOnlyList<RecordChange> coming = Coming(changes, [.. there.Except(going)]);
            try
            {
                foreach (ClouDnsRecord record in going)
                {
                    await RemoveAsync(record, cancellationToken).ConfigureAwait(false);
                }

                foreach (RecordChange change in coming)
                {
                    hasAdded = true;
                    await AddAsync(change, isLast: round == Rounds, cancellationToken).ConfigureAwait(false);
                }

                return hasAdded;
            }
            catch (LostAnswerException)
            {
                // The record may be there or not: read before it is added again.
                await clock.DelayAsync(TimeSpan.FromTicks(BetweenRounds.Ticks * round), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void CheckText(RecordChange change)
    {
        if (change.Value.Any(c => c is '"' or '`' or < ' ' or > '~') || change.Value.EndsWith(" ", StringComparison.Ordinal) || change.Value.Length == 0)
        {
            throw ServiceErrors.Refused(
                context,
                $"write at {change.Name}",
                "ClouDNS takes no text that is empty, ends with a blank, or has quotes, backticks or other than ASCII letters",
                "Write the value without them.");
        }
    }

    private List<RecordChange> Coming(IReadOnlyList<RecordChange> changes, IReadOnlyList<ClouDnsRecord> staying)
    {
        List<RecordChange> coming = [];
        foreach (RecordChange change in changes.Where(c => !c.IsRemoval).Distinct())
        {
            IReadOnlyList<ClouDnsRecord> at = [.. staying.Where(r => r.Host == ZoneMatch.Relative(change.Name, zone.Name))];
            if (at.Any(r => r.Holds(change, zone.Name)))
            {
                continue;
            }

            if (at.FirstOrDefault(r => r.IsAlias || (change.Type == DnsRecordType.CName && r.Type == "TXT")) is ClouDnsRecord other)
            {
                throw ServiceErrors.NameOccupied(context, change.Name, other.IsAlias ? $"it is an alias of {other.Value}" : "it holds text, and an alias would stand beside it");
            }

            coming.Add(change);
        }

        return coming;
    }

    private async Task AddAsync(RecordChange change, bool isLast, CancellationToken cancellationToken) => _ = await client.AskAsync(
        "add-record",
        [
            ("domain-name", zone.Id),
            ("record-type", ClouDnsRecord.TypeOf(change.Type)),
            ("host", ZoneMatch.Relative(change.Name, zone.Name)),
            ("record", change.Value),
            ("ttl", ClouDnsSettings.Ttl(context)),
        ],
        _changing,
        change.Name,
        cancellationToken,
        isRepeatable: isLast).ConfigureAwait(false) ?? throw Gone();

    /// <summary>Whoever took it away before us did the same.</summary>
    private Task RemoveAsync(ClouDnsRecord record, CancellationToken cancellationToken) =>
        client.AskAsync("delete-record", [("domain-name", zone.Id), ("record-id", record.Id)], _changing, zone.Name, cancellationToken);

    /// <summary>What is at the hosts: for one host what it holds, for several the zone in one request.</summary>
    private async Task<IReadOnlyList<ClouDnsRecord>> ReadAsync(IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Name, string Value)> filter = hosts.Count == 1 ? [("host", hosts[0])] : [];
        string reading = $"read records of the zone {zone.Name}";
        JToken body = await client.AskAsync("records", [("domain-name", zone.Id), .. filter], reading, zone.Name, cancellationToken).ConfigureAwait(false) ?? throw Gone();

        // An object by number, and an array when there is nothing. It may hold other hosts too.
        IEnumerable<JToken> entries = body switch
        {
            JObject numbered => numbered.Properties().Select(p => p.Value),
            JArray { Count: 0 } => [],
            _ => throw client.Unreadable("records"),
        };
        return [.. entries.Select(Read).Where(r => hosts.Contains(r.Host))];
    }

    private ClouDnsRecord Read(JToken entry)
    {
        string id = ClouDnsClient.Text(entry, "id");
        return id.Length > 0 && entry["host"] is not null
            ? new ClouDnsRecord(id, ClouDnsClient.Text(entry, "host").ToLowerInvariant(), ClouDnsClient.Text(entry, "type"), ClouDnsClient.Text(entry, "record"))
            : throw client.Unreadable("records");
    }

    private NotFoundException Gone() => ServiceErrors.ZoneNotFound(context, zone.Name, "Missing domain-name");
}
