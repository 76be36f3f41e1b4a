using System;

namespace KeyManager;

/// <summary>A person whom an authority may turn to about an order: administrator, technician or requester.</summary>
public sealed record Contact : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name by which orders call it, unique among the contacts.</summary>
    public required string Name { get; init; }

    /// <summary>First name.</summary>
    public required string FirstName { get; init; }

    /// <summary>Last name.</summary>
    public required string LastName { get; init; }

    /// <summary>E-mail address.</summary>
    public required string Email { get; init; }

    /// <summary>Telephone number.</summary>
    public required string Phone { get; init; }

    /// <summary>Position in the organization; authorities want it for EV.</summary>
    public string? Title { get; init; }

    /// <summary>Organization; <c>null</c> takes that of the order.</summary>
    public string? OrganizationName { get; init; }

    /// <summary>Street and number; <c>null</c> takes the address of the order's organization.</summary>
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

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({FirstName} {LastName})";
}
