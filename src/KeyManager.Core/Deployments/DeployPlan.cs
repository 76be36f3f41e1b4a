using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Deployments;

/// <summary>What a deployment will do: files, rights, commands, and where it is looked at afterwards. Made without touching the target.</summary>
public sealed record DeployPlan
{
    /// <summary>The target.</summary>
    public required DeployTarget Target { get; init; }

    /// <summary>The certificate.</summary>
    public required Certificate Certificate { get; init; }

    /// <summary>The files, in the order in which they are put in place.</summary>
    public IReadOnlyList<PlannedFile> Files { get; init; } = [];

    /// <summary>What a target that is no files does, in words.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];

    /// <summary>Command that says whether the service would take the files; <c>null</c> for none.</summary>
    public string? TestCommand { get; init; }

    /// <summary>Command that makes the service read them; <c>null</c> for one that notices by itself.</summary>
    public string? ReloadCommand { get; init; }

    /// <summary>Where it is looked whether the certificate is served.</summary>
    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];

    /// <summary>How many earlier versions are kept on the target.</summary>
    public int KeepVersions { get; init; }

    /// <summary>Everything in the order in which it is done, a line each.</summary>
    public IReadOnlyList<string> Steps =>
    [
        .. Files.Select(f => $"Write {f}"),
        .. Actions,
        .. TestCommand is null ? [] : new[] { $"Test with: {TestCommand}" },
        .. ReloadCommand is null ? [] : new[] { $"Reload with: {ReloadCommand}" },
        .. Endpoints.Select(e => $"Look at {e} for serial number {Certificate.SerialNumber}"),
    ];

    public override string ToString() => $"{Certificate} to {Target}";
}
