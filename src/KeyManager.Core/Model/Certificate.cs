using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>One certificate of the inventory: a version of an entry. An entry (lineage) has one current version; the older ones are its history.</summary>
public sealed record Certificate
{
    /// <summary>Identifier of this version.</summary>
    public required string Id { get; init; }

    /// <summary>Identifier of the entry, the same for all its versions.</summary>
    public required string LineageId { get; init; }

    /// <summary>Name of the entry, unique in the inventory.</summary>
    public required string Name { get; init; }

    /// <summary>1 for the first certificate of the entry, one more for each renewal.</summary>
    public required int Version { get; init; }

    /// <summary>True for the version that the inventory shows and exports take.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>What it is good for.</summary>
    public CertificateStatus Status { get; init; }

    /// <summary>The names it is good for.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Subject, RFC 4514.</summary>
    public required string Subject { get; init; }

    /// <summary>Issuer, RFC 4514.</summary>
    public required string Issuer { get; init; }

    /// <summary>Serial number, upper-case hexadecimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>SHA-1 of the certificate, upper-case hexadecimal, as Windows shows it.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>SHA-256 of the certificate, upper-case hexadecimal.</summary>
    public required string Sha256Thumbprint { get; init; }

    /// <summary>First moment of validity, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Last moment of validity, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Algorithm and length of the key, for example "ECDSA P-256".</summary>
    public required string KeyDescription { get; init; }

    /// <summary>Algorithm of the signature, for example "SHA256withECDSA".</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>The stored private key; <c>null</c> when it is not here.</summary>
    public string? PrivateKeyId { get; init; }

    /// <summary>True when the private key is stored here.</summary>
    public bool HasPrivateKey => PrivateKeyId is not null;

    /// <summary>Account it was ordered with; <c>null</c> for an imported certificate.</summary>
    public string? Account { get; init; }

    /// <summary>Authority it was ordered from; <c>null</c> for an imported certificate.</summary>
    public string? Authority { get; init; }

    /// <summary>The order it came from; <c>null</c> for an imported certificate, or once the order was removed.</summary>
    public string? OrderId { get; init; }

    /// <summary>Keystore that exports make unless told otherwise.</summary>
    public KeystoreType KeystoreType { get; init; }

    /// <summary>Ordered here or taken over.</summary>
    public OrderOrigin Origin { get; init; }

    /// <summary>When it was collected or imported.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was saved into the inventory; <c>null</c> while it is not.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>When it was revoked; <c>null</c> when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why it was revoked; <c>null</c> when it was not.</summary>
    public RevocationReason? RevocationReason { get; init; }

    /// <summary>Tags of its entry, by the alphabet.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who answers for the entry; <c>null</c> for nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>Where the entry belongs, such as "shop/production"; <c>null</c> for nowhere.</summary>
    public string? Group { get; init; }

    /// <summary>Free text about the entry; <c>null</c> for none.</summary>
    public string? Note { get; init; }

    /// <summary>Where Find-KmCertificate -Add saw it at the last look: host:port, or the computer and a path, store or binding.</summary>
    public IReadOnlyList<string> InUseAt { get; init; } = [];

    /// <summary>The certificate as DER; empty where only details are known.</summary>
    public required byte[] RawData { get; init; }

    /// <summary>True when only the details of a list are known, and not the certificate itself.</summary>
    public bool IsDetailsOnly => RawData.Length == 0;

    /// <summary>The certificate as DER, for whoever cannot do without.</summary>
    /// <exception cref="ConflictException">KmCertificateDetailsOnly.</exception>
    internal byte[] Der => !IsDetailsOnly ? RawData : throw new ConflictException(ConflictKind.State, ErrorIds.CertificateDetailsOnly, $"Of {this} only details are known, from a list.")
    {
        Target = Id,
        Remedy = "Import the certificate itself: Import-KmCertificate, or Find-KmCertificate -Add where it is in use.",
    };

    /// <summary>Tags, owner, group and note in one.</summary>
    internal Labels Labels
    {
        get => new() { Tags = Tags, Owner = Owner, Group = Group, Note = Note };
        init => (Tags, Owner, Group, Note) = (value.Tags, value.Owner, value.Group, value.Note);
    }

    public override string ToString() => $"{Name} v{Version} ({SerialNumber})";
}
