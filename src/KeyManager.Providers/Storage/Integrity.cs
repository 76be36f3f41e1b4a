using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Storage;

/// <summary>What is wrong with the file, the references and the audit trail of a store.</summary>
internal static class Integrity
{
    /// <summary>The problems; empty when there are none.</summary>
    public static IReadOnlyList<string> FindProblems(Database database, Clock clock)
    {
        List<string> problems = [.. FindDamage(database)];
        problems.AddRange(database.Query("PRAGMA foreign_key_check", row => $"A row of {row.Text(0)} refers to a row of {row.Text(2)} that does not exist."));
        if (database.Number("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('audit_log', 'audit_head')") < 3)
        {
            problems.Add("The audit trail has lost the triggers that keep it from being changed.");
        }

        if (new AuditTable(database, clock, database.Text("SELECT store_id FROM store") ?? "").Verify() is { } broken)
        {
            problems.Add($"Audit trail: {broken}");
        }

        return problems;
    }

    /// <summary>What SQLite finds wrong with its pages, trees and indexes.</summary>
    public static IEnumerable<string> FindDamage(Database database) => database.Query("PRAGMA integrity_check", row => row.Text(0)).Where(line => line != "ok");
}
