using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Makes a new data key for the store and encrypts every secret again.</summary>
/// <remarks>
/// One transaction: it happens whole or not at all. Passphrase protectors need their passphrase to be wrapped again; one that cannot be reached stops the
/// change, or is dropped with -Force. Backups keep their own key.
/// </remarks>
/// <example><code>Update-KmStoreKey -Passphrase (Read-Host -AsSecureString)</code><para>Asks, then makes a new key; the passphrase goes on working.</para></example>
/// <seealso cref="GetKmKeyProtectorCommand"/>
[Cmdlet(VerbsData.Update, "KmStoreKey", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(KeyProtector))]
public sealed class UpdateKmStoreKeyCommand : KmCmdlet
{
    /// <summary>The passphrase of the store's passphrase protectors.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>Do not ask, and drop the protectors that cannot be reached; those dropped are returned.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        if (await pipeline.ShouldProcessAsync(Services.Store.GetInfo().Path, "Make a new data key and encrypt every secret again").ConfigureAwait(false))
        {
            using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
            foreach (KeyProtector dropped in Services.Store.Protection.RotateKey(passphrase?.Utf8, Force))
            {
                pipeline.Warn($"The protector {dropped} could not be reached and was dropped.");
                await pipeline.WriteObjectAsync(dropped).ConfigureAwait(false);
            }
        }
    }
}
