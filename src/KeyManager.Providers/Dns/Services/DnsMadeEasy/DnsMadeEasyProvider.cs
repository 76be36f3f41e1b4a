using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>DNS Made Easy: one record for each value, requests signed with the time, few requests allowed.</summary>
internal sealed class DnsMadeEasyProvider(HttpChannels channels, Clock clock) : IDnsProvider
{
    private readonly AccountCache<IReadOnlyList<HostedZone>?> _zones = new(clock);

    private readonly DnsMadeEasyPace _pace = new(clock);

    public DnsProviderDescription Description { get; } = new()
    {
        Name = "DnsMadeEasy",
        Title = "DNS Made Easy",
        Settings = DnsMadeEasySettings.All,
        Credentials = [new CredentialWay("API and secret key", [DnsMadeEasySettings.ApiKey, DnsMadeEasySettings.SecretKey])],
        LeastRights = "The key pair of the account (Config > Account Information) with the Business plan or above. "
            + "The service has no pairs for single zones: give certificates an account of their own, "
            + "or delegate _acme-challenge to a zone in one.",
        Notes = "At most 150 requests in any 5 minutes. The clock of this machine has to be right to half a minute. Texts hold ASCII letters without quotes.",
        PropagationSeconds = 120,
    };

    public void Check(DnsContext context)
    {
        HttpSettings.Check(context);
        _ = DnsMadeEasyClient.Key(context, DnsMadeEasySettings.ApiKey);
        _ = DnsMadeEasyClient.Key(context, DnsMadeEasySettings.SecretKey);
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
            await new DnsMadeEasyRecords(context, Client(context, zone), clock, zone).ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
        }
        catch (NotFoundException)
        {
            Zones(context).Forget();
            throw;
        }
    }

    private DnsMadeEasyZones Zones(DnsContext context) => new(context, Client(context), _zones);

    private DnsMadeEasyClient Client(DnsContext context, HostedZone? zone = null) => new(context, channels.Get(Description.Title, context), clock, _pace, zone);
}
