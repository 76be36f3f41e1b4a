using System;

namespace KeyManager.Authorities;

/// <summary>When an authority wants a certificate renewed (RFC 9773 §4.1).</summary>
public sealed record RenewalWindow
{
    /// <summary>First moment.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Last moment; after <see cref="Start"/>.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>A page that says why; <c>null</c> when there is nothing special.</summary>
    public string? ExplanationUrl { get; init; }

    /// <summary>When to ask again.</summary>
    public required DateTimeOffset AskAgainAt { get; init; }
}
