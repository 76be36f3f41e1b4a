using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the renewal policies.</summary>
/// <example><code>Get-KmRenewalPolicy</code><para>Lists all policies.</para></example>
/// <seealso cref="SetKmRenewalPolicyCommand"/>
[Cmdlet(VerbsCommon.Get, "KmRenewalPolicy")]
[OutputType(typeof(RenewalPolicy))]
public sealed class GetKmRenewalPolicyCommand : KmCmdlet
{
    /// <summary>Name of the policy; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(RenewalPolicyCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<RenewalPolicy> found = await FindNamedAsync(pipeline, Name, Services.RenewalPolicies.List(), p => [p.Name, p.Id], Services.RenewalPolicies.Resolve).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
