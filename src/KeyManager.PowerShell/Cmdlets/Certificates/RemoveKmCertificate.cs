using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes certificates from the inventory, here only.</summary>
/// <remarks>
/// The certificate itself stays valid; nothing is revoked. With the current version its whole entry goes, history included; an older version goes
/// alone. The private key stays in the store unless -RemovePrivateKey is given.
/// </remarks>
/// <example><code>Remove-KmCertificate old.contoso.com</code><para>Asks, then removes the entry and its history.</para></example>
/// <seealso cref="RevokeKmCertificateCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveKmCertificateCommand : CertificateCmdlet
{
    /// <summary>Also remove the private keys that nothing else uses. They cannot be brought back.</summary>
    [Parameter]
    public SwitchParameter RemovePrivateKey { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        string what = certificate.IsCurrent ? $"{certificate.Name} with its history" : certificate.ToString();
        if (await pipeline.ShouldProcessAsync(
            certificate.Id,
            $"Remove {what} from the inventory, here only: it stays valid at its authority",
            $"Remove {what} from the inventory? It stays valid at its authority, but is no longer listed or renewed here.",
            "Remove certificate").ConfigureAwait(false))
        {
            Services.RemoveCertificate.Run(certificate.Id, RemovePrivateKey, pipeline);
        }
    }
}
