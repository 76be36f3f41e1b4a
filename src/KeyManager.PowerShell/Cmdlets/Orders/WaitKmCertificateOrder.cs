using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Waits until the authority has issued, or come to another end, and saves the certificate.</summary>
/// <remarks>
/// It only asks. Where the authority waits for something from here, proof of control or the certificate request, it says so at once: that is done by
/// Invoke-KmChallenge.
/// </remarks>
/// <example><code>Wait-KmCertificateOrder 7k3m9q2x1b4c -Timeout 01:00:00</code><para>Waits for up to an hour.</para></example>
/// <seealso cref="SyncKmCertificateOrderCommand"/>
[Cmdlet(VerbsLifecycle.Wait, "KmCertificateOrder", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class WaitKmCertificateOrderCommand : OrderCmdlet
{
    /// <summary>Longest time to wait; default 10 minutes. When it is over the order stays as it is and an error says so.</summary>
    [Parameter]
    public System.TimeSpan Timeout { get; set; } = System.TimeSpan.FromMinutes(10);

    /// <summary>Leave an issued certificate with its order, unsaved.</summary>
    [Parameter]
    public SwitchParameter NoSave { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Wait for {order.Authority}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.SyncOrder.WaitAsync(
                order.Id, new Operations.CompleteOrderOptions { Timeout = Timeout, Save = !NoSave, Scripts = new ScriptRunner(this, pipeline) }, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
