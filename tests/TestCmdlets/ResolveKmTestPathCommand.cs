using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.TestCmdlets;

/// <summary>Says what a path means.</summary>
/// <example><code>Resolve-KmTestPath ./a.pem</code><para>The full path, whether it exists or not.</para></example>
[Cmdlet(VerbsDiagnostic.Resolve, "KmTestPath", DefaultParameterSetName = "New")]
[OutputType(typeof(string))]
public sealed class ResolveKmTestPathCommand : KmCmdlet
{
    /// <summary>A file that need not exist.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "New")]
    public string Path { get; set; } = "";

    /// <summary>Files that do.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Existing")]
    public string Existing { get; set; } = "";

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (ParameterSetName == "New")
        {
            await pipeline.WriteObjectAsync(await ResolvePathAsync(pipeline, Path).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        foreach (string path in await ResolveExistingPathsAsync(pipeline, Existing).ConfigureAwait(false))
        {
            await pipeline.WriteObjectAsync(path).ConfigureAwait(false);
        }
    }
}
