using System.Collections.Generic;

namespace KeyManager;

/// <summary>What a PKCS#10 request says.</summary>
public sealed record CertificateRequestContent
{
    /// <summary>The request as DER.</summary>
    public required byte[] Der { get; init; }

    /// <summary>Subject as RFC 4514 text, may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>The names it asks for: common name (when it is a name) first, then subjectAltName, without repeats.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Algorithm and length of its key.</summary>
    public required KeySpec KeySpec { get; init; }

    /// <summary>Name of the signature algorithm as the request has it, for example "SHA256withECDSA".</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>SubjectPublicKeyInfo DER of its key.</summary>
    public required byte[] SubjectPublicKeyInfo { get; init; }
}
