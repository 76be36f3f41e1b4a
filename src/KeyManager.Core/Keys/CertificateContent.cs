using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>What an X.509 certificate says (RFC 5280), as far as KeyManager asks.</summary>
public sealed record CertificateContent
{
    /// <summary>The certificate as DER.</summary>
    public required byte[] Der { get; init; }

    /// <summary>Subject as RFC 4514 text, may be empty.</summary>
    public required string Subject { get; init; }

    /// <summary>Issuer as RFC 4514 text.</summary>
    public required string Issuer { get; init; }

    /// <summary>Serial number, upper-case hexadecimal, no leading zero byte.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>SHA-1 of the DER, upper-case hexadecimal, as Windows shows it.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>SHA-256 of the DER, upper-case hexadecimal.</summary>
    public required string Sha256Thumbprint { get; init; }

    /// <summary>First moment of validity, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Last moment of validity, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The names it is good for: subjectAltName; the common name only when there is no subjectAltName and it is a name. Names that are not valid are left out.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Algorithm of its key as text, for example "RSA 2048"; other people's certificates may hold kinds that KeyManager does not make.</summary>
    public required string KeyDescription { get; init; }

    /// <summary>Signature algorithm as text, for example "SHA256withRSA".</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>SubjectPublicKeyInfo DER of its key.</summary>
    public required byte[] SubjectPublicKeyInfo { get; init; }

    /// <summary>True when basicConstraints says so.</summary>
    public required bool IsAuthority { get; init; }

    /// <summary>True when issuer and subject are the same and its own key verifies it.</summary>
    public required bool IsSelfSigned { get; init; }
}
