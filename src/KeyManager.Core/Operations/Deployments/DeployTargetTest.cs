using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a trial of a target has shown.</summary>
public sealed record DeployTargetTest
{
    /// <summary>Name of the target.</summary>
    public required string DeployTarget { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>True when a deployment could be done.</summary>
    public bool IsWorking => ErrorId is null;

    /// <summary>What was tried and seen, in order.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Error id of what does not work; <c>null</c> when all does.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What does not work; <c>null</c> when all does.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it; <c>null</c> when all works.</summary>
    public string? Remedy { get; init; }
}
