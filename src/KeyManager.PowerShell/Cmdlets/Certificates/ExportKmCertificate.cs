using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports certificates with chain and key to files.</summary>
/// <remarks>
/// Pem writes four files: NAME.key, NAME.crt, NAME.chain.crt and NAME.fullchain.crt; the other forms are one file. All files of a certificate are
/// written or none: each goes into a temporary file first and is then renamed into place. Files with a private key can be read by their owner only.
/// Pkcs12 and Jks need a password: the one given here, or the one that was given with the order.
/// </remarks>
/// <example><code>Export-KmCertificate www.contoso.com -Format Pem -Path /etc/nginx/tls -Force</code><para>For nginx: ssl_certificate is the .fullchain.crt file, ssl_certificate_key the .key file.</para></example>
/// <example><code>Export-KmCertificate www.contoso.com -Format Pkcs12 -Path C:\tls\www.pfx -Password (Read-Host -AsSecureString)</code><para>For IIS. For Windows Server 2016 and earlier add -Pkcs12Protection Legacy.</para></example>
/// <example><code>Export-KmCertificate www.contoso.com -Format Jks -Path /opt/tomcat/conf/keystore.jks -Password (Read-Host -AsSecureString)</code><para>For Tomcat.</para></example>
[Cmdlet(VerbsData.Export, "KmCertificate", SupportsShouldProcess = true)]
[OutputType(typeof(ExportedFile))]
public sealed class ExportKmCertificateCommand : CertificateCmdlet
{
    /// <summary>Where to: a folder, which is made when it does not exist (end it with a separator, or use -Format Pem), or for forms of one file the file.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>The form. Default: the keystore type of the order, or of the setting DefaultKeystoreType for what was imported.</summary>
    [Parameter]
    public ExportFormat? Format { get; set; }

    /// <summary>Password of the keystore; with Pem it encrypts the key file.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>File name without extension for files in a folder. Default: the name of the entry, with _ in place of *.</summary>
    [Parameter]
    public string? FileName { get; set; }

    /// <summary>How a Pkcs12 file is encrypted: Modern (AES, the default) or Legacy (3DES, for Windows Server 2016 and earlier and old Java).</summary>
    [Parameter]
    public Pkcs12Protection Pkcs12Protection { get; set; }

    /// <summary>Leave the private key out.</summary>
    [Parameter]
    public SwitchParameter WithoutPrivateKey { get; set; }

    /// <summary>Put the root into the chain too; servers need not send it.</summary>
    [Parameter]
    public SwitchParameter IncludeRoot { get; set; }

    /// <summary>Replace files that exist.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessAsync(IPipeline pipeline, Certificate certificate, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        ExportRequest request = new()
        {
            Path = path,
            PathIsFolder = Directory.Exists(path) || Path.EndsWith("/", System.StringComparison.Ordinal) || Path.EndsWith("\\", System.StringComparison.Ordinal),
            Format = Format,
            FileName = FileName,
            Password = Password.Reveal(),
            WithoutKey = WithoutPrivateKey,
            WithoutRoot = !IncludeRoot,
            Pkcs12Protection = Pkcs12Protection,
            Overwrite = Force,
        };
        string files = string.Join(", ", Services.ExportCertificate.Plan(certificate.Id, request).Select(f => f.Path));
        if (await pipeline.ShouldProcessAsync(files, $"Export {certificate}").ConfigureAwait(false))
        {
            foreach (ExportedFile file in Services.ExportCertificate.Run(certificate.Id, request))
            {
                await pipeline.WriteObjectAsync(file).ConfigureAwait(false);
            }
        }
    }
}
