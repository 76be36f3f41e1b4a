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

    /// <summary>What its orders may say beside names, key and proof; empty where there is no catalogue.</summary>
    public IReadOnlyList<OrderDetail> OrderDetails { get; init; } = [];

    /// <summary>The contact without which it takes no order; <c>null</c> for none.</summary>
    public OrderDetail? NeededContact { get; init; }

    /// <summary>The programs that it knows as users of its certificates, in its words; empty where that does not matter.</summary>
    public IReadOnlyList<string> ServerTypes { get; init; } = [];

    /// <summary>True when it looks for published proofs at times of its own: what is published stays until it was seen.</summary>
    public bool LooksByItself { get; init; }

    /// <summary>Where it is reached, by environment; empty for one that an account names, and for one inside of this program.</summary>
    public IReadOnlyDictionary<AuthorityEnvironment, string> Addresses { get; init; } = new Dictionary<AuthorityEnvironment, string>();

    /// <summary>True when an account needs credentials that one gets from the authority first (external account binding, RFC 8555 §7.3.4).</summary>
    public bool NeedsExternalAccount { get; init; }

    /// <summary>What a CAA record has to name for it to issue (RFC 8659).</summary>
    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>Its certificate profiles with what it says about them.</summary>
    public IReadOnlyDictionary<string, string> Profiles { get; init; } = new Dictionary<string, string>();

    /// <summary>The terms that an account accepts; <c>null</c> when it names none.</summary>
    public string? TermsOfService { get; init; }

    /// <summary>The kinds of key that it certifies; empty where that is not known.</summary>
    public IReadOnlyList<string> KeyTypes { get; init; } = [];

    /// <summary>Longest life of its certificates in days; <c>null</c> when not known.</summary>
    public int? MaxValidityDays { get; init; }

    /// <summary>Largest number of names in one certificate; <c>null</c> when not known.</summary>
    public int? MaxNames { get; init; }

    /// <summary>When it stopped issuing; <c>null</c> while it works.</summary>
    public DateTimeOffset? RetiredSince { get; init; }
}
