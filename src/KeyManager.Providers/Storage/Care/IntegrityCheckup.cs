using System;
using System.Collections.Generic;
using System.Globalization;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Pages, trees and indexes, as SQLite checks them.</summary>
internal sealed class IntegrityCheckup() : StoreCheckup("Database", ErrorIds.StoreCorrupt, "Run Test-KmStore -Repair, or restore a backup with Restore-KmStore.")
{
    private long _pages;
    private bool _isReindexed;

    public override string Good => string.Format(CultureInfo.InvariantCulture, "All {0:N0} pages and all indexes are sound.", _pages);

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        _pages = context.Database.Number("PRAGMA page_count");
        _isReindexed = false;
        foreach (string line in Integrity.FindDamage(context.Database))
        {
            // What only an index has wrong is in the table still.
            bool isIndex = line.StartsWith("row ", StringComparison.Ordinal) || line.StartsWith("wrong # of entries in index", StringComparison.Ordinal);
            yield return isIndex ? new Finding(line, () => Reindex(context.Database)) : new Finding(line, NeedsRecovery: true);
        }
    }

    private void Reindex(Database database)
    {
        if (!_isReindexed)
        {
            database.Script("REINDEX;");
            _isReindexed = true;
        }
    }
}
