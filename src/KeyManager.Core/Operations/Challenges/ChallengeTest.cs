using System.Collections.Generic;
using KeyManager.Challenges;

namespace KeyManager.Operations;

/// <summary>Whether the proof of one name can be seen from here.</summary>
public sealed record ChallengeTest
{
    /// <summary>The order.</summary>
    public required string OrderId { get; init; }

    /// <summary>The name.</summary>
    public required DomainName DomainName { get; init; }

    /// <summary>How it is proved.</summary>
    public required ChallengeType Type { get; init; }

    /// <summary>Where was looked.</summary>
    public required string Location { get; init; }

    /// <summary>True when the right proof is there.</summary>
    public required bool IsVisible { get; init; }

    /// <summary>What was found instead; <c>null</c> when all is well.</summary>
    public string? Problem { get; init; }

    /// <summary>What else an authority might stumble over at this name, and what is as it should be: CAA records, DNSSEC, delegation, the web port, DNS accounts.</summary>
    public IReadOnlyList<PreflightFinding> Findings { get; init; } = [];
}
