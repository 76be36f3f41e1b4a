using System.Collections.Generic;

namespace KeyManager;

/// <summary>One thing that was looked at in the store.</summary>
public sealed record StoreCheck
{
    /// <summary>
    /// What was looked at: File, Rights, Version, Database, Schema, References, AuditTrail, Protectors, Secrets, Certificates, Inventory, Records, Space; Recovery for what was
    /// read out of a damaged file.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>How it is.</summary>
    public required StoreCheckOutcome Outcome { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do; <c>null</c> when nothing has to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>Everything that was found, one line each, the first hundred; empty when all is well.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>True when Test-KmStore -Repair can mend it, wholly or in part.</summary>
    public bool CanRepair { get; init; }

    /// <summary>Error id that goes with it; <c>null</c> when it is no error.</summary>
    public string? ErrorId { get; init; }

    public override string ToString() => $"{Name}: {Message}";
}
