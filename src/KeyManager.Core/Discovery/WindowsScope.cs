using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Deployments;

namespace KeyManager.Discovery;

/// <summary>Certificate stores and bindings of IIS of a Windows computer.</summary>
/// <param name="Stores">Location and name, such as LocalMachine\My.</param>
/// <param name="WithBindings">The bindings of IIS.</param>
/// <param name="Scripts">Runs the script that looks.</param>
/// <param name="Target">The target; <c>null</c> for this computer.</param>
public sealed record WindowsScope(IReadOnlyList<string> Stores, bool WithBindings, IScriptRunner Scripts, DeployContext? Target) : DiscoveryScope
{
    /// <inheritdoc/>
    public override string ComputerName => Target?.Target.Name ?? Environment.MachineName;

    /// <inheritdoc/>
    public override bool Covers(DiscoverySource source, string location) => source switch
    {
        DiscoverySource.WindowsStore => Stores.Any(store => Guard.NotNull(location).StartsWith($@"Cert:\{store}\", StringComparison.OrdinalIgnoreCase)),
        DiscoverySource.IisBinding => WithBindings,
        _ => false,
    };
}
