using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Sends a test message by a notification policy, or with -Pending everything that waits to be told.</summary>
/// <remarks>Invoke-KmRenewal tells by itself. -Pending is for a machine that renews nothing and watches only: it looks for certificates that end soon, and delivers.</remarks>
/// <example><code>Send-KmNotification admins</code><para>A test: it arrives, or an error says why not.</para></example>
/// <example><code>Send-KmNotification -Pending</code><para>Looks what ends soon, and tells by every policy.</para></example>
/// <seealso cref="SetKmNotificationPolicyCommand"/>
[Cmdlet(VerbsCommunications.Send, "KmNotification", SupportsShouldProcess = true, DefaultParameterSetName = Test)]
[OutputType(typeof(void))]
public sealed class SendKmNotificationCommand : KmCmdlet
{
    private const string Test = "Test";
    private const string Waiting = "Pending";

    /// <summary>The policy whose channel is tried: its name, the object, or its id.</summary>
    [Parameter(ParameterSetName = Test, Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(NotificationPolicyCompleter))]
    [Alias("Name", "Id")]
    public NotificationPolicyReference[] NotificationPolicy { get; set; } = [];

    /// <summary>Deliver what waits, and what ends soon.</summary>
    [Parameter(ParameterSetName = Waiting, Mandatory = true)]
    public SwitchParameter Pending { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Pending)
        {
            if (await pipeline.ShouldProcessAsync("all notification policies", "Send what is pending").ConfigureAwait(false))
            {
                await Services.Notifications.RunAsync([], new ScriptRunner(this, pipeline), pipeline, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        await ForEachAsync(pipeline, NotificationPolicy, NotificationPolicy.Length > 1, async reference =>
        {
            NotificationPolicy policy = Services.Notifications.Resolve(reference.Text);
            if (await pipeline.ShouldProcessAsync(policy.ToString(), "Send a test message").ConfigureAwait(false))
            {
                await Services.Notifications.SendTestAsync(policy, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }
}
