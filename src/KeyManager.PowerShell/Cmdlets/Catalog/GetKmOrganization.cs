using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the stored organizations.</summary>
/// <example><code>Get-KmOrganization</code><para>Lists all of them.</para></example>
/// <seealso cref="NewKmOrganizationCommand"/>
[Cmdlet(VerbsCommon.Get, "KmOrganization")]
[OutputType(typeof(Organization))]
public sealed class GetKmOrganizationCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OrganizationCompleter))]
    [SupportsWildcards]
    [Alias("Id")]
    public string Name { get; set; } = "*";

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        NamePattern pattern = new(Name);
        IReadOnlyList<Organization> found = pattern.Select(Services.Presets.ListOrganizations(), p => [p.Name, p.Id]);
        if (found.Count == 0 && !pattern.HasWildcards)
        {
            _ = Services.Presets.ResolveOrganization(Name);
        }

        foreach (Organization organization in found)
        {
            await pipeline.WriteObjectAsync(organization).ConfigureAwait(false);
        }
    }
}
