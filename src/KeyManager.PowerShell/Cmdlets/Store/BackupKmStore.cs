using System.IO;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;

namespace KeyManager.Commands;

/// <summary>Writes a consistent copy of the store, also while it is in use.</summary>
/// <remarks>
/// The copy holds the secrets encrypted, with its own protectors: a key file has to be backed up apart, and a copy that is to be opened on another
/// machine needs a passphrase protector.
/// </remarks>
/// <example><code>Backup-KmStore -Path /backup/km-$(Get-Date -Format yyyyMMdd).db</code><para>Writes a copy with the date in its name.</para></example>
/// <seealso cref="RestoreKmStoreCommand"/>
[Cmdlet(VerbsData.Backup, "KmStore", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class BackupKmStoreCommand : KmCmdlet
{
    /// <summary>The file to write; it must not exist.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string path = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        if (await pipeline.ShouldProcessAsync(path, "Back up store").ConfigureAwait(false))
        {
            Services.Store.Backup(path);
            await pipeline.WriteObjectAsync(new FileInfo(path)).ConfigureAwait(false);
        }
    }
}
