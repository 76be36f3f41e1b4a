using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes certificates from the inventory, here only.</summary>
/// <remarks>
/// The certificate itself stays valid; nothing is revoked. With the current version its whole entry goes, history included; an older version goes
/// alone. The private key stays in the store unless -RemovePrivateKey is given.
///
/// With -OldVersions it removes what is no longer of use: versions that have ended, with the keys that nothing else uses. The current version and the one before it always stay, and so does
/// what was seen in use somewhere (InUseAt), what a target has or would go back to, and what an order that is still open refers to. -WhatIf lists exactly what would go. The settings
/// CertificateKeepVersions and CertificateKeepDays have Invoke-KmRenewal do the same by itself.
/// </remarks>
/// <example><code>Remove-KmCertificate old.contoso.com</code><para>Asks, then removes the entry and its history.</para></example>
/// <example><code>Remove-KmCertificate -OldVersions -KeepVersions 5 -OlderThan 365 -WhatIf</code><para>Lists the versions that ended more than a year ago, but for the newest five of each certificate.</para></example>
/// <seealso cref="RevokeKmCertificateCommand"/>
/// <seealso cref="SetKmSettingCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmCertificate", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Certificate")]
public sealed class RemoveKmCertificateCommand : KmCmdlet
{
    private readonly List<string> _entries = [];

    /// <summary>The certificate: name of its entry (the current version), the object, its order, an id, a thumbprint or a serial number. With -OldVersions the entries to look at; default: all.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Certificate")]
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = "OldVersions")]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    [Alias("Name", "Id")]
    public CertificateReference[] Certificate { get; set; } = [];

    /// <summary>Also remove the private keys that nothing else uses. They cannot be brought back.</summary>
    [Parameter(ParameterSetName = "Certificate")]
    public SwitchParameter RemovePrivateKey { get; set; }

    /// <summary>Remove versions that have ended and are neither the current nor the previous one.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "OldVersions")]
    public SwitchParameter OldVersions { get; set; }

    /// <summary>How many versions of each entry stay, the current one included; 2 at least, and 2 by default.</summary>
    [Parameter(ParameterSetName = "OldVersions")]
    [ValidateRange(RemoveOldVersions.FewestKept, int.MaxValue)]
    public int KeepVersions { get; set; } = RemoveOldVersions.FewestKept;

    /// <summary>Only versions that ended more than so many days ago; default 0.</summary>
    [Parameter(ParameterSetName = "OldVersions")]
    [ValidateRange(0, 36500)]
    public int OlderThan { get; set; }

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ForEachAsync(pipeline, Certificate, Certificate.Length > 1, async reference =>
    {
        Certificate certificate = Services.Inventory.Resolve(reference.Text);
        if (OldVersions)
        {
            _entries.Add(certificate.LineageId);
            return;
        }

        string what = certificate.IsCurrent ? $"{certificate.Name} with its history" : certificate.ToString();
        if (await pipeline.ShouldProcessAsync(
            certificate.Id,
            $"Remove {what} from the inventory, here only: it stays valid at its authority",
            $"Remove {what} from the inventory? It stays valid at its authority, but is no longer listed or renewed here.",
            "Remove certificate").ConfigureAwait(false))
        {
            Services.RemoveCertificate.Run(certificate.Id, RemovePrivateKey, pipeline);
        }
    });

    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (!OldVersions)
        {
            return;
        }

        bool isNamed = Certificate.Length > 0 || MyInvocation.ExpectingInput;
        foreach (string? entry in isNamed ? _entries.Distinct().Cast<string?>() : [null])
        {
            foreach (Certificate version in Services.RemoveOldVersions.Find(entry, KeepVersions, OlderThan).ToList())
            {
                cancellationToken.ThrowIfCancellationRequested();
                string key = version.HasPrivateKey ? ", and its private key unless something else uses it" : "";
                if (await pipeline.ShouldProcessAsync($"{version.Name} v{version.Version} ({version.Id})", $"Remove old version, ended {version.NotAfter:yyyy-MM-dd}{key}").ConfigureAwait(false))
                {
                    Services.RemoveOldVersions.Run(version.Id);
                }
            }
        }
    }
}
