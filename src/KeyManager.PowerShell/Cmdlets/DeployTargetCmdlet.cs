using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to deployment targets, one after the other; one that fails does not stop the others.</summary>
public abstract class DeployTargetCmdlet : KmCmdlet
{
    /// <summary>The target: its name, the object, or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DeployTargetCompleter))]
    [Alias("Name", "Id")]
    public DeployTargetReference[] DeployTarget { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, DeployTarget, DeployTarget.Length > 1, reference => ProcessAsync(pipeline, Services.DeployTargets.Resolve(reference.Text), cancellationToken));

    /// <summary>Does it to one target.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, DeployTarget target, CancellationToken cancellationToken);
}
