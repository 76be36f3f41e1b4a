using System;
using KeyManager.Authorities;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>The connections of a process to emSign.</summary>
internal sealed class EmSignConnections(Clock clock) : IDisposable
{
    private readonly ServiceChannels _channels = new(EmSignErrors.Title);

    public EmSignClient Open(AuthorityContext context) => new(_channels, context, clock);

    public void Dispose() => _channels.Dispose();
}
