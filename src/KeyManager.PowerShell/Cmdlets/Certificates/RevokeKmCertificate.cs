using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Revokes certificates at their authority.</summary>
/// <remarks>
/// A revoked certificate is invalid at once and for good: the sites that serve it lose HTTPS. Renew first, then revoke the old version. The built-in
/// authority also writes its revocation list. To take a certificate out of the inventory without revoking it use Remove-KmCertificate.
/// </remarks>
/// <example><code>Revoke-KmCertificate www.contoso.com -Reason KeyCompromise</code><para>Asks, then revokes because the key may be known to others.</para></example>
/// <example><code>Get-KmCertificateHistory www.contoso.com | Where-Object { -not $_.IsCurrent } | Revoke-KmCertificate -Reason Superseded -Force</code><para>Revokes the old versions without asking.</para></example>
/// <seealso cref="RemoveKmCertificateCommand"/>
[Cmdlet(VerbsSecurity.Revoke, "KmCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Certificate))]
public sealed class RevokeKmCertificateCommand : CertificateCmdlet
{
    /// <summary>Why; the authority publishes it. Default: Unspecified.</summary>
    [Parameter(Position = 1)]
    public RevocationReason Reason { get; set; }

    /// <summary>A remark for the audit trail, and for the authority where it takes one.</summary>
    [Parameter]
    public string? Comment { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        string what = $"{certificate}, reason {Reason}";
        if (await pipeline.ShouldProcessAsync(
            certificate.Id,
            $"Revoke {what}: it becomes invalid at once and for good, and every site that serves it loses HTTPS",
            $"Revoke {what}? It becomes invalid at once and for good: every site that serves it loses HTTPS immediately.",
            "Revoke certificate").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(
                await Services.RevokeCertificate.RunAsync(certificate.Id, Reason, Comment, pipeline, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }
}
