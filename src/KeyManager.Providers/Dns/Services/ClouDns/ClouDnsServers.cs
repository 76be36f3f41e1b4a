using System;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>
/// Waits until every server of ClouDNS has a zone's records, as the service itself says. More servers than the zone names take part, and an authority may ask one of those, so
/// looking at the named ones is not enough.
/// </summary>
internal sealed class ClouDnsServers(DnsContext context, ClouDnsClient client, Clock clock)
{
    /// <summary>As long as other clients wait.</summary>
    public const int UsualSeconds = 180;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Waits; warns when the time is over, for the authority may find it all the same.</summary>
    public async Task WaitAsync(HostedZone zone, CancellationToken cancellationToken)
    {
        if (string.Equals(context.Setting(DnsSettings.Resolver), "None", StringComparison.OrdinalIgnoreCase))
        {
            return; // the user wants nothing to be waited for
        }

        int seconds = context.Setting(DnsSettings.PropagationMaximum) is string most ? int.Parse(most, CultureInfo.InvariantCulture) : UsualSeconds;
        DateTimeOffset end = clock.UtcNow.AddSeconds(seconds);
        while (await LeftAsync(zone, cancellationToken).ConfigureAwait(false) is string left)
        {
            if (clock.UtcNow + Pause > end)
            {
                context.Reporter.Warn($"After {seconds.ToString(CultureInfo.InvariantCulture)} seconds not every server of ClouDNS has the records of {zone.Name}: {left}.");
                return;
            }

            await clock.DelayAsync(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The servers that are behind; <c>null</c> when none is, or when the service does not tell this user.</summary>
    private async Task<string?> LeftAsync(HostedZone zone, CancellationToken cancellationToken)
    {
        try
        {
            JToken? body = await client.AskAsync("update-status", [("domain-name", zone.Id)], "ask which servers are up to date", zone.Name, cancellationToken).ConfigureAwait(false);
            if (body is not JArray servers)
            {
                return null;
            }

            string left = string.Join(", ", servers.Where(s => ClouDnsClient.Text(s, "updated") is not ("True" or "1")).Select(s => ClouDnsClient.Text(s, "server")));
            return servers.Count == 0 ? "it lists none" : left.Length > 0 ? left : null;
        }
        catch (ChallengeException error)
        {
            context.Reporter.Verbose($"{error.Message} The name servers are asked instead.");
            return null;
        }
    }
}
