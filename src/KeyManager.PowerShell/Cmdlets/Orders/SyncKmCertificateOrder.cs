using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Asks the authority how orders stand ("Check Order Status"), and saves certificates that have been issued.</summary>
/// <example><code>Get-KmCertificateOrder -Status PendingValidation, Processing | Sync-KmCertificateOrder</code><para>Brings all open orders up to date.</para></example>
/// <seealso cref="WaitKmCertificateOrderCommand"/>
[Cmdlet(VerbsData.Sync, "KmCertificateOrder", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class SyncKmCertificateOrderCommand : OrderCmdlet
{
    /// <summary>Leave an issued certificate with its order, unsaved.</summary>
    [Parameter]
    public SwitchParameter NoSave { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Check order status at {order.Authority}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.SyncOrder.RunAsync(
                order.Id, new Operations.CompleteOrderOptions { Save = !NoSave, Scripts = new ScriptRunner(this, pipeline) }, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
