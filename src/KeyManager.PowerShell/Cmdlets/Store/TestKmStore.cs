using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.PowerShell;
using KeyManager.Storage;

namespace KeyManager.Commands;

/// <summary>Examines the store: file, rights, indexes, references, audit trail, protectors, every secret and every certificate. Can mend it.</summary>
/// <remarks>
/// Writes a line for each thing that was looked at, and an error for each that failed, so that $? is false and a scheduler sees it. It reads everything and changes nothing; others may
/// work with the store meanwhile. A store that no longer opens is examined too.
///
/// With -Repair it asks once, and then mends what can be mended: rights, indexes, references to rows that are gone, columns that say something other than the certificate or order, entries
/// without a current version. When pages of the file are damaged, every row that can be read is copied into a new file, which takes the place of the store; the damaged file is kept beside
/// it, with .damaged and the time in its name. What could not be read is counted for each table. For that no other process may have the store open.
/// </remarks>
/// <example><code>Test-KmStore</code><para>Looks at everything.</para></example>
/// <example><code>pwsh -NoProfile -NonInteractive -Command "Test-KmStore; exit [int](-not `$?)"</code><para>For a scheduler: it ends with 1 when something failed.</para></example>
/// <example><code>Test-KmStore -Repair | Where-Object Outcome -ne Passed | Format-List</code><para>Asks, mends, and shows what was mended and what is lost.</para></example>
/// <seealso cref="RestoreKmStoreCommand"/>
/// <seealso cref="TestKmAuditTrailCommand"/>
[Cmdlet(VerbsDiagnostic.Test, "KmStore", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(StoreCheck))]
public sealed class TestKmStoreCommand : KmCmdlet
{
    private static readonly string[] Examinable = [ErrorIds.StoreCorrupt, ErrorIds.StoreRightsTooWide, ErrorIds.StoreVersionTooNew];

    /// <summary>Mend what can be mended.</summary>
    [Parameter]
    public SwitchParameter Repair { get; set; }

    /// <summary>Do not ask before mending.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override bool NeedsStore => false;

    protected override async Task ProcessRecordAsync(IPipeline pipeline, CancellationToken cancellationToken)
    {
        StoreLocation location = CompositionRoot.Locate(StoreFullPath, null);
        Task<bool> Approve(IReadOnlyList<StoreCheck> mendable) =>
            pipeline.ShouldProcessAsync(location.Path, $"Repair store: {string.Join("; ", mendable.Select(c => c.ToString()))}");
        IReadOnlyList<StoreCheck> checks =
            await CompositionRoot.ExamineAsync(location, TryOpen(), Repair ? Approve : null, pipeline, cancellationToken).ConfigureAwait(false);
        foreach (StoreCheck check in checks)
        {
            await pipeline.WriteObjectAsync(check).ConfigureAwait(false);
            if (check.Outcome == StoreCheckOutcome.Failed)
            {
                StoreException error = new(check.ErrorId ?? ErrorIds.StoreCorrupt, $"{check.Name}: {check.Message}") { Target = location.Path, Remedy = check.Remedy };
                await pipeline.WriteErrorAsync(error).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The store, for its data key; null when it is too damaged to open.</summary>
    private IStore? TryOpen()
    {
        try
        {
            return Services.Store;
        }
        catch (StoreException e) when (Array.IndexOf(Examinable, e.ErrorId) >= 0)
        {
            return null;
        }
    }
}
