using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Rows that refer to rows that are gone.</summary>
internal sealed class ReferenceCheckup() : StoreCheckup("References", ErrorIds.StoreCorrupt, "Run Test-KmStore -Repair.")
{
    public override string Good => "Every row refers to rows that exist.";

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;
        List<(string Table, string Parent, long Number)> broken = database.Query("PRAGMA foreign_key_check", row => (row.Text(0), row.Text(2), row.Number(3)));
        foreach (IGrouping<(string Table, string Parent, long Number), (string, string, long)> group in broken.GroupBy(b => b))
        {
            (string table, string parent, long number) = group.Key;
            (string column, string key, string action) = database.Query($"PRAGMA foreign_key_list({table})", row => (Id: row.Number(0), Key: (row.Text(3), row.Text(4), row.Text(6)))).Single(k => k.Id == number).Key;
            string lost = $"{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{key} = {table}.{column})";
            string text = $"{group.Count()} rows of {table} refer to rows of {parent} that do not exist.";
            yield return (action, parent) switch
            {
                ("SET NULL", _) => new Finding(text, () => database.Execute($"UPDATE {table} SET {column} = NULL WHERE {lost}")),
                (_, "lineages") when table == "certificates" => new Finding(text, () => NameEntries(database)),
                _ => new Finding(text, () => database.Execute($"DELETE FROM {table} WHERE {lost}")),
            };
        }
    }

    /// <summary>Certificates whose entry was lost get one by the name of their first domain.</summary>
    private static void NameEntries(Database database)
    {
        List<(string Id, string Name)> entries = database.Query(
            "SELECT lineage_id, domain_names FROM certificates c WHERE NOT EXISTS (SELECT 1 FROM lineages l WHERE l.id = c.lineage_id) ORDER BY version",
            row => (row.Text(0), row.Text(1).Split(' ')[0]));
        foreach ((string id, string name) in entries.GroupBy(e => e.Id).Select(g => g.Last()))
        {
            string free = name.Length > 0 && !database.Any("SELECT 1 FROM lineages WHERE name_key = @key", ("@key", NamePattern.ToKey(name))) ? name : $"{(name.Length > 0 ? name : "recovered")} ({id})";
            _ = database.Execute("INSERT INTO lineages (id, name, name_key) VALUES (@id, @name, @key)", ("@id", id), ("@name", free), ("@key", NamePattern.ToKey(free)));
        }
    }
}
