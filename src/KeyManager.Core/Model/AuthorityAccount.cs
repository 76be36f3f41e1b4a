using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>An account with a certificate authority. Its secrets lie in the store's secret table and never in this object.</summary>
public sealed record AuthorityAccount : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the authority, as Get-KmAuthority shows it.</summary>
    public required string Authority { get; init; }

    /// <summary>Which of the authority's systems.</summary>
    public AuthorityEnvironment Environment { get; init; }

    /// <summary>Whether it can be used.</summary>
    public AccountStatus Status { get; init; }

    /// <summary>True for the account that orders use when none is named.</summary>
    public bool IsDefault { get; init; }

    /// <summary>E-mail addresses given to the authority.</summary>
    public IReadOnlyList<string> Contact { get; init; } = [];

    /// <summary>The authority's own number or URL for it; <c>null</c> when it has none.</summary>
    public string? AuthorityAccountId { get; init; }

    /// <summary>Settings that are not secret, by name, as the authority's adapter describes them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What the authority's adapter needs to remember; read back only by the same adapter.</summary>
    public string? AuthorityData { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({Authority})";
}
