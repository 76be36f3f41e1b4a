using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>What became of one certificate in a sweep, and why.</summary>
public sealed record RenewalResult
{
    /// <summary>Name of the entry.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required RenewalOutcome Outcome { get; init; }

    /// <summary>Why it was due, or what went wrong.</summary>
    public required string Reason { get; init; }

    /// <summary>The version that was due.</summary>
    public required string CertificateId { get; init; }

    /// <summary>The new version; <c>null</c> when there is none.</summary>
    public string? NewCertificateId { get; init; }

    /// <summary>The order of the renewal; <c>null</c> when there is none.</summary>
    public string? OrderId { get; init; }

    /// <summary>End of what is current now.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The account.</summary>
    public string? Account { get; init; }

    /// <summary>How it was deployed, target by target; empty where nothing is mapped.</summary>
    public IReadOnlyList<Deployment> Deployments { get; init; } = [];

    /// <summary>Error id; <c>null</c> when nothing went wrong.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What to do; <c>null</c> when nothing needs to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>Failed attempts in a row.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried again; <c>null</c> when there is nothing to try.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>True when somebody should look: a renewal or a deployment failed.</summary>
    public bool IsFailure => Outcome is RenewalOutcome.Failed or RenewalOutcome.DeploymentFailed;

    public override string ToString() => $"{Name}: {Outcome}, {Reason}";
}
