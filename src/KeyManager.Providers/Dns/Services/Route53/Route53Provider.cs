using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Files;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Route 53 of Amazon Web Services.</summary>
/// <param name="channels">The connections.</param>
/// <param name="clock">For signatures and waiting.</param>
/// <param name="environment">Where variables and the user's files come from; <c>null</c> for those of the process.</param>
internal sealed class Route53Provider(HttpChannels channels, Clock clock, HostEnvironment? environment = null) : IDnsProvider
{
    // Short, since a list is one request for a hundred zones, and a zone that was just made is to be found.
    private static readonly TimeSpan ZonesGoodFor = TimeSpan.FromMinutes(1);

    // An INSYNC usually comes within a minute, and questions count against the limit of the AWS account.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    private readonly HostEnvironment _environment = environment ?? HostEnvironment.Current;
    private readonly CredentialSources _credentials = new(channels, clock, environment ?? HostEnvironment.Current);
    private readonly AccountCache<IReadOnlyList<ListedZone>> _zones = new(clock);
    private readonly ConcurrentDictionary<string, RequestPace> _paces = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new();

    /// <inheritdoc/>
    public DnsProviderDescription Description { get; } = new()
    {
        Name = "Route53",
        Title = "Amazon Route 53",
        Settings = Route53Settings.All,
        Credentials =
        [
            new CredentialWay("access key", [Route53Settings.AccessKeyId, Route53Settings.SecretAccessKey]),
            new CredentialWay("profile of the shared files of AWS", [Route53Settings.ProfileName]),
            new CredentialWay("credentials of the process, container or instance", [Route53Settings.CredentialSource]),
            new CredentialWay("web identity", [Route53Settings.WebIdentityTokenPath, Route53Settings.RoleArn]),
        ],
        LeastRights = Route53Policy.Text,
        Notes = "Each way may assume a role (RoleArn, ExternalId). Public zones only, unless ZoneId names a private one. An AWS account takes about five requests in a second, of all programs together.",
        PropagationSeconds = 120,
    };

    /// <inheritdoc/>
    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        new Route53Settings(context).Check();
        CredentialPlanner planner = new(context, _environment);
        _ = planner.Region();
        CredentialPlan plan = planner.Plan();
        if (plan is CredentialPlan.Keys keys)
        {
            keys.Read().Release();
        }
        else if (plan is CredentialPlan.Container)
        {
            _ = ContainerCredentials.Url(_environment);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Route53Settings settings = new(context);
        IReadOnlyList<ListedZone> zones = await _zones.GetAsync(context, settings.Key, async () => (await ListAsync().ConfigureAwait(false), ZonesGoodFor), cancellationToken).ConfigureAwait(false);
        List<ListedZone> usable = [.. zones.Where(z => settings.ZoneIds.Count > 0 || (!z.IsPrivate && !z.IsLinked))];
        foreach (ListedZone zone in zones.Except(usable).Where(z => names.Any(n => ZoneMatch.Suffixes(n).Contains(z.Name))))
        {
            context.Reporter.Verbose($"The zone {zone.Name} with the id {zone.Id} is passed over: {(zone.IsPrivate ? "it is private" : "another service of AWS keeps it")}.");
        }

        return ZoneMatch.Find(names, usable.Select(z => new HostedZone(z.Id, z.Name)), (name, several) => throw ServiceErrors.ZoneAmbiguous(
            context, name, several.Select(z => z.Id), $"Set the {Route53Settings.ZoneId} of the account, or of the mapping of the domain, to the one whose name servers the parent zone names."));

        async Task<IReadOnlyList<ListedZone>> ListAsync()
        {
            Route53Client client = Client(context);
            if (settings.ZoneIds.Count == 0)
            {
                return await client.ListZonesAsync(cancellationToken).ConfigureAwait(false);
            }

            List<ListedZone> named = [];
            foreach (string id in settings.ZoneIds)
            {
                named.Add(new ListedZone(id, await client.NameOfZoneAsync(id, cancellationToken).ConfigureAwait(false), false, false));
            }

            return named;
        }
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        Route53Settings settings = new(context);
        Route53Client client = Client(context);
        List<NameChange> names = [.. changes.GroupBy(c => (c.Name, c.Type)).Select(g => new NameChange(context, g.Key.Name, g.Key.Type, g, settings.Ttl))];
        IReadOnlyList<string> ids;

        // Route 53 takes one change of a zone after the other.
        SemaphoreSlim gate = _gates.GetOrAdd(zone.Id, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ids = await new ZoneWriter(context, client, clock, zone).WriteAsync(names, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            _zones.Forget(context, settings.Key);
            throw;
        }
        finally
        {
            gate.Release();
        }

        if (changes.Any(c => !c.IsRemoval))
        {
            await WaitAsync(context, client, zone, ids, settings.LongestInSync, cancellationToken).ConfigureAwait(false);
        }
    }

    private Route53Client Client(DnsContext context) =>
        new(context, channels, clock, _environment, _credentials, _paces.GetOrAdd(context.Account.Id, _ => new RequestPace(clock)));

    // What was written stays written, so nothing here is an error: whoever wants to be sure asks the servers of the zone.
    private async Task WaitAsync(DnsContext context, Route53Client client, HostedZone zone, IReadOnlyList<string> ids, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (longest == TimeSpan.Zero)
        {
            return;
        }

        DateTimeOffset end = clock.UtcNow + longest;
        try
        {
            foreach (string id in ids)
            {
                while (!await client.IsInSyncAsync(id, cancellationToken).ConfigureAwait(false))
                {
                    TimeSpan left = end - clock.UtcNow;
                    if (left <= TimeSpan.Zero)
                    {
                        context.Reporter.Warn($"Route 53 has not brought the change of the zone {zone.Name} to all of its servers within {longest.TotalSeconds:0} seconds.");
                        return;
                    }

                    await clock.DelayAsync(left < Pause ? left : Pause, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (KeyManagerException error)
        {
            context.Reporter.Warn($"Whether all servers of Route 53 have the change of the zone {zone.Name} is not known: {error.Message} {error.Remedy}");
        }
    }
}
