using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes tasks that run Invoke-KmRenewal. From then on nothing is renewed by itself.</summary>
/// <example><code>Unregister-KmRenewalTask -Force</code><para>Removes the task KeyManager without asking.</para></example>
/// <seealso cref="RegisterKmRenewalTaskCommand"/>
[Cmdlet(VerbsLifecycle.Unregister, "KmRenewalTask", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class UnregisterKmRenewalTaskCommand : KmCmdlet
{
    /// <summary>Name of the task; default KeyManager.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Name { get; set; } = ["KeyManager"];

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<RenewalTask> all = await Services.RenewalTasks.ListAsync(cancellationToken).ConfigureAwait(false);
        await ForEachAsync(pipeline, Name, Name.Length > 1, async name =>
        {
            RenewalTask[] found = [.. all.Where(t => string.Equals(t.Name, name, System.StringComparison.OrdinalIgnoreCase))];
            foreach (RenewalTask task in found.Length > 0 ? found : throw GetKmRenewalTaskCommand.Missing(name))
            {
                if (await pipeline.ShouldProcessAsync(task.ToString(), "Remove renewal task").ConfigureAwait(false))
                {
                    await Services.RenewalTasks.RemoveAsync(task, cancellationToken).ConfigureAwait(false);
                }
            }
        }).ConfigureAwait(false);
    }
}
