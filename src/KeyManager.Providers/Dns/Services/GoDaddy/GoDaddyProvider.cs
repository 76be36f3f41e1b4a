using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>
/// GoDaddy, over its first interface with a pair of key and secret, and over its third with a personal access token. What was changed is read again, since Domain Protection lets it say
/// yes to what it does not do.
/// </summary>
internal sealed class GoDaddyProvider(HttpChannels channels, Clock clock) : IDnsProvider
{
    private const string Service = "GoDaddy";

    /// <summary>Longest text in one record.</summary>
    private const int LongestText = 512;

    /// <summary>How often what was changed is looked for.</summary>
    private const int Looks = 3;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly AccountCache<ZoneProbe> _zones = new(clock);
    private readonly ConcurrentDictionary<string, RequestPace> _paces = new();
    private readonly ConcurrentDictionary<(string System, string Zone), SemaphoreSlim> _writers = new();

    public DnsProviderDescription Description { get; } = new()
    {
        Name = "GoDaddy",
        Title = "GoDaddy",
        Settings = GoDaddySettings.All,
        Credentials =
        [
            new CredentialWay("key and secret", [GoDaddySettings.Key, GoDaddySettings.Secret]),
            new CredentialWay("personal access token", [GoDaddySettings.ApiToken]),
        ],
        LeastRights = "A personal access token with the scopes domains.domain:read and domains.dns:update. A pair of key and secret has all rights of the account.",
        Notes = "The interface is open to accounts with enough domains only (403 ACCESS_DENIED): delegate the proof with a CNAME where yours is too small. Pairs of key and secret are being retired. "
            + "Domain Protection has to be off. 60 requests a minute, 20,000 a month for small accounts.",
        PropagationSeconds = 120,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        if (context.Setting(GoDaddySettings.Key) is string key && key.Any(c => c == ':' || char.IsWhiteSpace(c)))
        {
            throw Invalid(GoDaddySettings.Key, "holds a colon or white space", "Give the key alone, and the secret as -Secret.");
        }

        foreach (string secret in new[] { GoDaddySettings.Secret, GoDaddySettings.ApiToken })
        {
            if (context.GetSecretText(secret) is string text && text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            {
                throw Invalid(secret, "holds white space", "Give it in one piece, without words in front of it.");
            }
        }

        if (context.Setting(GoDaddySettings.CustomerId) is not null && GoDaddySettings.HasToken(context))
        {
            throw Invalid(GoDaddySettings.CustomerId, "is for a pair of key and secret", "Leave it out, or use -Key and -Secret.");
        }
    }

    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        GoDaddyClient client = Client(context);
        return new ZoneSearch(client, Interface(client), _zones).FindAsync(names, cancellationToken);
    }

    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        if (changes.FirstOrDefault(c => !c.IsRemoval && (c.Value.Length > LongestText || string.IsNullOrWhiteSpace(c.Value))) is RecordChange wrong)
        {
            throw ServiceErrors.Refused(context, $"write at {wrong.Name}", $"GoDaddy takes values of 1 to {LongestText} characters, and this one has {wrong.Value.Length}");
        }

        RecordValue[] added = [.. changes.Where(c => !c.IsRemoval).Select(c => RecordValue.Of(c, zone.Name)).Distinct()];
        RecordValue[] removed = [.. changes.Where(c => c.IsRemoval).Select(c => RecordValue.Of(c, zone.Name)).Distinct().Except(added)];
        GoDaddyClient client = Client(context);
        IRecordInterface records = Interface(client);

        // The first interface replaces whole sets: one writer at a time, so that no value is lost between a look and a change.
        SemaphoreSlim writer = _writers.GetOrAdd((GoDaddySettings.SystemOf(context), zone.Name), _ => new SemaphoreSlim(1));
        await writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (removed.Length > 0)
            {
                await records.RemoveAsync(zone.Name, removed, cancellationToken).ConfigureAwait(false);
            }

            if (added.Length > 0)
            {
                await records.AddAsync(zone.Name, added, cancellationToken).ConfigureAwait(false);
            }

            await VerifyAsync(client, records, zone.Name, added, removed, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            _zones.Forget(context, zone.Name);
            throw;
        }
        finally
        {
            writer.Release();
        }
    }

    /// <exception cref="ChallengeException">KmDnsChangeNotServed.</exception>
    private static async Task VerifyAsync(
        GoDaddyClient client, IRecordInterface records, string zone, IReadOnlyList<RecordValue> added, IReadOnlyList<RecordValue> removed, CancellationToken cancellationToken)
    {
        for (int look = 1; ; look++)
        {
            IReadOnlyList<GoDaddyRecord>? there = await records.TryReadAsync(zone, [.. added, .. removed], cancellationToken).ConfigureAwait(false);
            if (there is null)
            {
                // Some accounts get this right after a change that was made (acme.sh, issue 6517). The name servers will tell.
                client.Context.Reporter.Verbose($"GoDaddy does not show the records of {zone} after the change.");
                return;
            }

            string[] missing = [.. added.Where(v => !there.Any(record => v.Is(record, zone))).Select(v => v.FullName(zone))];
            string[] left = [.. removed.Where(v => there.Any(record => v.Is(record, zone))).Select(v => v.FullName(zone))];
            if (missing.Length + left.Length == 0)
            {
                return;
            }

            if (look == Looks)
            {
                throw ServiceErrors.NotServed(
                    client.Context,
                    [.. missing, .. left],
                    missing.Length > 0 ? "the value is not there when it is read again" : "the value is still there when it is read again",
                    "Domain Protection of GoDaddy does this. Switch it off for the domain in GoDaddy's domain settings and run the command again; "
                        + "or set a CNAME at the name once, and make a DNS account for where it leads.");
            }

            await client.PauseAsync(BetweenLooks, cancellationToken).ConfigureAwait(false);
        }
    }

    private static InvalidRequestException Invalid(string setting, string problem, string remedy) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting} {problem}.") { Target = setting, Remedy = remedy };

    private static IRecordInterface Interface(GoDaddyClient client) => GoDaddySettings.HasToken(client.Context) ? new SingleRecords(client) : new RecordSets(client);

    private GoDaddyClient Client(DnsContext context) => new(context, channels.Get(Service, context), _paces.GetOrAdd(context.Account.Id, _ => new RequestPace(clock)), clock);
}
