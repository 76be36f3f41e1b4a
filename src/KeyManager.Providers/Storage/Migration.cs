using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

namespace KeyManager.Providers.Storage;

/// <summary>One numbered change of the schema.</summary>
/// <param name="Number">1 for the first; the schema version it leads to.</param>
/// <param name="Name">What it does.</param>
/// <param name="Sql">How.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    private static readonly Lazy<IReadOnlyList<Migration>> Embedded = new(Load);

    /// <summary>Those of this version of KeyManager, in order: the embedded files Storage/Migrations/NNN_what.sql.</summary>
    public static IReadOnlyList<Migration> All => Embedded.Value;

    private static List<Migration> Load()
    {
        const string Folder = ".Storage.Migrations.";
        Assembly assembly = typeof(Migration).Assembly;
        List<Migration> migrations = [];
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder) && name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            string name = resource.Substring(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length);
            using Stream stream = assembly.GetManifestResourceStream(resource)!; // just listed
            using StreamReader reader = new(stream, Encoding.UTF8);
            migrations.Add(new Migration(int.Parse(name.Substring(0, 3), CultureInfo.InvariantCulture), name.Substring(4, name.Length - 8), reader.ReadToEnd()));
        }

        return [.. migrations.OrderBy(migration => migration.Number)];
    }
}
