using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Discovery;

/// <summary>Files and folders, here or on a deployment target.</summary>
/// <param name="Paths">Full paths of files and folders, as the machine writes them that has them.</param>
/// <param name="Recurse">Folders below folders too.</param>
/// <param name="Passwords">Tried one after the other on every keystore.</param>
/// <param name="IncludeAuthorities">Certificates of authorities too, which otherwise are passed over when they come without a key and name no host.</param>
/// <param name="Target">The target that has the files; <c>null</c> for this machine.</param>
public sealed record FileScope(IReadOnlyList<string> Paths, bool Recurse, IReadOnlyList<string> Passwords, bool IncludeAuthorities, DeployContext? Target) : DiscoveryScope
{
    /// <inheritdoc/>
    public override string ComputerName => Target?.Target.Name ?? Environment.MachineName;

    /// <inheritdoc/>
    public override bool Covers(DiscoverySource source, string location) =>
        source == DiscoverySource.File && Paths.Any(path => IsBelow(Guard.NotNull(location), path, Recurse));

    /// <summary>True for the place itself, an entry of it, or one below it.</summary>
    public static bool IsBelow(string location, string path, bool deep = true)
    {
        string root = Guard.NotNull(path).TrimEnd('/', '\\');
        if (!Guard.NotNull(location).StartsWith(root, StringComparison.Ordinal))
        {
            return false;
        }

        string rest = location.Substring(root.Length);
        return rest.Length == 0 || rest[0] == '#' || (rest[0] is '/' or '\\' && (deep || rest.IndexOfAny(['/', '\\'], 1) < 0));
    }

    // The passwords must not get into a log.
    public override string ToString() => $"{string.Join(Path.PathSeparator.ToString(), Paths)} on {ComputerName}";
}
