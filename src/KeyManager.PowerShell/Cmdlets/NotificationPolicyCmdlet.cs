using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Base of the cmdlets that do something to notification policies, one after the other; one that fails does not stop the others.</summary>
public abstract class NotificationPolicyCmdlet : KmCmdlet
{
    /// <summary>The policy: its name, the object, or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NotificationPolicyCompleter))]
    [Alias("Name", "Id")]
    public NotificationPolicyReference[] NotificationPolicy { get; set; } = [];

    protected sealed override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(
        pipeline, NotificationPolicy, NotificationPolicy.Length > 1, reference => ProcessAsync(pipeline, Services.Notifications.Resolve(reference.Text), cancellationToken));

    /// <summary>Does it to one policy.</summary>
    protected abstract Task ProcessAsync(IPipeline pipeline, NotificationPolicy policy, CancellationToken cancellationToken);
}
