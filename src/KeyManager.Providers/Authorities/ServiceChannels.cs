using System;
using System.Collections.Concurrent;
using System.Threading;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities;

/// <summary>The connections of a process to one service, one for each way to it, so that they serve many requests.</summary>
/// <param name="title">What to call the service in an error.</param>
internal sealed class ServiceChannels(string title) : IDisposable
{
    /// <summary>Placing an order takes its time. Less than a lease lasts.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly ConcurrentDictionary<(string? Proxy, string? Roots), Lazy<HttpChannel>> _channels = new();

    /// <summary>The one for questions.</summary>
    public HttpChannel Get(ConnectionSettings settings) => _channels.GetOrAdd(
        (settings.Proxy?.AbsoluteUri, settings.TrustedRootPath),
        _ => new Lazy<HttpChannel>(() => Make(settings), LazyThreadSafetyMode.PublicationOnly)).Value; // a file of roots that cannot be read now is tried again

    /// <summary>
    /// A new one, for one request that may be sent only once: frameworks send a request again by themselves when a connection that was kept breaks. The caller disposes it.
    /// </summary>
    public HttpChannel Make(ConnectionSettings settings) =>
        new(title, settings.Proxy, settings.TrustedRootPath is string roots ? TrustedRoots.Read(roots) : null, patience: Patience);

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
