using System;

namespace KeyManager;

/// <summary>A stored private key, without the key itself.</summary>
public sealed record PrivateKeyInfo
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name; not unique, several versions of an entry carry the same.</summary>
    public required string Name { get; init; }

    /// <summary>Algorithm and length.</summary>
    public required KeySpec KeySpec { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, upper-case hexadecimal; the same key always has the same.</summary>
    public required string PublicKeyHash { get; init; }

    /// <summary>Made here or taken over.</summary>
    public OrderOrigin Origin { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string ToString() => $"{Name} {KeySpec} ({Id})";
}
