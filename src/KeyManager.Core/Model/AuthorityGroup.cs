using System;

namespace KeyManager;

/// <summary>A part of an account at its authority, with rights and money of its own: a line of Get-KmGroup.</summary>
public sealed record AuthorityGroup
{
    /// <summary>The authority's number for it.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>True for the one that orders belong to when they name none.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Money that orders of the group can use, as the authority writes it; <c>null</c> when it does not say.</summary>
    public string? Balance { get; init; }

    /// <summary>Name of the account.</summary>
    public string Account { get; init; } = "";

    /// <summary>When the authority was asked.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>Since when the authority no longer lists it; <c>null</c> while it does.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    public override string ToString() => $"{Name} ({Id})";
}
