using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the tasks of this machine that run Invoke-KmRenewal, with when and how they ran, where the scheduler says so.</summary>
/// <example><code>Get-KmRenewalTask</code><para>Lists them.</para></example>
/// <seealso cref="RegisterKmRenewalTaskCommand"/>
[Cmdlet(VerbsCommon.Get, "KmRenewalTask")]
[OutputType(typeof(RenewalTask))]
public sealed class GetKmRenewalTaskCommand : KmCmdlet
{
    /// <summary>Name of the task; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<RenewalTask> all = await Services.RenewalTasks.ListAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<RenewalTask> found = await FindNamedAsync(pipeline, Name, all, t => [t.Name], name => throw Missing(name)).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }

    internal static NotFoundException Missing(string name) =>
        new(ErrorIds.RenewalTaskNotFound, $"There is no renewal task '{name}' that this user can see.") { Target = name, Remedy = "Get-KmRenewalTask lists them; Register-KmRenewalTask makes one." };
}
