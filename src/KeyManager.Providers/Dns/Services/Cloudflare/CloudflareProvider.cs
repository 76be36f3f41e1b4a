using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>Cloudflare: one record for each value, tokens with the rights for single zones.</summary>
internal sealed class CloudflareProvider(HttpChannels channels, Clock clock) : IDnsProvider
{
    private const string Service = "Cloudflare";

    private readonly AccountCache<IReadOnlyList<CloudflareZone>> _zones = new(clock);

    public DnsProviderDescription Description { get; } = new()
    {
        Name = Service,
        Title = "Cloudflare DNS",
        Settings = CloudflareSettings.All,
        Credentials =
        [
            new CredentialWay("API token", [CloudflareSettings.ApiToken]),
            new CredentialWay("Split API tokens", [CloudflareSettings.ZoneToken, CloudflareSettings.DnsToken]),
            new CredentialWay("Global API Key", [CloudflareSettings.Email, CloudflareSettings.GlobalApiKey]),
        ],
        LeastRights =
            "A token with the permissions Zone > Zone > Read and Zone > DNS > Edit, Zone Resources limited to the zones in question. With ZoneId and ZoneName DNS > Edit alone is enough; "
            + "with split tokens ZoneToken has Zone > Read and DnsToken has DNS > Edit.",
        Notes = "At most 1200 requests in 5 minutes for each user, all tokens and the dashboard together; after that nothing for 5 minutes.",
        PropagationSeconds = 120,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        CloudflareSettings.Check(context);
        _ = CloudflareCredential.ForZones(context);
        _ = CloudflareCredential.ForRecords(context);
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
            await new CloudflareRecords(context, Client(context), clock, zone).ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            Zones(context).Forget(zone);
            throw;
        }
    }

    private CloudflareZones Zones(DnsContext context) => new(context, Client(context), _zones);

    private CloudflareClient Client(DnsContext context) => new(context, channels.Get(Service, context), clock);
}
