using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A certificate on its way to a target, or there: how far it came, how it ended, and what was seen.</summary>
public sealed record Deployment
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Identifier of the target.</summary>
    public required string TargetId { get; init; }

    /// <summary>Name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>Identifier of the entry of the inventory.</summary>
    public required string LineageId { get; init; }

    /// <summary>Identifier of the certificate, one version of the entry.</summary>
    public required string CertificateId { get; init; }

    /// <summary>Name of the entry.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the entry.</summary>
    public int Version { get; init; }

    /// <summary>Serial number of the certificate, upper-case hexadecimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>How it ended.</summary>
    public DeploymentStatus Status { get; init; }

    /// <summary>The journal: how far it has come.</summary>
    public DeploymentStep Step { get; init; }

    /// <summary>False when all of it was in place and served already, so that nothing had to be done.</summary>
    public bool IsChanged { get; init; } = true;

    /// <summary>The files; empty for targets that are no files.</summary>
    public IReadOnlyList<DeployedFile> Files { get; init; } = [];

    /// <summary>What a target that is no files needs to remember in order to go back, by name.</summary>
    public IReadOnlyDictionary<string, string> State { get; init; } = new Dictionary<string, string>();

    /// <summary>What was done and seen, in order.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Error id of what went wrong; <c>null</c> when nothing did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What went wrong; <c>null</c> when nothing did.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it; <c>null</c> when nothing did.</summary>
    public string? Remedy { get; init; }

    /// <summary>When it was begun.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>True when the certificate is in place now.</summary>
    public bool IsInPlace => Status is DeploymentStatus.Deployed or DeploymentStatus.DeployedUnverified;

    public override string ToString() => $"{Name} v{Version} to {Target}";
}
