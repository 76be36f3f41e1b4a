using System;
using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>What an authority is and can do: a line of Get-KmAuthority.</summary>
public sealed record AuthorityDescription
{
    /// <summary>Name by which it is chosen: -Authority.</summary>
    public required string Name { get; init; }

    /// <summary>Its full name.</summary>
    public required string Title { get; init; }

    /// <summary>Kind of interface: "Local", "Acme", ...</summary>
    public required string Kind { get; init; }

    /// <summary>What it can do, in words, for example "Wildcard", "IpAddress", "Revoke".</summary>
    public required IReadOnlyList<string> Abilities { get; init; }

    /// <summary>Challenge types it knows; empty when nothing needs to be proved.</summary>
    public IReadOnlyList<ChallengeType> ChallengeTypes { get; init; } = [];

    /// <summary>Settings an account takes with -Setting.</summary>
    public IReadOnlyList<SettingDescription> Settings { get; init; } = [];

    /// <summary>True when it works inside of this store, so that nobody outside hears of an order.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>True when orders cost money.</summary>
    public bool ChargesMoney { get; init; }

    /// <summary>When it stopped issuing; <c>null</c> while it works.</summary>
    public DateTimeOffset? RetiredSince { get; init; }
}
