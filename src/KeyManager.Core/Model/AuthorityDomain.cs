using System;

namespace KeyManager;

/// <summary>A domain that an authority keeps for an account, with how far control of it is proved: a line of Get-KmDomain.</summary>
public sealed record AuthorityDomain
{
    /// <summary>The domain, as the authority writes it.</summary>
    public required string DomainName { get; init; }

    /// <summary>How it stands at the authority, in its words.</summary>
    public required string AuthorityStatus { get; init; }

    /// <summary>True while orders need no proof for it.</summary>
    public bool IsValidated { get; init; }

    /// <summary>How control was proved; <c>null</c> when not known.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Name of the organization that it belongs to; <c>null</c> for none.</summary>
    public string? Organization { get; init; }

    /// <summary>The authority's number for that organization; <c>null</c> for none.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>When it was entered.</summary>
    public DateTimeOffset? EnteredAt { get; init; }

    /// <summary>Until when the proof counts.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Name of the account.</summary>
    public string Account { get; init; } = "";

    /// <summary>When the authority was asked.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>Since when the authority no longer lists it; <c>null</c> while it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    public override string ToString() => DomainName;
}
