using System.Collections.Generic;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Fetches what an authority knows about accounts: the catalogue of products with their prices.</summary>
/// <remarks>Orders and Get-KmProduct do it by themselves when what is stored is older than a day.</remarks>
/// <example><code>Sync-KmAccount store1</code><para>Fetches the catalogue now, for example after prices have changed.</para></example>
/// <seealso cref="GetKmProductCommand"/>
[Cmdlet(VerbsData.Sync, "KmAccount", SupportsShouldProcess = true)]
[OutputType(typeof(AuthorityAccount))]
public sealed class SyncKmAccountCommand : AccountCmdlet
{
    protected override async Task ProcessAsync(IPipeline pipeline, AuthorityAccount account, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(account.ToString(), "Fetch the catalogue").ConfigureAwait(false))
        {
            IReadOnlyList<Product> products = await Services.Catalog.FetchAsync(account.Id, pipeline, cancellationToken).ConfigureAwait(false);
            pipeline.Verbose($"{account.Name} has {products.Count} products.");
            await pipeline.WriteObjectAsync(account).ConfigureAwait(false);
        }
    }
}
