using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Locks the secrets of the store in this process.</summary>
/// <remarks>Overwrites the data key in memory. Certificates and orders can still be listed; whatever needs a key or a password fails until Unlock-KmStore.</remarks>
/// <example><code>Lock-KmStore</code><para>Locks the store that is used.</para></example>
/// <seealso cref="UnlockKmStoreCommand"/>
[Cmdlet(VerbsCommon.Lock, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreInfo))]
public sealed class LockKmStoreCommand : KmCmdlet
{
    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(Services.Store.GetInfo().Path, "Lock store").ConfigureAwait(false))
        {
            Services.Store.Protection.Lock();
            await pipeline.WriteObjectAsync(Services.Store.GetInfo()).ConfigureAwait(false);
        }
    }
}
