using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Imports certificates that were made elsewhere into the inventory.</summary>
/// <remarks>
/// Reads PKCS#12 (.pfx, .p12), Java keystores (.jks), PEM, DER (.cer, .crt) and PKCS#7 (.p7b), by content and not by extension, with keys and chains
/// where the file has them. A certificate becomes the next version of the entry with its name; one that is there already is answered as it is.
/// </remarks>
/// <example><code>Import-KmCertificate ./old/*.pfx -Password (Read-Host -AsSecureString)</code><para>Takes in several files with the same password.</para></example>
/// <example><code>Import-KmCertificate ./old/*.pfx -Password $password -Tag migrated -Owner 'web team'</code><para>Says whose they are.</para></example>
/// <example><code>Get-Content site.pem -Raw | Import-KmCertificate -Name www.contoso.com</code><para>Takes in pasted or piped PEM text.</para></example>
[Cmdlet(VerbsData.Import, "KmCertificate", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(Certificate))]
public sealed class ImportKmCertificateCommand : KmCmdlet
{
    /// <summary>The files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>PEM text.</summary>
    // By property name too: else PowerShell takes every pipeline for one of files, before it has seen an object.
    [Parameter(Mandatory = true, ParameterSetName = "Text", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Text { get; set; } = "";

    /// <summary>Password of the keystore or of an encrypted key.</summary>
    [Parameter]
    public SecureString? Password { get; set; }

    /// <summary>Name of the entry; default: the first domain name. Only for a single certificate.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(CertificateCompleter))]
    public string? Name { get; set; }

    /// <summary>Tags of the certificates, on top of those that they have, to find them by.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <summary>Who answers for them: a name, a team or an address.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(OwnerCompleter))]
    public string? Owner { get; set; }

    /// <summary>Where they belong, such as shop/production.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GroupCompleter))]
    public string? Group { get; set; }

    /// <summary>Free text about them.</summary>
    [Parameter]
    public string? Note { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ParameterSetName == "Text"
        ? ImportAsync(pipeline, Encoding.UTF8.GetBytes(Text), "the given text")
        : ForEachFileAsync(pipeline, Path, file => ImportAsync(pipeline, FileInput.Read(file), file), cancellationToken);

    private async Task ImportAsync(IPipeline pipeline, byte[] data, string source)
    {
        if (await pipeline.ShouldProcessAsync(source, "Import certificate").ConfigureAwait(false))
        {
            foreach (Certificate certificate in Services.ImportCertificate.Run(data, Password.Reveal(), source, Name, LabelCells.Adding(Tag, Owner, Group, Note)))
            {
                await pipeline.WriteObjectAsync(certificate).ConfigureAwait(false);
            }
        }
    }
}
