using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to renewal policies, one after the other; one that fails does not stop the others.</summary>
public abstract class RenewalPolicyCmdlet : KmCmdlet
{
    /// <summary>The policy: its name, the object, or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(RenewalPolicyCompleter))]
    [Alias("Name", "Id")]
    public RenewalPolicyReference[] RenewalPolicy { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, RenewalPolicy, RenewalPolicy.Length > 1, reference => ProcessAsync(pipeline, Services.RenewalPolicies.Resolve(reference.Text)));

    /// <summary>Does it to one policy.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, RenewalPolicy policy);
}
