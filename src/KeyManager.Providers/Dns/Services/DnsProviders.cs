using System.Collections.Generic;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services.AcmeDns;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Providers.Dns.Services.ClouDns;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Providers.Dns.Services.GoDaddy;
using KeyManager.Providers.Dns.Services.PoshAcme;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Services.Route53;
using KeyManager.Providers.Dns.Services.Script;

namespace KeyManager.Providers.Dns.Services;

/// <summary>The DNS services of this build. A further one is a line here.</summary>
internal static class DnsProviders
{
    /// <summary>Makes them.</summary>
    /// <param name="channels">The connections that they share.</param>
    /// <param name="clock">For waiting, and for signatures.</param>
    public static IReadOnlyList<IDnsProvider> Create(HttpChannels channels, Clock clock) =>
    [
        new AcmeDnsProvider(channels, clock),
        new AzureProvider(channels, clock),
        new ClouDnsProvider(channels, clock),
        new CloudflareProvider(channels, clock),
        new DnsMadeEasyProvider(channels, clock),
        new GoDaddyProvider(channels, clock),
        new Rfc2136Provider(clock),
        new Route53Provider(channels, clock),
        new ScriptProvider(),
        new PoshAcmeProvider(),
    ];
}
