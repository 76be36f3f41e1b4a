using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>ClouDNS: one record for each value, sub users for single zones, a status of its servers.</summary>
internal sealed class ClouDnsProvider(HttpChannels channels, Clock clock) : IDnsProvider
{
    private readonly AccountCache<IReadOnlyList<ClouDnsZone>> _zones = new(clock);

    private readonly ClouDnsPace _pace = new(clock);

    public DnsProviderDescription Description { get; } = new()
    {
        Name = "ClouDns",
        Title = "ClouDNS",
        Settings = ClouDnsSettings.All,
        Credentials =
        [
            new CredentialWay("API user", [ClouDnsSettings.AuthId, ClouDnsSettings.AuthPassword]),
            new CredentialWay("API sub user by id", [ClouDnsSettings.SubAuthId, ClouDnsSettings.AuthPassword]),
            new CredentialWay("API sub user by name", [ClouDnsSettings.SubAuthUser, ClouDnsSettings.AuthPassword]),
        ],
        LeastRights = "An API sub user (API & Resellers) to whom the zones in question, and no others, are delegated, with its filter of addresses set to this machine.",
        Notes = "Needs a paid plan. At most 20 requests a second, 600 a minute, 36000 an hour from one address. "
            + "The time to live is one of a list. Texts hold ASCII letters without quotes.",
        PropagationSeconds = ClouDnsServers.UsualSeconds,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        _ = ClouDnsSettings.User(context);
        _ = ClouDnsSettings.Password(context);
    }

    public Task<IReadOnlyDictionary<string, HostedZone>> FindZonesAsync(DnsContext context, IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        Zones(context).FindAsync(names, cancellationToken);

    public async Task ApplyAsync(DnsContext context, HostedZone zone, IReadOnlyList<RecordChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
        {
            return;
        }

        try
        {
            if (await new ClouDnsRecords(context, Client(context), clock, zone).ApplyAsync(changes, cancellationToken).ConfigureAwait(false))
            {
                await new ClouDnsServers(context, Client(context), clock).WaitAsync(zone, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NotFoundException)
        {
            Zones(context).Forget(zone);
            throw;
        }
    }

    private ClouDnsZones Zones(DnsContext context) => new(context, Client(context), _zones);

    private ClouDnsClient Client(DnsContext context) => new(context, channels.Get(Description.Title, context), clock, _pace);
}
