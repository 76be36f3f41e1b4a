using System.Collections.Concurrent;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Nonces that a server gave and nobody has used (RFC 8555 §6.5). The newest goes first: servers forget the old ones.</summary>
internal sealed class NoncePool
{
    private const int Most = 64;

    private readonly ConcurrentStack<string> _nonces = new();

    /// <summary>Keeps what a response brought.</summary>
    public void Add(string? nonce)
    {
        if (string.IsNullOrEmpty(nonce))
        {
            return;
        }

        if (_nonces.Count >= Most)
        {
            _nonces.Clear();
        }

        _nonces.Push(nonce!);
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _nonces.Clear();

    /// <summary>The newest; <c>null</c> when one has to be asked for.</summary>
    public string? Take() => _nonces.TryPop(out string? nonce) ? nonce : null;
}
