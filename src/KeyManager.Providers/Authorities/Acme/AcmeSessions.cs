using System;
using System.Collections.Concurrent;
using System.Threading;
using KeyManager.Authorities;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>The open conversations of a process, one for each server and way to it, so that connections, nonces and directories serve many orders.</summary>
internal sealed class AcmeSessions(Clock clock) : IDisposable
{
    private readonly ConcurrentDictionary<(string Url, string? Proxy, string? Roots), Lazy<AcmeSession>> _sessions = new();

    public AcmeSession Get(string authority, Uri directoryUrl, AcmeSettings settings) => _sessions.GetOrAdd(
        (directoryUrl.AbsoluteUri, settings.Proxy?.AbsoluteUri, settings.TrustedRootPath),
        key => new Lazy<AcmeSession>(
            () => new AcmeSession(authority, directoryUrl, new HttpChannel(authority, settings.Proxy, key.Roots is null ? null : TrustedRoots.Read(key.Roots)), clock),
            LazyThreadSafetyMode.PublicationOnly)).Value; // a file of roots that cannot be read now is tried again

    public void Dispose()
    {
        foreach (Lazy<AcmeSession> session in _sessions.Values)
        {
            if (session.IsValueCreated)
            {
                session.Value.Dispose();
            }
        }

        _sessions.Clear();
    }
}
