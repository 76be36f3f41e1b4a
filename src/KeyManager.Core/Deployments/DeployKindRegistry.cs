using System.Collections.Generic;

namespace KeyManager.Deployments;

/// <summary>The kinds of target that this build knows, by name. An unknown one is KmDeployKindNotFound.</summary>
public sealed class DeployKindRegistry(IEnumerable<IDeployKind> kinds) : Registry<IDeployKind>(kinds, kind => kind.Description.Name)
{
    /// <inheritdoc/>
    protected override NotFoundException Missing(string name, string known) => new(ErrorIds.DeployKindNotFound, $"There is no kind of target '{name}'.") { Target = name, Remedy = known + " See Get-KmProvider." };
}
