using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A task that runs Invoke-KmRenewal by itself.</summary>
public sealed record RenewalTask
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What runs it.</summary>
    public required RenewalScheduler Scheduler { get; init; }

    /// <summary>Who it runs as; <c>null</c> for whoever registers it.</summary>
    public string? UserName { get; init; }

    /// <summary>True for a group managed service account, which has no password that anybody knows.</summary>
    public bool IsManagedAccount { get; init; }

    /// <summary>First time of the day at which it runs, local time.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Hours from one run to the next: a part of 24.</summary>
    public int IntervalHours { get; init; } = 24;

    /// <summary>Full path of the store; <c>null</c> for the one that the user finds by itself.</summary>
    public string? StorePath { get; init; }

    /// <summary>Full path of the PowerShell that runs it.</summary>
    public string Program { get; init; } = "";

    /// <summary>What PowerShell is told to do.</summary>
    public string Script { get; init; } = "";

    /// <summary>The files that make it, or what stands for them in the scheduler.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>When it ran last; <c>null</c> when that is not known.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>When it runs next; <c>null</c> when that is not known.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>How the last run ended; <c>null</c> when that is not known.</summary>
    public string? LastResult { get; init; }

    public override string ToString() => $"{Name} ({Scheduler})";
}
