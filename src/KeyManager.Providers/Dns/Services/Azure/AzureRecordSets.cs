using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// Changes record sets. A set is read and written whole, so every write says which state it is for (ETag): when somebody else was faster, it is read again and the change made anew.
/// </summary>
internal sealed class AzureRecordSets(AzureClient client, Clock clock)
{
    private const int MostRounds = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    // Orders of this process wait for each other here instead of meeting at the service. As many as are used at once, whatever the number of names.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Makes the changes of one record set: one request to read it, and one to write it when something changes.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="type">Which set of the name.</param>
    /// <param name="name">The name, in the zone.</param>
    /// <param name="changes">What to change, all of that name and type.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ApplyAsync(AzureSettings settings, AzureZoneId zone, DnsRecordType type, string name, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = _gates[(StringComparer.OrdinalIgnoreCase.GetHashCode($"{zone} {name}") & int.MaxValue) % _gates.Length];
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            TimeSpan pause = FirstPause;
            for (int round = 1; ; round++)
            {
                HttpAnswer? refused = await TryApplyAsync(settings, zone, type, name, changes, cancellationToken).ConfigureAwait(false);
                if (refused is null)
                {
                    return;
                }

                if (round == MostRounds)
                {
                    throw AzureErrors.OfRecords(settings, zone, $"write the {Word(type)} records of {name}", refused);
                }

                await clock.DelayAsync(pause + TimeSpan.FromTicks(pause.Ticks * SecureRandomness.Bytes(1)[0] / byte.MaxValue), cancellationToken).ConfigureAwait(false);
                pause = pause + pause < LongestPause ? pause + pause : LongestPause;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>One round. <c>null</c> when all is as it is wanted; else the answer after which another round may do.</summary>
    private async Task<HttpAnswer?> TryApplyAsync(
        AzureSettings settings, AzureZoneId zone, DnsRecordType type, string name, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        RecordSet? old = await ReadAsync(settings, zone, type, name, cancellationToken).ConfigureAwait(false);
        RecordSet before = old ?? RecordSet.New(settings.Ttl);
        RecordSet after = type == DnsRecordType.Txt
            ? before.WithTexts(changes)
            : before.WithAlias(changes, target => ServiceErrors.NameOccupied(settings.Context, name, $"it is an alias to {target}"));
        if (ReferenceEquals(after, before) || (old is null && after.IsEmpty))
        {
            return null;
        }

        Uri url = new(settings.ManagementUrl, zone.PathOf(Word(type), name));
        (string Name, string Value) condition = old is null ? ("If-None-Match", "*") : ("If-Match", old.ETag);
        HttpAnswer answer = after.IsEmpty
            ? await client.SendAsync(settings, zone.Subscription, HttpMethod.Delete, url, null, condition, cancellationToken).ConfigureAwait(false)
            : await WriteAsync(settings, zone, url, after, condition, cancellationToken).ConfigureAwait(false);
        if (after.IsEmpty && answer.Status == 409 && ArmError.TryRead(answer)?.Is("ScopeLocked") == true)
        {
            // A lock against deletion does not forbid a set without records.
            HttpAnswer emptied = await WriteAsync(settings, zone, url, after, condition, cancellationToken).ConfigureAwait(false);
            answer = emptied.IsSuccess || emptied.Status == 412 ? emptied : answer;
        }

        if (answer.IsSuccess)
        {
            return null;
        }

        if (answer.Status is 400 or 409 && old is null && await FindOccupantAsync(settings, zone, type, name, answer, cancellationToken).ConfigureAwait(false) is string occupant)
        {
            throw ServiceErrors.NameOccupied(settings.Context, name, occupant);
        }

        if (answer.Status == 400 && after.Exceeds(settings.Cloud.LongestRecordSet) && ArmError.TryRead(answer) is ArmError full)
        {
            throw ServiceErrors.RecordSetFull(settings.Context, name, full.Words);
        }

        return answer.Status == 412 || AzureErrors.IsBusy(answer) ? answer : throw AzureErrors.OfRecords(settings, zone, $"write the {Word(type)} records of {name}", answer);
    }

    private async Task<HttpAnswer> WriteAsync(AzureSettings settings, AzureZoneId zone, Uri url, RecordSet set, (string Name, string Value) condition, CancellationToken cancellationToken) =>
        await client.SendAsync(
            settings, zone.Subscription, HttpMethod.Put, url, Encoding.UTF8.GetBytes(set.ToRequest().ToString(Formatting.None)), condition, cancellationToken).ConfigureAwait(false);

    /// <summary>The set; <c>null</c> when there is none, which Azure says in another way than that there is no zone.</summary>
    private async Task<RecordSet?> ReadAsync(AzureSettings settings, AzureZoneId zone, DnsRecordType type, string name, CancellationToken cancellationToken)
    {
        Uri url = new(settings.ManagementUrl, zone.PathOf(Word(type), name));
        HttpAnswer answer = await client.SendAsync(settings, zone.Subscription, HttpMethod.Get, url, null, null, cancellationToken).ConfigureAwait(false);
        return answer.IsSuccess
            ? client.Read(settings, answer, json => RecordSet.Read(json, answer.First("ETag")))
            : answer.Status == 404 && ArmError.TryRead(answer)?.Is("NotFound") == true
                ? null
                : throw AzureErrors.OfRecords(settings, zone, $"read the {Word(type)} records of {name}", answer);
    }

    /// <summary>What else is at the name, so that it takes no record of this kind; <c>null</c> when nothing is.</summary>
    private async Task<string?> FindOccupantAsync(AzureSettings settings, AzureZoneId zone, DnsRecordType type, string name, HttpAnswer refusal, CancellationToken cancellationToken)
    {
        if (ArmError.TryRead(refusal) is not ArmError error || error.Is("ScopeLocked") || error.Is("AnotherOperationInProgress"))
        {
            return null;
        }

        try
        {
            DnsRecordType other = type == DnsRecordType.Txt ? DnsRecordType.CName : DnsRecordType.Txt;
            return await ReadAsync(settings, zone, other, name, cancellationToken).ConfigureAwait(false) is null ? SaysOccupied(error) : error.Words;
        }
        catch (CredentialException)
        {
            // The least rights do not cover records of the other kind.
            return SaysOccupied(error);
        }
    }

    private static string? SaysOccupied(ArmError error) => error.Words.IndexOf("with the same name", StringComparison.OrdinalIgnoreCase) >= 0 ? error.Words : null;

    private static string Word(DnsRecordType type) => type == DnsRecordType.Txt ? "TXT" : "CNAME";
}
