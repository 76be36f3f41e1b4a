using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the groups that authorities keep for accounts.</summary>
/// <remarks>What is stored is shown; FetchedAt says from when it is, MissingSince since when the authority no longer lists it. Sync-KmAccount asks again.</remarks>
/// <example><code>Get-KmGroup -Account emsign</code><para>Lists the groups with their balances; the number goes into the setting Group of the account.</para></example>
/// <seealso cref="SyncKmAccountCommand"/>
/// <seealso cref="NewKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Get, "KmGroup")]
[OutputType(typeof(AuthorityGroup))]
public sealed class GetKmGroupCommand : KmCmdlet
{
    /// <summary>Name or number; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [Alias("Id")]
    public string Name { get; set; } = "*";

    /// <summary>Only those of this account; default: of all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<AuthorityGroup> found = await FindNamedAsync(pipeline, [Name], Services.Directory.ListGroups(Account?.Text), g => [g.Name, g.Id],
            name => throw new NotFoundException(ErrorIds.DirectoryMismatch, $"There is no group '{name}'.") { Target = name, Remedy = "Get-KmGroup lists them; Sync-KmAccount fetches the list again." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
