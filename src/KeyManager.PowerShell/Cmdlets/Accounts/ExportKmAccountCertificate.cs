using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports the root of a private authority, so that clients can trust it.</summary>
/// <example><code>Export-KmAccountCertificate private -Path ./private-root.crt</code><para>Then on Debian: copy it to /usr/local/share/ca-certificates and run update-ca-certificates; on Windows: Import-Certificate -CertStoreLocation Cert:\LocalMachine\Root.</para></example>
/// <seealso cref="NewKmAccountCommand"/>
[Cmdlet(VerbsData.Export, "KmAccountCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(ExportedFile))]
public sealed class ExportKmAccountCertificateCommand : AccountCmdlet
{
    /// <summary>The file to write, PEM.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>The issuing authorities too, behind the root.</summary>
    [Parameter]
    public SwitchParameter IncludeIssuing { get; set; }

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(path, $"Export the root of {account}").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.ChangeAccount.ExportTrustAnchor(account.Id, path, IncludeIssuing, Force, pipeline)).ConfigureAwait(false);
        }
    }
}
