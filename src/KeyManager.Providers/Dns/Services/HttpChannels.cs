using System;
using System.Collections.Concurrent;
using System.Threading;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services;

/// <summary>The open connections to DNS services, one set for each service and way to it. May be used from several threads.</summary>
internal sealed class HttpChannels : IDisposable
{
    private readonly ConcurrentDictionary<(string Service, string? Proxy, string? Roots), Lazy<HttpChannel>> _channels = new();

    /// <param name="service">What to call the service in an error.</param>
    /// <param name="context">The account, which says how the service is reached.</param>
    public HttpChannel Get(string service, DnsContext context) => Get(service, HttpSettings.Proxy(context)?.AbsoluteUri, context.Setting(DnsSettings.TrustedRootPath));

    /// <summary>For what must never go over a proxy, such as the metadata of the machine.</summary>
    public HttpChannel GetDirect(string service) => Get(service, HttpChannel.NoProxy, null);

    public void Dispose()
    {
        foreach (Lazy<HttpChannel> channel in _channels.Values)
        {
            if (channel.IsValueCreated)
            {
                channel.Value.Dispose();
            }
        }

        _channels.Clear();
    }

    private HttpChannel Get(string service, string? proxy, string? roots) => _channels.GetOrAdd(
        (service, proxy, roots),
        key => new Lazy<HttpChannel>(
            () => new HttpChannel(
                key.Service,
                key.Proxy is null ? null : new Uri(key.Proxy),
                key.Roots is null ? null : TrustedRoots.Read(key.Roots),
                ErrorIds.DnsUnreachable,
                ErrorIds.DnsNotTrusted),
            LazyThreadSafetyMode.PublicationOnly)).Value; // a file of roots that cannot be read now is tried again
}
