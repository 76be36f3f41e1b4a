using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Puts a backup in the place of the store.</summary>
/// <remarks>
/// The whole backup is checked first: the file, its references, the audit trail, the version. The store that was there is kept beside it, with .before-restore and the time in its name. End
/// other processes that use the store before; while one has it open, nothing is changed (KmStoreBusy). With -WhatIf the backup is checked and nothing else is done.
/// </remarks>
/// <example><code>Restore-KmStore -Path /backup/km-20261121.db</code><para>Asks, then puts the backup in place.</para></example>
/// <example><code>Restore-KmStore -Path /backup/km-20261121.db -WhatIf</code><para>Tries a backup: an error says what is wrong with it.</para></example>
/// <seealso cref="BackupKmStoreCommand"/>
/// <seealso cref="TestKmStoreCommand"/>
[Cmdlet(VerbsData.Restore, "KmStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StoreInfo))]
public sealed class RestoreKmStoreCommand : KmCmdlet
{
    /// <summary>The backup.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    /// <summary>Do not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        string backup = await ResolvePathAsync(pipeline, Path).ConfigureAwait(false);
        StoreLocation location = CompositionRoot.Locate(StoreFullPath, null);
        if (await pipeline.ShouldProcessAsync(location.Path, $"Replace store by the backup {backup}").ConfigureAwait(false))
        {
            string? kept = CompositionRoot.Restore(backup, location, pipeline, cancellationToken);
            if (kept is not null)
            {
                pipeline.Warn($"The store that was there is kept as '{kept}'.");
            }

            await pipeline.WriteObjectAsync(Services.Store.GetInfo()).ConfigureAwait(false);
        }
        else if (!ForceRule.MayChange(this))
        {
            CompositionRoot.CheckBackup(backup, location, pipeline, cancellationToken);
        }
    }
}
