using System;

namespace KeyManager.Operations;

/// <summary>Which record is meant.</summary>
public sealed record ChallengeRecordRequest
{
    /// <summary>The name to prove.</summary>
    public required DomainName DomainName { get; init; }

    /// <summary>DnsPersist01 or DnsAccount01.</summary>
    public ChallengeType Type { get; init; } = ChallengeType.DnsPersist01;

    /// <summary>The account, by name or id; <c>null</c> for the default one.</summary>
    public string? Account { get; init; }

    /// <summary>When the record is to end; <c>null</c> for never.</summary>
    public DateTimeOffset? PersistUntil { get; init; }

    /// <summary>For wildcards too; a wildcard name always is.</summary>
    public bool IsForWildcard { get; init; }

    /// <summary>A value that may stand below every name of the account.</summary>
    public bool IsForAnyName { get; init; }

    /// <summary>DNS server to ask whether it is there; <c>null</c> for that of the machine, <see cref="Challenges.SolverContext.NoResolver"/> to ask nobody.</summary>
    public string? Resolver { get; init; }
}
