using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Saves the certificate of an order into the inventory.</summary>
/// <remarks>
/// For orders that were completed with -NoSave and stand at Available or Renewed. The certificate becomes the current version of its entry; the
/// version before it becomes history, and it is deployed to the targets that the order names, else to those that its domains are mapped to. Until then the inventory, and every export, keeps the old one.
/// </remarks>
/// <example><code>Get-KmCertificateOrder -Status Renewed | Save-KmCertificate</code><para>Saves every renewal that waits for it.</para></example>
/// <seealso cref="InvokeKmChallengeCommand"/>
[Cmdlet(VerbsData.Save, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(Certificate))]
public sealed class SaveKmCertificateCommand : OrderCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, CertificateOrder order, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(order.ToString(), "Save certificate into the inventory").ConfigureAwait(false))
        {
            Certificate saved = Services.SaveCertificate.Run(order.Id, pipeline);
            await pipeline.WriteObjectAsync(saved).ConfigureAwait(false);
            await DeploymentReport.AfterIssueAsync(Services, saved.Id, pipeline, new ScriptRunner(this, pipeline), cancellationToken).ConfigureAwait(false);
        }
    }
}
