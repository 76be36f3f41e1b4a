using System;

namespace KeyManager.Scheduling;

/// <summary>What a user asks for when registering a task.</summary>
public sealed record RenewalTaskRequest
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "KeyManager";

    /// <summary>Which scheduler; <c>null</c> takes the first that this machine has.</summary>
    public RenewalScheduler? Scheduler { get; init; }

    /// <summary>Who it runs as; <c>null</c> takes SYSTEM on Windows, root for a timer of the system, else whoever registers it.</summary>
    public string? UserName { get; init; }

    /// <summary>True for a group managed service account.</summary>
    public bool IsManagedAccount { get; init; }

    /// <summary>Time of the day; <c>null</c> takes a random minute of the night.</summary>
    public TimeSpan? At { get; init; }

    /// <summary>Hours from one run to the next: 1, 2, 3, 4, 6, 8, 12 or 24.</summary>
    public int IntervalHours { get; init; } = 4;

    /// <summary>Program that runs PowerShell, full path.</summary>
    public string PowerShellPath { get; init; } = "";

    /// <summary>Full path of the module's manifest.</summary>
    public string ManifestPath { get; init; } = "";
}
