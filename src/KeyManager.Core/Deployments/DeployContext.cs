using System;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Deployments;

/// <summary>What a kind of target gets to work with: the target, its secrets, and whom to tell.</summary>
/// <param name="target">The target.</param>
/// <param name="getSecret">A secret by the name of its setting, in the clear, <c>null</c> when there is none.</param>
/// <param name="reporter">For steps and warnings.</param>
/// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
public sealed class DeployContext(DeployTarget target, Func<string, byte[]?> getSecret, IReporter reporter, IScriptRunner? scripts = null)
    : ProviderContext(target.Settings, getSecret, reporter, scripts)
{
    /// <summary>The target.</summary>
    public DeployTarget Target { get; } = target;
}
