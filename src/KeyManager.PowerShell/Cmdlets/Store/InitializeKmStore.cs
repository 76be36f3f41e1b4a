using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Makes a new store.</summary>
/// <remarks>
/// Not needed to begin with: the first command that changes something makes the store at its default place. Use it to choose the place or the
/// protectors. Default protectors: Windows data protection of the user (or of the machine with -Scope LocalMachine); on Linux and macOS a key file
/// outside of the store's folder that only its owner can read.
/// </remarks>
/// <example><code>Initialize-KmStore -Passphrase (Read-Host -AsSecureString)</code><para>Makes your store with its usual protector and a passphrase for recovery.</para></example>
/// <example><code>Initialize-KmStore -Scope LocalMachine</code><para>Makes the store of the machine, for scheduled tasks and services.</para></example>
/// <seealso cref="GetKmStoreCommand"/>
/// <seealso cref="AddKmKeyProtectorCommand"/>
[Cmdlet(VerbsData.Initialize, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(StoreInfo))]
public sealed class InitializeKmStoreCommand : KmCmdlet
{
    /// <summary>File, or folder for store.db; default: -StorePath, KM_STORE, or the default place of the scope.</summary>
    [Parameter(Position = 0)]
    public string? Path { get; set; }

    /// <summary>Whose store it is: CurrentUser or LocalMachine. Default: CurrentUser; LocalMachine for root on Linux.</summary>
    [Parameter]
    public StoreScope? Scope { get; set; }

    /// <summary>Also protect it with this passphrase, at least 8 characters: the way in when everything else is lost.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>Use this key file instead of the usual protector; it is made when it does not exist.</summary>
    [Parameter]
    public string? KeyFilePath { get; set; }

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string? path = Path is null ? StoreFullPath : await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        string? keyFile = await ResolveOptionalPathAsync(pipeline, KeyFilePath).ConfigureAwait(false);
        StoreLocation location = CompositionRoot.Locate(path, Scope);
        if (!await pipeline.ShouldProcessAsync(location.Path, "Make store").ConfigureAwait(false))
        {
            return;
        }

        KeyProtectorRequest? first = keyFile is null ? null : new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: keyFile);
        using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
        await pipeline.WriteObjectAsync(CompositionRoot.Create(location, first, passphrase?.Utf8)).ConfigureAwait(false);
    }
}
