using System.Collections.Generic;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.ClouDns;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;

namespace KeyManager.Providers.Dns.Services;

/// <summary>The DNS services of this build. A further one is a line here.</summary>
internal static class DnsProviders
{
    /// <summary>Makes them.</summary>
    /// <param name="channels">The connections that they share.</param>
    /// <param name="clock">For waiting, and for signatures.</param>
    public static IReadOnlyList<IDnsProvider> Create(HttpChannels channels, Clock clock) =>
    [
        new CloudflareProvider(channels, clock),
        new ClouDnsProvider(channels, clock),
        new DnsMadeEasyProvider(channels, clock),
    ];
}
