using System.Collections.Generic;

namespace KeyManager;

/// <summary>One way to prove control of one name of an order.</summary>
public sealed record Challenge
{
    /// <summary>Identifier, unique within its order.</summary>
    public required string Id { get; init; }

    /// <summary>The order it belongs to.</summary>
    public required string OrderId { get; init; }

    /// <summary>The name it is for, without a wildcard label.</summary>
    public required DomainName DomainName { get; init; }

    /// <summary>How it is proved.</summary>
    public required ChallengeType Type { get; init; }

    /// <summary>Where it stands.</summary>
    public ChallengeStatus Status { get; init; }

    /// <summary>Where to publish: the URL of the file, or the full name of the record.</summary>
    public string? Location { get; init; }

    /// <summary>What to publish: the content of the file, or the value of the record.</summary>
    public string? Value { get; init; }

    /// <summary>The last component of the file's path; empty for records.</summary>
    public string? Token { get; init; }

    /// <summary>Which solver has published it, or was about to; <c>null</c> when nothing of it is out there.</summary>
    public string? PublishedBy { get; init; }

    /// <summary>Where its record is written, when a DNS account does so; <c>null</c> otherwise.</summary>
    public DnsPlacement? Placement { get; init; }

    /// <summary>Identifiers of the targets whose web roots hold the file; empty when it is published otherwise. Written down before anything is published.</summary>
    public IReadOnlyList<string> DeployTargets { get; init; } = [];

    /// <summary>What the authority said when it refused.</summary>
    public string? ErrorDetail { get; init; }
}
