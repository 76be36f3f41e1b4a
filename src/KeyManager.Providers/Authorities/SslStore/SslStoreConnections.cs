using System;
using System.Collections.Concurrent;
using System.Threading;
using KeyManager.Authorities;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>The connections of a process to The SSL Store, one for each way to it, so that they serve many requests.</summary>
internal sealed class SslStoreConnections(Clock clock) : IDisposable
{
    /// <summary>Placing an order takes its time: the vendor is asked meanwhile. Less than a lease lasts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly ConcurrentDictionary<(string? Proxy, string? Roots), Lazy<HttpChannel>> _channels = new();

    public SslStoreClient Open(AuthorityContext context)
    {
        SslStoreSettings settings = SslStoreSettings.Of(context.Account);
        HttpChannel channel = _channels.GetOrAdd(
            (settings.Proxy?.AbsoluteUri, settings.TrustedRootPath),
            _ => new Lazy<HttpChannel>(() => Make(settings), LazyThreadSafetyMode.PublicationOnly)).Value; // a file of roots that cannot be read now is tried again
        return new SslStoreClient(channel, () => Make(settings), context, clock);
    }

    private static HttpChannel Make(SslStoreSettings settings) =>
        new(SslStoreErrors.Title, settings.Proxy, settings.TrustedRootPath is string roots ? TrustedRoots.Read(roots) : null, patience: Patience);

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
}
