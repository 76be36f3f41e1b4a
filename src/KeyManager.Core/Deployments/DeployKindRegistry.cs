using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Deployments;

/// <summary>The kinds of target that this build knows, by name.</summary>
public sealed class DeployKindRegistry(IEnumerable<IDeployKind> kinds)
{
    private readonly List<IDeployKind> _kinds = [.. kinds.OrderBy(k => k.Description.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>All, by name.</summary>
    public IReadOnlyList<IDeployKind> All => _kinds;

    /// <summary>The kind with this name; letter case does not matter.</summary>
    /// <exception cref="NotFoundException">KmDeployKindNotFound.</exception>
    public IDeployKind Get(string name) =>
        _kinds.FirstOrDefault(k => string.Equals(k.Description.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new NotFoundException(ErrorIds.DeployKindNotFound, $"There is no kind of target '{name}'.")
        {
            Target = name,
            Remedy = $"Known are: {string.Join(", ", _kinds.Select(k => k.Description.Name))}.",
        };
}
