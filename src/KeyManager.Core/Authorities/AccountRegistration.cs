using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>What comes of making an account: what to store.</summary>
public sealed record AccountRegistration
{
    /// <summary>The authority's number or URL for it; <c>null</c> when it has none.</summary>
    public string? AuthorityAccountId { get; init; }

    /// <summary>What the adapter wants to remember.</summary>
    public string? AuthorityData { get; init; }

    /// <summary>Settings as they now are.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Secrets to store, by name; the caller overwrites them afterwards.</summary>
    public required IReadOnlyDictionary<string, byte[]> Secrets { get; init; }

    // A record prints its members; secrets are none to print.
    public override string ToString() => $"registration {AuthorityAccountId}";
}
