using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the domains that authorities keep for accounts.</summary>
/// <remarks>What is stored is shown; FetchedAt says from when it is, MissingSince since when the authority no longer lists it. Sync-KmAccount asks again.</remarks>
/// <example><code>Get-KmDomain *.com -Account emsign | Where-Object IsValidated</code><para>Lists the domains for which orders need no proof.</para></example>
/// <seealso cref="SyncKmAccountCommand"/>
/// <seealso cref="NewKmCertificateOrderCommand"/>
[Cmdlet(VerbsCommon.Get, "KmDomain")]
[OutputType(typeof(AuthorityDomain))]
public sealed class GetKmDomainCommand : KmCmdlet
{
    /// <summary>Domain; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [Alias("Name")]
    public string DomainName { get; set; } = "*";

    /// <summary>Only those of this account; default: of all.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(AccountCompleter))]
    public AccountReference? Account { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<AuthorityDomain> found = await FindNamedAsync(pipeline, [DomainName], Services.Directory.ListDomains(Account?.Text), d => [d.DomainName],
            name => throw new NotFoundException(ErrorIds.DirectoryMismatch, $"There is no domain '{name}'.") { Target = name, Remedy = "Get-KmDomain lists them; Sync-KmAccount fetches the list again." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
