using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Shows the store that is used: place, size, contents, whether it is unlocked.</summary>
/// <example><code>Get-KmStore | Format-List</code><para>Shows everything about it.</para></example>
/// <seealso cref="InitializeKmStoreCommand"/>
[Cmdlet(VerbsCommon.Get, "KmStore")]
[OutputType(typeof(StoreInfo))]
public sealed class GetKmStoreCommand : KmCmdlet
{
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        StoreInfo info = Services.Store.GetInfo();
        foreach (string warning in info.Warnings)
        {
            pipeline.Warn(warning);
        }

        await pipeline.WriteObjectAsync(info).ConfigureAwait(false);
    }
}
