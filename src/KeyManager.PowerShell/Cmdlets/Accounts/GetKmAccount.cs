using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Gets the accounts with certificate authorities.</summary>
/// <example><code>Get-KmAccount</code><para>Lists all accounts; the default one is marked.</para></example>
/// <seealso cref="NewKmAccountCommand"/>
[Cmdlet(VerbsCommon.Get, "KmAccount")]
[OutputType(typeof(AuthorityAccount))]
public sealed class GetKmAccountCommand : KmCmdlet
{
    /// <summary>Name, wildcards are allowed, or id.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(AccountCompleter))]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        IReadOnlyList<AuthorityAccount> found = await FindNamedAsync(pipeline, Name, Services.Store.Read(session => session.Accounts.List()), a => [a.Name, a.Id],
            name => throw new NotFoundException(ErrorIds.AccountNotFound, $"There is no account '{name}'.") { Target = name, Remedy = "New-KmAccount makes one." }).ConfigureAwait(false);
        await WriteAllAsync(pipeline, found, cancellationToken).ConfigureAwait(false);
    }
}
