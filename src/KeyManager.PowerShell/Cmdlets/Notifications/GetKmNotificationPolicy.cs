using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the notification policies: who is told of what, and how.</summary>
/// <example><code>Get-KmNotificationPolicy</code><para>Lists all policies. Their passwords and addresses of webhooks are never shown.</para></example>
/// <seealso cref="SetKmNotificationPolicyCommand"/>
[Cmdlet(VerbsCommon.Get, "KmNotificationPolicy")]
[OutputType(typeof(NotificationPolicy))]
public sealed class GetKmNotificationPolicyCommand : KmCmdlet
{
    /// <summary>Name of the policy; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NotificationPolicyCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<NotificationPolicy> found = await FindNamedAsync(pipeline, Name, Services.Notifications.List(), p => [p.Name, p.Id], Services.Notifications.Resolve).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
