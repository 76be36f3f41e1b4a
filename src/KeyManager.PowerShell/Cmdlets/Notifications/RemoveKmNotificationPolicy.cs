using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes notification policies, with their secrets and what they have not delivered.</summary>
/// <example><code>Remove-KmNotificationPolicy admins</code><para>Nobody is told by it any more.</para></example>
/// <seealso cref="SetKmNotificationPolicyCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmNotificationPolicy", SupportsShouldProcess = true)]
public sealed class RemoveKmNotificationPolicyCommand : NotificationPolicyCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, NotificationPolicy policy, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(policy.Name, "Remove notification policy").ConfigureAwait(false))
        {
            Services.Notifications.Remove(policy.Id);
        }
    }
}
