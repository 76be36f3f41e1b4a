using System.Collections.Generic;
using System.IO;
using System.Management.Automation;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Writes a consistent copy of the store, also while it is in use.</summary>
/// <remarks>
/// The copy holds the secrets encrypted, with the protectors of the store: a key file has to be backed up apart, and Windows data protection opens it nowhere else. With -Passphrase or
/// -KeyFilePath the copy gets these protectors instead, for another machine; the store is not changed. The copy is read through once before it gets its name. Whoever works with the store
/// is not held up. Ctrl-C leaves nothing behind.
/// </remarks>
/// <example><code>Backup-KmStore -Path /backup/km-$(Get-Date -Format yyyyMMdd).db</code><para>Writes a copy with the date in its name.</para></example>
/// <example><code>Backup-KmStore -Path ./move.db -Passphrase (Read-Host -AsSecureString)</code><para>Writes a copy that this passphrase opens, on any machine.</para></example>
/// <seealso cref="RestoreKmStoreCommand"/>
/// <seealso cref="ExportKmStoreCommand"/>
[Cmdlet(VerbsData.Backup, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class BackupKmStoreCommand : KmCmdlet
{
    /// <summary>The file to write; it must not exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>Protect the copy with this passphrase, at least 8 characters, in the place of the store's protectors.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>Protect the copy with this key file, in the place of the store's protectors; it is made when it does not exist, and never overwritten.</summary>
    [Parameter]
    public string? KeyFilePath { get; set; }

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        string? keyFile = await ResolveOptionalPathAsync(pipeline, KeyFilePath).ConfigureAwait(false);
        if (!await pipeline.ShouldProcessAsync(path, "Back up store").ConfigureAwait(false))
        {
            return;
        }

        using SecretText? passphrase = Passphrase is null ? null : new SecretText(Passphrase);
        Services.BackUpStore.Run(path, Protectors.Of(passphrase, keyFile), pipeline, cancellationToken);
        await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
    }
}
