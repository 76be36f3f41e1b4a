using System;

namespace KeyManager.Operations;

/// <summary>A record that proves a name for an account: a line of Get-KmChallengeRecord.</summary>
public sealed record ChallengeRecord
{
    /// <summary>The name it proves.</summary>
    public required DomainName DomainName { get; init; }

    /// <summary>How it is proved: DnsPersist01 or DnsAccount01.</summary>
    public required ChallengeType Type { get; init; }

    /// <summary>Full name of the TXT record.</summary>
    public required string RecordName { get; init; }

    /// <summary>Its value; <c>null</c> where each order has its own.</summary>
    public string? Value { get; init; }

    /// <summary>The authority as the record names it; <c>null</c> where it does not.</summary>
    public string? Issuer { get; init; }

    /// <summary>The account as the record names it; <c>null</c> where it does not.</summary>
    public string? AccountUri { get; init; }

    /// <summary>Whether it proves wildcards too.</summary>
    public bool Wildcard { get; init; }

    /// <summary>When the record that is there ends; before one is there, when the one shown would. <c>null</c> for no end.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Whether it is there and good.</summary>
    public required ChallengeRecordStatus Status { get; init; }

    /// <summary>That in words.</summary>
    public required string Message { get; init; }
}
