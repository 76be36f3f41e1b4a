using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Unlocks the secrets of the store for this process.</summary>
/// <remarks>
/// Usually not needed: a protector that works without asking (Windows data protection, a key file) unlocks by itself when a secret is first needed.
/// Use it for a store with only a passphrase, or after Lock-KmStore.
/// </remarks>
/// <example><code>Unlock-KmStore -Passphrase (Read-Host -AsSecureString)</code><para>Unlocks with the passphrase.</para></example>
/// <seealso cref="LockKmStoreCommand"/>
[Cmdlet(VerbsCommon.Unlock, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreInfo))]
public sealed class UnlockKmStoreCommand : KmCmdlet
{
    /// <summary>The passphrase; without it the protectors that work without asking are tried, and KM_STORE_PASSPHRASE(_FILE).</summary>
    [Parameter(Position = 0)]
    public SecureString? Passphrase { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(Services.Store.GetInfo().Path, "Unlock store").ConfigureAwait(false))
        {
            using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
            Services.Store.Protection.Unlock(passphrase?.Utf8);
            await pipeline.WriteObjectAsync(Services.Store.GetInfo()).ConfigureAwait(false);
        }
    }
}
