using System;
using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>
/// An order as the authority lists it, whoever has placed it. Its <see cref="AuthorityOrder.AuthorityData"/> is the same as long as nothing about the order changes.
/// </summary>
public sealed record ForeignOrder
{
    /// <summary>How it stands.</summary>
    public required AuthorityOrder State { get; init; }

    /// <summary>The reference that its placer gave it; <c>null</c> for none.</summary>
    public string? Reference { get; init; }

    /// <summary>The names, the first being the common name; empty when the authority names none that can be read.</summary>
    public IReadOnlyList<DomainName> DomainNames { get; init; } = [];

    /// <summary>Code of its product.</summary>
    public string? Product { get; init; }

    /// <summary>Vendor of its product.</summary>
    public string? Vendor { get; init; }

    /// <summary>The term in months.</summary>
    public int? ValidityMonths { get; init; }

    /// <summary>The number of servers.</summary>
    public int? ServerCount { get; init; }

    /// <summary>The program that uses the certificate, in the authority's words.</summary>
    public string? ServerType { get; init; }

    /// <summary>The administrator, as far as the authority tells.</summary>
    public Contact? AdminContact { get; init; }

    /// <summary>The technician, as far as the authority tells.</summary>
    public Contact? TechnicalContact { get; init; }

    /// <summary>Who asked for it, as far as the authority tells.</summary>
    public Contact? Requester { get; init; }

    /// <summary>The authority's number for it at an earlier stage, when it was listed by another one; <c>null</c> for none.</summary>
    public string? FormerOrderId { get; init; }

    /// <summary>The organization, as far as the authority tells.</summary>
    public Organization? Organization { get; init; }

    /// <summary>How control is proved.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>When it was placed; <c>null</c> when the authority does not say.</summary>
    public DateTimeOffset? PlacedAt { get; init; }

    /// <summary>Serial number of its certificate, upper-case hexadecimal; <c>null</c> when there is none, or the authority does not say.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>End of its certificate; <c>null</c> when there is none.</summary>
    public DateTimeOffset? CertificateEnd { get; init; }

    /// <summary>True when the authority hands out a certificate for it.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>True when how it stands was not told in full, so that it has to be asked for.</summary>
    public bool NeedsStatus { get; init; }
}
