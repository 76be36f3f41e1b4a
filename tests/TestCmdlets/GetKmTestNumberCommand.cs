using System;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.PowerShell;

namespace KeyManager.TestCmdlets;

/// <summary>Counts, and tells about it.</summary>
/// <remarks>
/// <para>Writes the numbers from 1 to <see cref="Count"/>.</para>
/// <para>Speaks on every stream before each number.</para>
/// </remarks>
/// <example>
/// <code>
/// Get-KmTestNumber -Count 3 |
///     Measure-Object
/// </code>
/// <para>Counts to three.</para>
/// </example>
/// <seealso cref="WaitKmTestCommand"/>
/// <seealso href="https://example.org/help">The web</seealso>
[Cmdlet(VerbsCommon.Get, "KmTestNumber")]
[OutputType(typeof(int))]
public sealed class GetKmTestNumberCommand : KmCmdlet
{
    /// <summary>How far to count.</summary>
    [Parameter(Position = 0)]
    [Alias("To")]
    public int Count { get; set; } = 3;

    /// <summary>Milliseconds between two numbers.</summary>
    [Parameter]
    public int DelayMilliseconds { get; set; }

    /// <summary>Says nothing but the numbers.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>An enumeration to complete.</summary>
    [Parameter]
    public KeyAlgorithm? Algorithm { get; set; }

    /// <inheritdoc/>
    protected override async Task EndProcessingAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        for (int i = 1; i <= Count; i++)
        {
            if (!Quiet)
            {
                pipeline.Verbose($"verbose {i}");
                pipeline.Warn($"warning {i}");
                pipeline.Progress(new ProgressReport("Counting", $"at {i}", 100 * i / Count));
            }

            if (DelayMilliseconds > 0)
            {
                await Clock.System.DelayAsync(TimeSpan.FromMilliseconds(DelayMilliseconds), cancellationToken).ConfigureAwait(false);
            }

            await pipeline.WriteObjectAsync(i).ConfigureAwait(false);
        }
    }
}
