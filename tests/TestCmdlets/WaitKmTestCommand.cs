using System;
using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.PowerShell;

namespace KeyManager.TestCmdlets;

/// <summary>Waits, and writes a file when it is done with, however it ends.</summary>
/// <example><code>Wait-KmTest -Seconds 20 -CleanUpPath ./done</code><para>Waits for twenty seconds.</para></example>
[Cmdlet(VerbsLifecycle.Wait, "KmTest")]
[OutputType(typeof(string))]
public sealed class WaitKmTestCommand : KmCmdlet
{
    /// <summary>How long to wait.</summary>
    [Parameter(Position = 0)]
    public double Seconds { get; set; } = 20;

    /// <summary>Waits like code that does not look at its token.</summary>
    [Parameter]
    public SwitchParameter Deaf { get; set; }

    /// <summary>The file that the clean-up writes.</summary>
    [Parameter]
    public string? CleanUpPath { get; set; }

    /// <summary>How long the clean-up takes.</summary>
    [Parameter]
    public double CleanUpSeconds { get; set; }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.WriteObjectAsync("waiting").ConfigureAwait(false);
            if (Deaf)
            {
                Block();
            }
            else
            {
                await Clock.System.DelayAsync(TimeSpan.FromSeconds(Seconds), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (CleanUpPath is { } path)
            {
                await CleanUp.RunAsync(
                    async own =>
                    {
                        await Clock.System.DelayAsync(TimeSpan.FromSeconds(CleanUpSeconds), own).ConfigureAwait(false);
                        File.WriteAllText(path, "clean");
                    },
                    TimeSpan.FromSeconds(10)).ConfigureAwait(false);
            }
        }
    }

    private void Block()
    {
        using ManualResetEvent never = new(initialState: false);
        never.WaitOne(TimeSpan.FromSeconds(Seconds));
    }
}
