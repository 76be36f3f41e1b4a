using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether the tables, indexes and triggers are those that the migrations make.</summary>
internal sealed class SchemaCheckup() : StoreCheckup("Schema", ErrorIds.StoreCorrupt, "Restore a backup with Restore-KmStore, or copy what there is with Export-KmStore.")
{
    private int _count;

    public override string Good => $"All {_count} tables, indexes and triggers are there.";

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        List<SchemaObject> right;
        using (Database model = Database.OpenMemory())
        {
            new Migrator(context.Location, context.Clock, context.Options).Create(model);
            right = Read(model);
        }

        _count = right.Count;
        Dictionary<string, SchemaObject> found = Read(context.Database).ToDictionary(o => o.Name, StringComparer.Ordinal);
        foreach (SchemaObject wanted in right)
        {
            if (!found.TryGetValue(wanted.Name, out SchemaObject? there))
            {
                yield return new Finding($"The {wanted.Type} {wanted.Name} is missing.", () => context.Database.Script(wanted.Sql));
            }
            else if (there.Sql != wanted.Sql)
            {
                yield return new Finding($"The {wanted.Type} {wanted.Name} was changed.", wanted.Type == "table" ? null : () => context.Database.Script($"DROP {wanted.Type} {wanted.Name}; {wanted.Sql}"));
            }
        }

        HashSet<string> names = [.. right.Select(o => o.Name)];
        foreach (SchemaObject other in found.Values.Where(o => !names.Contains(o.Name)))
        {
            yield return new Finding($"The {other.Type} {other.Name} is not KeyManager's.", IsWarning: true);
        }
    }

    /// <summary>What is in a database, tables first.</summary>
    internal static List<SchemaObject> Read(Database database) => database.Query(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name",
        row => new SchemaObject(row.Text(0), row.Text(1), row.Text(2)));

    /// <summary>A table, index or trigger.</summary>
    internal sealed record SchemaObject(string Type, string Name, string Sql);
}
