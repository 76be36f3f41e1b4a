using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Removes a stored organization. Orders that are placed keep what they were placed with.</summary>
/// <example><code>Remove-KmOrganization contoso</code><para>Removes it here; no authority hears of it.</para></example>
/// <seealso cref="GetKmOrganizationCommand"/>
[Cmdlet(VerbsCommon.Remove, "KmOrganization", SupportsShouldProcess = true)]
public sealed class RemoveKmOrganizationCommand : KmCmdlet
{
    /// <summary>The organization: the object, its id or its name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(OrganizationCompleter))]
    [Alias("Name", "Id")]
    public OrganizationReference? Organization { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        Organization organization = Services.Presets.ResolveOrganization(Organization!.Text); // mandatory
        if (await pipeline.ShouldProcessAsync(organization.ToString(), "Remove organization").ConfigureAwait(false))
        {
            Services.Presets.Remove(organization);
        }
    }
}
