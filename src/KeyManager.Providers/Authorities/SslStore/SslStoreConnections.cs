using System;
using KeyManager.Authorities;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>The connections of a process to The SSL Store.</summary>
internal sealed class SslStoreConnections(Clock clock) : IDisposable
{
    private readonly ServiceChannels _channels = new(SslStoreErrors.Title);

    public SslStoreClient Open(AuthorityContext context) => new(_channels, context, clock);

    public void Dispose() => _channels.Dispose();
}
