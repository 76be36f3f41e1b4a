using System;
using System.Management.Automation;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Checks certificate requests: whether they can be read, are signed by their own key, and have a key that is strong enough.</summary>
/// <remarks>Answers true, or an error that says what is wrong and false. With -Detailed it answers what the request says. Nothing is stored.</remarks>
/// <example><code>Test-KmCsr ./appliance.csr -Detailed</code><para>Shows names, subject and key of the request.</para></example>
/// <seealso cref="ImportKmCsrCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmCsr", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool), typeof(CertificateRequestContent))]
public sealed class TestKmCsrCommand : KmCmdlet
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

    /// <summary>Answer what the request says instead of true.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "Text")
        {
            await TestAsync(pipeline, () => Encoding.UTF8.GetBytes(Text), "the given text").ConfigureAwait(false);
            return;
        }

        foreach (string pattern in Path)
        {
            foreach (string file in await ResolveExistingPathsAsync(pipeline, pattern).ConfigureAwait(false))
            {
                await TestAsync(pipeline, () => FileInput.Read(file), file).ConfigureAwait(false);
            }
        }
    }

    private async Task TestAsync(IPipeline pipeline, Func<byte[]> read, string source)
    {
        object result = false;
        try
        {
            CertificateRequestContent content = CompositionRoot.RequestTools.Read(read(), source);
            result = Detailed ? content : true;
        }
        catch (KeyMaterialException error)
        {
            await pipeline.WriteErrorAsync(error, source).ConfigureAwait(false);
        }

        await pipeline.WriteObjectAsync(result).ConfigureAwait(false);
    }
}
