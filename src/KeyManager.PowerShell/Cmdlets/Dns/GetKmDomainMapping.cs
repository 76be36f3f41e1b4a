using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the mappings: which DNS account changes the records of which domain.</summary>
/// <example><code>Get-KmDomainMapping</code><para>Lists all mappings.</para></example>
/// <seealso cref="SetKmDomainMappingCommand"/>
[Cmdlet(VerbsCommon.Get, "KmDomainMapping")]
[OutputType(typeof(DomainMapping))]
public sealed class GetKmDomainMappingCommand : KmCmdlet
{
    /// <summary>The domain as it is mapped; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DomainMappingCompleter))]
    [SupportsWildcards]
    public string[] DomainName { get; set; } = ["*"];

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<DomainMapping> found = await FindNamedAsync(pipeline, DomainName, Services.DomainMappings.List(), m => [m.DomainName, m.Id], Services.DomainMappings.Resolve).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
