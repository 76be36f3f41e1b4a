using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Stores certificate requests that were made elsewhere, from files or pasted text.</summary>
/// <remarks>The signature and the strength of the key are checked. When the key is stored here too, the two are brought together.</remarks>
/// <example><code>Import-KmCsr ./appliance.csr -Name appliance</code><para>Stores a request from a file.</para></example>
/// <example><code>Get-Clipboard -Raw | Import-KmCsr</code><para>Stores a request from the clipboard.</para></example>
/// <seealso cref="TestKmCsrCommand"/>
[Cmdlet(VerbsData.Import, "KmCsr", SupportsShouldProcess = true, DefaultParameterSetName = "Path")]
[OutputType(typeof(CertificateSigningRequest))]
public sealed class ImportKmCsrCommand : KmCmdlet
{
    /// <summary>The files, PEM or DER; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath")]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>PEM text.</summary>
    // By property name too: else PowerShell takes every pipeline for one of files, before it has seen an object.
    [Parameter(Mandatory = true, ParameterSetName = "Text", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string Text { get; set; } = "";

    /// <summary>Name in the store; default: the first domain name.</summary>
    [Parameter]
    public string? Name { get; set; }

    protected override Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken) => ParameterSetName == "Text"
        ? ImportAsync(pipeline, Encoding.UTF8.GetBytes(Text), "the given text")
        : ForEachFileAsync(pipeline, Path, file => ImportAsync(pipeline, FileInput.Read(file), file), cancellationToken);

    private async Task ImportAsync(IPipeline pipeline, byte[] data, string source)
    {
        if (await pipeline.ShouldProcessAsync(source, "Import certificate request").ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(Services.Csrs.Import(data, source, Name)).ConfigureAwait(false);
        }
    }
}
