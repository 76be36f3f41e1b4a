using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A stored certificate request (PKCS#10), to be used by one or more orders.</summary>
public sealed record CertificateSigningRequest
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>The names it asks for.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Subject, RFC 4514; may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>Algorithm and length of its key.</summary>
    public required KeySpec KeySpec { get; init; }

    /// <summary>Algorithm of its signature.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>The stored private key; <c>null</c> when it lives elsewhere.</summary>
    public string? PrivateKeyId { get; init; }

    /// <summary>Made here or taken over.</summary>
    public OrderOrigin Origin { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The request as DER.</summary>
    public required byte[] RawData { get; init; }

    public override string ToString() => $"{Name} ({Id})";
}
