using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Fetches what an authority knows about accounts: products with their prices, groups, organizations, domains.</summary>
/// <remarks>
/// Orders and Get-KmProduct do it by themselves: for products after a day, for the rest after a week. What the authority no longer lists is marked (MissingSince) and stays, for
/// the orders that name it.
/// </remarks>
/// <example><code>Sync-KmAccount store1</code><para>Fetches the catalogue now, for example after prices have changed.</para></example>
/// <example><code>Sync-KmAccount emsign -Scope Organization, Domain</code><para>Fetches what emSign has validated meanwhile.</para></example>
/// <seealso cref="GetKmProductCommand"/>
/// <seealso cref="GetKmGroupCommand"/>
/// <seealso cref="GetKmDomainCommand"/>
[Cmdlet(VerbsData.Sync, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class SyncKmAccountCommand : AccountCmdlet
{
    /// <summary>Which parts: Group, Organization, Domain, Product; default: all that the authority has.</summary>
    [Parameter]
    public DirectoryScope[] Scope { get; set; } = [DirectoryScope.All];

    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        DirectoryScope scope = Scope.Aggregate(DirectoryScope.None, (all, part) => all | part);
        if (await pipeline.ShouldProcessAsync(account.ToString(), $"Fetch {(scope == DirectoryScope.All ? "the catalogue and directory" : scope.ToString().ToLowerInvariant())}").ConfigureAwait(false))
        {
            await Services.Directory.SyncAsync(account.Id, scope, pipeline, cancellationToken).ConfigureAwait(false);
            await pipeline.WriteObjectAsync(account).ConfigureAwait(false);
        }
    }
}
