using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Exports a stored certificate request as PEM.</summary>
/// <example><code>Export-KmCsr www.contoso.com -Path ./www.csr</code><para>Writes the request to a file.</para></example>
/// <seealso cref="NewKmCsrCommand"/>
[Cmdlet(VerbsData.Export, "KmCsr", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportKmCsrCommand : KmCmdlet
{
    /// <summary>The request: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(CsrCompleter))]
    [Alias("Name", "Id")]
    public CsrReference? Csr { get; set; }

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public string Path { get; set; } = "";

    /// <summary>Replace a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        CertificateSigningRequest request = Services.Csrs.Get(Csr!.Text); // mandatory
        if (File.Exists(path) && !Force)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists.") { Target = path, Remedy = "Use -Force to replace it, or another -Path." };
        }

        if (await pipeline.ShouldProcessAsync(path, $"Export certificate request {request}").ConfigureAwait(false))
        {
            Services.Csrs.Export(request.Id, path);
            await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
        }
    }
}
