using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the targets that certificates are deployed to, or what is deployed there. Their secrets are never shown.</summary>
/// <example><code>Get-KmDeployTarget</code><para>Lists all targets.</para></example>
/// <example><code>Get-KmDeployTarget web01 -Deployment | Format-List</code><para>What was deployed to web01, newest first, with what was done and seen.</para></example>
/// <seealso cref="NewKmDeployTargetCommand"/>
[Cmdlet(VerbsCommon.Get, "KmDeployTarget")]
[OutputType(typeof(DeployTarget), typeof(Deployment))]
public sealed class GetKmDeployTargetCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Only those of this kind.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(DeployKindCompleter))]
    public string? Kind { get; set; }

    /// <summary>Get what was deployed there, newest first, in the place of the targets.</summary>
    [Parameter]
    public SwitchParameter Deployment { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<DeployTarget> found = await FindNamedAsync(pipeline, Name, Services.DeployTargets.List(), t => [t.Name, t.Id],
            name => throw new NotFoundException(ErrorIds.DeployTargetNotFound, $"There is no target '{name}'.") { Target = name, Remedy = "New-KmDeployTarget makes one." }).ConfigureAwait(false);
        IEnumerable<DeployTarget> meant = found.Where(t => Kind is null || string.Equals(t.Kind, Kind, StringComparison.OrdinalIgnoreCase));
        await WriteAllAsync(pipeline, Deployment ? meant.SelectMany(t => (IEnumerable<object>)Services.DeployTargets.Deployments(t.Id)) : meant, cancellationToken).ConfigureAwait(false);
    }
}
