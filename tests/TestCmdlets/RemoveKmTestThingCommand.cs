using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.TestCmdlets;

/// <summary>Removes nothing, after asking.</summary>
/// <example><code>Remove-KmTestThing a, b -Force</code><para>Removes two things without a question.</para></example>
[Cmdlet(VerbsCommon.Remove, "KmTestThing", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(string))]
public sealed class RemoveKmTestThingCommand : KmCmdlet
{
    /// <summary>What to remove.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Asks with words of its own.</summary>
    [Parameter]
    public SwitchParameter Loud { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (string name in Name)
        {
            bool yes = Loud
                ? await pipeline.ShouldProcessAsync(name, $"Removes {name} for ever.", $"HTTPS of {name} dies at once. Remove it?", "Remove test thing").ConfigureAwait(false)
                : await pipeline.ShouldProcessAsync(name, "Remove test thing").ConfigureAwait(false);
            if (yes)
            {
                await pipeline.WriteObjectAsync("removed " + name).ConfigureAwait(false);
            }
        }
    }
}
