using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A certificate that an authority sells, as its catalogue describes it: a line of Get-KmProduct.</summary>
public sealed record Product
{
    /// <summary>The authority's code for it, with which it is ordered.</summary>
    public required string Code { get; init; }

    /// <summary>Its name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Whose certificate it is: Sectigo, DigiCert, GeoTrust, ...</summary>
    public required string Vendor { get; init; }

    /// <summary>The vendor as the authority writes it.</summary>
    public string AuthorityVendor { get; init; } = "";

    /// <summary>What is checked before it is issued.</summary>
    public ValidationType ValidationType { get; init; }

    /// <summary>The terms it is sold for, in months, shortest first; empty where the authority does not say.</summary>
    public IReadOnlyList<int> ValidityMonths { get; init; } = [];

    /// <summary>True when its first name is a wildcard, or it takes wildcards among others.</summary>
    public bool AllowsWildcard { get; init; }

    /// <summary>True when its first name has to be a wildcard.</summary>
    public bool NeedsWildcard { get; init; }

    /// <summary>Largest number of names beside the first; 0 for a certificate with one name.</summary>
    public int MaxAdditionalNames { get; init; }

    /// <summary>Names beside the first that the price includes.</summary>
    public int IncludedNames { get; init; }

    /// <summary>True when a certificate for one name is also good for the same name with or without "www.".</summary>
    public bool IncludesWww { get; init; }

    /// <summary>True when it may be installed on any number of servers for one price.</summary>
    public bool HasUnlimitedServers { get; init; }

    /// <summary>True when it can be issued again within its term.</summary>
    public bool CanReissue { get; init; }

    /// <summary>True when an order may name an organization although it is not checked.</summary>
    public bool TakesOrganization { get; init; }

    /// <summary>Prices by term; empty where the authority does not say.</summary>
    public IReadOnlyList<ProductPrice> Prices { get; init; } = [];

    /// <summary>Currency of the prices, ISO 4217; empty where the authority does not say.</summary>
    public string Currency { get; init; } = "";

    /// <summary>The account whose catalogue this is from: what is offered, and for how much, depends on it.</summary>
    public string Account { get; init; } = "";

    /// <summary>When the authority was asked.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>Since when the authority no longer offers it; <c>null</c> while it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    public override string ToString() => $"{Name} ({Code})";
}
