using System;
using System.Globalization;

namespace KeyManager;

/// <summary>What a sweep did, in one line.</summary>
public sealed record RenewalSummary
{
    /// <summary>Certificates that were looked at, because their time to be looked at had come.</summary>
    public int Looked { get; init; }

    /// <summary>Renewed.</summary>
    public int Renewed { get; init; }

    /// <summary>Deployed only.</summary>
    public int Deployed { get; init; }

    /// <summary>Failed: renewals and deployments.</summary>
    public int Failed { get; init; }

    /// <summary>Due, and left alone for a while.</summary>
    public int Waiting { get; init; }

    /// <summary>Done by another command.</summary>
    public int Skipped { get; init; }

    /// <summary>When there is something to look at again; <c>null</c> when there is nothing.</summary>
    public DateTimeOffset? NextLook { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>True when nothing failed.</summary>
    public bool Succeeded => Failed == 0;

    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture,
        "{0} renewed, {1} deployed, {2} failed, {3} waiting, {4} done by another command; {5} looked at in {6:0.0} s{7}",
        Renewed,
        Deployed,
        Failed,
        Waiting,
        Skipped,
        Looked,
        Duration.TotalSeconds,
        NextLook is DateTimeOffset next ? $"; next look {next:yyyy-MM-dd HH:mm} UTC" : "");
}
