using System.Collections.Generic;
using System.Globalization;

namespace KeyManager.Providers.Storage.Care;

/// <summary>The audit trail.</summary>
internal sealed class AuditCheckup() : StoreCheckup(
    "AuditTrail", ErrorIds.AuditTrailBroken, "Somebody or something changed the store from outside, or lines were lost with a damaged file. Compare with a backup; what is broken stays visible.")
{
    private long _lines;

    public override string Good => string.Format(CultureInfo.InvariantCulture, "No line of {0:N0} was changed, removed or put in between.", _lines);

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;
        _lines = database.Number("SELECT COUNT(*) FROM audit_log");
        bool hasHead = database.Any("SELECT 1 FROM audit_head");
        foreach (string problem in new AuditTable(database, context.Clock, context.StoreId).FindProblems())
        {
            // Without the record of the last line none could ever be written again. The repair tells of itself in the trail.
            yield return new Finding(problem, hasHead || _lines == 0
                ? null
                : () => EndWithLastLine(database));
        }
    }

    private static void EndWithLastLine(Database database) =>
        _ = database.Execute("INSERT OR IGNORE INTO audit_head (id, number, hash) SELECT 1, number, hash FROM audit_log ORDER BY number DESC LIMIT 1");
}
