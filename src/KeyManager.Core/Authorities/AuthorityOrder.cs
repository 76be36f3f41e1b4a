using System;
using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>How an order stands at the authority.</summary>
public sealed record AuthorityOrder
{
    /// <summary>The authority's number or URL for it.</summary>
    public required string AuthorityOrderId { get; init; }

    /// <summary>Its state in our words; <see cref="OrderStatus.Unknown"/> for a word we do not know.</summary>
    public required OrderStatus Status { get; init; }

    /// <summary>Its state in the authority's words.</summary>
    public required string AuthorityStatus { get; init; }

    /// <summary>The challenges; <c>null</c> leaves those known before.</summary>
    public IReadOnlyList<Challenge>? Challenges { get; init; }

    /// <summary>What the adapter wants to remember; <c>null</c> leaves what it remembered before.</summary>
    public string? AuthorityData { get; init; }

    /// <summary>When the authority gives it up.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the authority proposes the next question; asking earlier is allowed, so that a fast answer is not missed.</summary>
    public DateTimeOffset? RetryAfter { get; init; }

    /// <summary>End of the term that is paid for; <c>null</c> leaves what was known before.</summary>
    public DateTimeOffset? PaidUntil { get; init; }

    /// <summary>What it waits for, and who can do it; <c>null</c> when nobody has to do anything.</summary>
    public string? NextStep { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorDetail { get; init; }
}
