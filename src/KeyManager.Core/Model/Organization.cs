using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>The details of an organization, kept so that they need not be typed for every order with organization validation.</summary>
public sealed record Organization : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name by which orders call it, unique among the organizations.</summary>
    public required string Name { get; init; }

    /// <summary>Its name in the register, as it will stand in certificates.</summary>
    public required string LegalName { get; init; }

    /// <summary>A name that it trades under; <c>null</c> for none.</summary>
    public string? AssumedName { get; init; }

    /// <summary>Department; public certificates no longer show it.</summary>
    public string? Division { get; init; }

    /// <summary>D-U-N-S number.</summary>
    public string? Duns { get; init; }

    /// <summary>Number in the register.</summary>
    public string? RegistrationNumber { get; init; }

    /// <summary>The register, or the office that keeps it.</summary>
    public string? IncorporatingAgency { get; init; }

    /// <summary>City of the register; EV.</summary>
    public string? JurisdictionCity { get; init; }

    /// <summary>State or province of the register; EV.</summary>
    public string? JurisdictionRegion { get; init; }

    /// <summary>Country of the register, ISO 3166 alpha-2; EV.</summary>
    public string? JurisdictionCountry { get; init; }

    /// <summary>Street and number.</summary>
    public string? AddressLine1 { get; init; }

    /// <summary>Second line of the address.</summary>
    public string? AddressLine2 { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>State or province.</summary>
    public string? Region { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Country, ISO 3166 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>Telephone number.</summary>
    public string? Phone { get; init; }

    /// <summary>The authority's own number for it, where the authority has validated it beforehand; <c>null</c> otherwise.</summary>
    public string? AuthorityId { get; init; }

    /// <summary>Name of the account for which its authority keeps it; <c>null</c> for one that was stored here.</summary>
    public string? Account { get; init; }

    /// <summary>The authority's numbers for the groups that may use it.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>How it stands at the authority, in its words; <c>null</c> for one that was stored here.</summary>
    public string? AuthorityStatus { get; init; }

    /// <summary>What the authority's adapter needs to remember; read back only by the same adapter.</summary>
    public string? AuthorityData { get; init; }

    /// <summary>When the authority was asked; <c>null</c> for one that was stored here.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>Since when the authority no longer lists it; <c>null</c> while it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({LegalName})";
}
