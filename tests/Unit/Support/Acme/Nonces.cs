using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Anti-replay nonces (RFC 8555 §6.5): each is good once.</summary>
internal sealed class Nonces
{
    private readonly HashSet<string> _fresh = [];
    private readonly HashSet<string> _used = [];
    private readonly HashSet<string> _excused = [];
    private readonly Random _chance = new(8555);
    private string? _last;

    public string Issue()
    {
        string nonce = Base64Url.Encode(Guid.NewGuid().ToByteArray());
        _fresh.Add(nonce);
        return nonce;
    }

    /// <summary>Takes a nonce out of use.</summary>
    /// <param name="nonce">What the client sent.</param>
    /// <param name="percentRefused">Of a hundred good ones, how many are refused all the same.</param>
    public void Use(string nonce, int percentRefused)
    {
        if (!_fresh.Remove(nonce))
        {
            // An HTTP library may repeat a request by itself when the connection ended without an answer; the client cannot help that.
            throw _used.Contains(nonce) && !_excused.Contains(nonce)
                ? ServerProblem.Violation("badNonce", "That nonce was used before.")
                : _excused.Contains(nonce)
                    ? ServerProblem.Refusal("badNonce", "That nonce was used before the connection was cut.")
                    : ServerProblem.Violation("badNonce", "That nonce is not from here.");
        }

        _used.Add(nonce);
        _last = nonce;
        if (_chance.Next(100) < percentRefused)
        {
            throw ServerProblem.Refusal("badNonce", "That nonce is not wanted any more.");
        }
    }

    /// <summary>The answer to the request with the last nonce does not arrive.</summary>
    public void ExcuseLast()
    {
        if (_last is not null)
        {
            _excused.Add(_last);
        }
    }

    /// <summary>Forgets those not yet used, as a server does that restarts.</summary>
    public void Forget()
    {
        _excused.UnionWith(_fresh);
        _fresh.Clear();
    }
}
