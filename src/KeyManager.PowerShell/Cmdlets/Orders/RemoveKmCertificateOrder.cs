using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes orders from the store, here only.</summary>
/// <remarks>
/// The authority hears nothing of it and keeps the order; certificates that were saved stay in the inventory, but can no longer be renewed from
/// here. To cancel an order use Stop-KmCertificateOrder.
/// </remarks>
/// <example><code>Get-KmCertificateOrder -Status Failed | Remove-KmCertificateOrder -Force</code><para>Clears away what failed.</para></example>
/// <seealso cref="StopKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmCertificateOrder", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmCertificateOrderCommand : OrderCmdlet
{
    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), $"Remove order here (it stays at {order.Authority})").ConfigureAwait(false))
        {
            Services.RemoveOrder.Run(order.Id, pipeline);
        }
    }
}
