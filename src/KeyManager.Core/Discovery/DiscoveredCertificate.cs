using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>What one look at one place has shown: a certificate, or why there is none.</summary>
public sealed record DiscoveredCertificate
{
    /// <summary>What kind of place it is.</summary>
    public required DiscoverySource Source { get; init; }

    /// <summary>The place: host:port, smtp://host:port, a path, Cert:\LocalMachine\My\thumbprint, IIS:\site\binding.</summary>
    public required string Location { get; init; }

    /// <summary>The computer or deployment target that has the file or store; empty for a service, whose place names its host.</summary>
    // Not ComputerName: what is found goes on by its place, and a cmdlet further down would take the empty name of a service.
    public string Computer { get; init; } = "";

    /// <summary>How it stands to the inventory and to what was seen there before.</summary>
    public DiscoveryState State { get; init; }

    /// <summary>Name of its entry in the inventory; <c>null</c> when it is not there.</summary>
    public string? Name { get; init; }

    /// <summary>Subject, RFC 4514, cut when it is very long; <c>null</c> when no certificate was seen.</summary>
    public string? Subject { get; init; }

    /// <summary>Issuer, RFC 4514, cut when it is very long; <c>null</c> when no certificate was seen.</summary>
    public string? Issuer { get; init; }

    /// <summary>The names it is good for.</summary>
    public IReadOnlyList<DomainName> DomainNames { get; init; } = [];

    /// <summary>Serial number, upper-case hexadecimal.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>SHA-1 of the certificate, upper-case hexadecimal, as Windows shows it.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>SHA-256 of the certificate, upper-case hexadecimal.</summary>
    public string? Sha256Thumbprint { get; init; }

    /// <summary>First moment of validity, UTC.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Last moment of validity, UTC.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Whole days from the look to the end of the certificate; negative once it is over.</summary>
    public int? DaysLeft { get; init; }

    /// <summary>Algorithm and length of the key.</summary>
    public string? KeyDescription { get; init; }

    /// <summary>Algorithm of the signature.</summary>
    public string? SignatureAlgorithm { get; init; }

    /// <summary>True when it signed itself.</summary>
    public bool? IsSelfSigned { get; init; }

    /// <summary>How many certificates above it came along.</summary>
    public int ChainLength { get; init; }

    /// <summary>Newest version of TLS, up to 1.2, in which the service showed it; TLS 1.3 when it speaks nothing older. <c>null</c> when it is no service.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>True when a private key lies with it; <c>null</c> where that cannot be seen.</summary>
    public bool? HasPrivateKey { get; init; }

    /// <summary>SHA-256 of the certificate that was there before, when another one is there now.</summary>
    public string? PreviousThumbprint { get; init; }

    /// <summary>When it was looked, UTC.</summary>
    public DateTimeOffset SeenAt { get; init; }

    /// <summary>When a certificate was first noted for this place, UTC; <c>null</c> when none ever was.</summary>
    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>When the place was last seen with a certificate before this look, UTC; <c>null</c> for never.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    /// <summary>True when this look has changed the inventory: a certificate taken in, a place noted or given up.</summary>
    public bool IsAdded { get; init; }

    /// <summary>Why there is no certificate, or why it was not taken in; <c>null</c> when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>The certificate and those above it as PEM, for Import-KmCertificate; <c>null</c> when none was seen.</summary>
    public string? Text { get; init; }

    /// <summary>The certificate as DER; empty when none was seen.</summary>
    public byte[] RawData { get; init; } = [];

    public override string ToString() => $"{Location}: {Subject ?? Problem ?? State.ToString()}";
}
