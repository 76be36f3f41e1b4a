using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the stored organizations, and those that authorities keep for accounts.</summary>
/// <remarks>Those with an Account are kept by its authority: Sync-KmAccount fetches them, AuthorityStatus says whether they are validated, MissingSince since when they are no longer listed.</remarks>
/// <example><code>Get-KmOrganization</code><para>Lists all of them.</para></example>
/// <example><code>Get-KmOrganization -Account emsign</code><para>Lists those that emSign has validated, or is validating.</para></example>
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

    /// <summary>Only those that the authority of this account keeps for it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<Organization> all = [.. Account is null ? Services.Presets.ListOrganizations() : [], .. Services.Directory.ListOrganizations(Account?.Text)];
        IReadOnlyList<Organization> found = await FindNamedAsync(pipeline, [Name], all, o => [o.Name, o.Id], Services.Presets.ResolveOrganization).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
