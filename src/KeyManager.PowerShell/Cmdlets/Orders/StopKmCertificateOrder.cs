using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Cancels orders.</summary>
/// <remarks>
/// An order that was never sent is cancelled here only; any other at its authority. Where the authority takes paid orders back, also one that has its
/// certificate can be cancelled, within the time that the authority grants: it decides, and Sync-KmCertificateOrder asks how. Elsewhere such a certificate can be revoked.
/// </remarks>
/// <example><code>Get-KmCertificateOrder -Status PendingValidation | Stop-KmCertificateOrder</code><para>Asks for each, then cancels it at its authority.</para></example>
/// <seealso cref="RemoveKmCertificateOrderCommand"/>
[Cmdlet(VerbsLifecycle.Stop, "KmCertificateOrder", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(CertificateOrder))]
public sealed class StopKmCertificateOrderCommand : OrderCmdlet
{
    /// <summary>A remark for the authority, where it takes one.</summary>
    [Parameter]
    public string? Comment { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Cancel order at {order.Authority}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(await Services.CancelOrder.RunAsync(order.Id, Comment, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
