using System;

namespace KeyManager;

/// <summary>Something that people are told: on its way, delivered, or given up.</summary>
public sealed record Notice
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The policy that tells of it.</summary>
    public required string PolicyId { get; init; }

    /// <summary>What it is, so that the same is not told twice.</summary>
    public required string Key { get; init; }

    /// <summary>What it tells of.</summary>
    public NotificationEvents Event { get; init; }

    /// <summary>Name of the entry.</summary>
    public string Name { get; init; } = "";

    /// <summary>The sentence.</summary>
    public string Text { get; init; } = "";

    /// <summary>What to do; <c>null</c> when nothing needs to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>End of the certificate; <c>null</c> when it has none.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>Error id; <c>null</c> for none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>When it came up.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Deliveries that failed.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is delivered, or tried again; <c>null</c> once it is delivered or given up.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    public override string ToString() => Text;
}
