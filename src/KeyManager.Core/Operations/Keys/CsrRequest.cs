using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a user asks for when making a certificate request to keep.</summary>
public sealed record CsrRequest
{
    /// <summary>The names, the first being the common name.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Name in the store; <c>null</c> takes the first domain name.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of key.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    /// <summary>Length of key.</summary>
    public int? KeyLength { get; init; }

    /// <summary>Hash of the signature.</summary>
    public SignatureHash? SignatureAlgorithm { get; init; }

    /// <summary>A stored key to use instead of a new one, by id or name.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Subject fields beside the names.</summary>
    public SubjectName? Subject { get; init; }
}
