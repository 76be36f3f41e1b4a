using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Renews certificates.</summary>
/// <remarks>
/// Orders again what the last order asked for, proves control of the names, and saves the new certificate as the current version of its entry.
/// The key follows the policy of the order (-KeyOnRenewal), but one that was revoked as compromised is never kept. Nothing of the old version is
/// touched before the new one is saved; a renewal that was interrupted is taken up again. It renews whatever it is given, due or not: choose with Get-KmCertificate -ExpiresWithin.
/// </remarks>
/// <example><code>Get-KmCertificate -ExpiresWithin 30.00:00 | Update-KmCertificate</code><para>Renews what runs out within 30 days.</para></example>
/// <example><code>Update-KmCertificate www.contoso.com -NoSave</code><para>Renews, but leaves the new certificate with its order (state Renewed) until Save-KmCertificate.</para></example>
/// <seealso cref="SaveKmCertificateCommand"/>
[Cmdlet(VerbsData.Update, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(CertificateOrder))]
public sealed class UpdateKmCertificateCommand : CertificateCmdlet
{
    /// <summary>Leave the new certificate with its order, unsaved.</summary>
    [Parameter]
    public SwitchParameter NoSave { get; set; }

    /// <summary>The challenges of an interrupted renewal are published already; do not publish, only tell the authority.</summary>
    [Parameter]
    public SwitchParameter AlreadyPublished { get; set; }

    /// <summary>Longest time to wait for the authority; default 5 minutes. A renewal that takes longer stays open and is taken up again next time.</summary>
    [Parameter]
    public System.TimeSpan Timeout { get; set; } = System.TimeSpan.FromMinutes(5);

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync($"{certificate.Name} (until {certificate.NotAfter:yyyy-MM-dd})", "Renew certificate").ConfigureAwait(false))
        {
            CertificateOrder order = await Services.RenewCertificate.RunAsync(
                certificate.Id,
                new Operations.CompleteOrderOptions { Save = !NoSave, AlreadyPublished = AlreadyPublished, Timeout = Timeout },
                pipeline,
                cancellationToken).ConfigureAwait(false);
            if (order.Status == OrderStatus.Renewed)
            {
                pipeline.Warn($"The renewal {order} is not saved: the inventory keeps the old version until Save-KmCertificate {order.Id}.");
            }

            await pipeline.WriteObjectAsync(order).ConfigureAwait(false);
        }
    }
}
