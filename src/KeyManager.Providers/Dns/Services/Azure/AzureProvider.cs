using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Azure DNS, over Azure Resource Manager (Microsoft.Network/dnsZones 2018-05-01).</summary>
internal sealed class AzureProvider : IDnsProvider
{
    // Far below what a subscription allows; more would not be faster.
    private const int AtOnce = 8;

    private readonly Clock _clock;
    private readonly AzureZones _zones;
    private readonly AzureRecordSets _sets;
    private readonly Func<DnsContext, string, CancellationToken, Task<IReadOnlyList<string>>> _delegation;

    /// <param name="channels">The connections.</param>
    /// <param name="clock">For waiting, and the life of tokens.</param>
    public AzureProvider(HttpChannels channels, Clock clock)
        : this(channels, clock, new AzureMachine(), new Delegation(clock).FindAsync)
    {
    }

    /// <param name="channels">The connections.</param>
    /// <param name="clock">For waiting, and the life of tokens.</param>
    /// <param name="machine">Where managed identities are had.</param>
    /// <param name="delegation">The servers that the world asks for a zone; empty when nobody says.</param>
    internal AzureProvider(HttpChannels channels, Clock clock, AzureMachine machine, Func<DnsContext, string, CancellationToken, Task<IReadOnlyList<string>>> delegation)
    {
        AzureClient client = new(channels, clock, new AzureTokens(channels, clock, machine));
        _clock = clock;
        _zones = new AzureZones(client, clock);
        _sets = new AzureRecordSets(client, clock);
        _delegation = delegation;
    }

    public DnsProviderDescription Description { get; } = new()
    {
        Name = "Azure",
        Title = "Azure DNS",
        Settings = AzureSettings.All,
        Credentials =
        [
            new("client secret", [AzureSettings.TenantId, AzureSettings.ClientId, AzureSettings.ClientSecret]),
            new("client certificate", [AzureSettings.TenantId, AzureSettings.ClientId, AzureSettings.ClientCertificatePath]),
            new("workload identity", [AzureSettings.TenantId, AzureSettings.ClientId, AzureSettings.FederatedTokenPath]),
            new("managed identity", [AzureSettings.ManagedIdentity]),
            new("access token", [AzureSettings.AccessToken]),
        ],
        LeastRights = "The role DNS Zone Contributor at the zone (portal: the DNS zone, Access control (IAM), Add role assignment) for the app registration or managed identity. "
            + "Narrower: a role of your own with Microsoft.Network/dnsZones/read and Microsoft.Network/dnsZones/TXT/*. "
            + "Narrowest: Reader at the zone and DNS Zone Contributor at its record set TXT/_acme-challenge; with -ZoneId the "
            + "right to read zones is not needed at all. A new role takes up to ten minutes to work.",
        Notes = "Needs -SubscriptionId, or -ZoneId for each zone. Private zones are left out, since no public authority sees them. All values of a name share one TTL.",
        PropagationSeconds = 120,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        AzureCheck.Run(new AzureSettings(context), _clock.UtcNow);
    }

    public async Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        IReadOnlyList<AzureZone> zones = await _zones.FindAsync(new AzureSettings(context), cancellationToken).ConfigureAwait(false);
        HashSet<string> wanted = [.. names.SelectMany(ZoneMatch.Suffixes)];
        List<AzureZone> single = [];
        foreach (IGrouping<string, AzureZone> sameName in zones.GroupBy(z => z.Id.Name))
        {
            single.AddRange(sameName.Count() > 1 && wanted.Contains(sameName.Key) ? await ChooseAsync(context, [.. sameName], cancellationToken).ConfigureAwait(false) : sameName);
        }

        return ZoneMatch.Find(names, single.Select(z => new HostedZone(z.Id.ToString(), z.Id.Name)), (name, several) => throw Ambiguous(context, name, several.Select(z => z.Id)));
    }

    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        AzureSettings settings = new(context);
        AzureZoneId id = AzureZoneId.Parse(zone.Id);
        using SemaphoreSlim places = new(AtOnce);
        bool isFailing = false;
        try
        {
            await Task.WhenAll(changes.GroupBy(c => c.Name).Select(async name =>
            {
                await places.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    // What comes after a failure would most often fail the same way; the call is made again as a whole.
                    if (!isFailing)
                    {
                        await ApplyAsync(settings, id, name.Key, [.. name], cancellationToken).ConfigureAwait(false);
                    }
                }
                catch
                {
                    isFailing = true;
                    throw;
                }
                finally
                {
                    places.Release();
                }
            })).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            _zones.Forget(settings);
            throw;
        }
    }

    /// <summary>The sets of one name, those first that only lose records: an alias may take the place of a text.</summary>
    private async Task ApplyAsync(AzureSettings settings, AzureZoneId zone, string name, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        foreach (IGrouping<DnsRecordType, RecordChange> set in changes.GroupBy(c => c.Type).OrderBy(set => set.Any(c => !c.IsRemoval)))
        {
            await _sets.ApplyAsync(settings, zone, set.Key, name, [.. set], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Of zones of one name the one that the world asks; all of them when that cannot be told.</summary>
    private async Task<IReadOnlyList<AzureZone>> ChooseAsync(DnsContext context, IReadOnlyList<AzureZone> zones, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> servers = await _delegation(context, zones[0].Id.Name, cancellationToken).ConfigureAwait(false);
        List<AzureZone> live = [.. zones.Where(z => z.NameServers.Any(servers.Contains))];
        return live.Count == 1 ? live : zones;
    }

    private static ConflictException Ambiguous(DnsContext context, string zone, IEnumerable<string> ids) => ServiceErrors.ZoneAmbiguous(
        context, zone, ids, $"Name the one that the world asks with -{AzureSettings.ZoneId}: its name servers are those that the registrar, or the zone above, has.");
}
