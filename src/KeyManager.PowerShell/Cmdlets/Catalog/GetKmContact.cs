using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the stored contacts.</summary>
/// <example><code>Get-KmContact</code><para>Lists all of them.</para></example>
/// <seealso cref="NewKmContactCommand"/>
[Cmdlet(VerbsCommon.Get, "KmContact")]
[OutputType(typeof(Contact))]
public sealed class GetKmContactCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(ContactCompleter))]
    [SupportsWildcards]
    [Alias("Id")]
    public string Name { get; set; } = "*";

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<Contact> found = await FindNamedAsync(pipeline, [Name], Services.Presets.ListContacts(), c => [c.Name, c.Id], Services.Presets.ResolveContact).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
