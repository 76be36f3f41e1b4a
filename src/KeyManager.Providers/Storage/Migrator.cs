using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Brings the schema of a store up to date, one numbered migration per transaction.</summary>
internal sealed class Migrator(StoreLocation location, Clock clock, StoreOptions options)
{
    /// <summary>"KmS1": tells our files from other SQLite databases.</summary>
    public const int ApplicationId = 0x4B6D5331;

    /// <summary>"KmP1": parts that were exported, in a file of the same schema.</summary>
    public const int PartsApplicationId = 0x4B6D5031;

    private const int BackupsKept = 3;

    private int Newest => options.Migrations.Count == 0 ? 0 : options.Migrations[options.Migrations.Count - 1].Number;

    /// <summary>Makes the schema in a file that is still empty.</summary>
    public void Create(Database database)
    {
        database.Script(FormattableString.Invariant($"PRAGMA application_id = {ApplicationId};"));
        foreach (Migration migration in options.Migrations)
        {
            Apply(database, migration);
        }
    }

    /// <summary>Checks that the file is a store which this version can use, and migrates it when it is older.</summary>
    public void Update(Database database)
    {
        int version = Check(database);
        if (version == Newest)
        {
            return;
        }

        // Another process may migrate at the same time: each step takes the write lock first and looks at the version again.
        bool hasBackup = false;
        foreach (Migration migration in options.Migrations.Where(m => m.Number > version))
        {
            database.Script("PRAGMA foreign_keys = OFF;");
            database.Begin(forWriting: true);
            try
            {
                if (Check(database) < migration.Number)
                {
                    if (!hasBackup)
                    {
                        BackUp(version);
                        hasBackup = true;
                    }

                    ApplyInTransaction(database, migration);
                    Audit(database, migration);
                }

                database.Commit();
            }
            catch
            {
                database.Rollback();
                throw;
            }
            finally
            {
                database.Script("PRAGMA foreign_keys = ON;");
            }
        }
    }

    private static int Version(Database database) => (int)database.Number("PRAGMA user_version");

    /// <summary>The schema version of a file that is a store; refuses any other.</summary>
    /// <exception cref="StoreException">KmStoreCorrupt, KmStoreVersionTooNew.</exception>
    public int Check(Database database)
    {
        int version = Version(database);
        if (database.Number("PRAGMA application_id") != ApplicationId || version < 1)
        {
            throw SqliteErrors.CorruptError(location.Path, "is a database, but not a KeyManager store");
        }

        if (version > Newest)
        {
            throw new StoreException(
                ErrorIds.StoreVersionTooNew,
                $"The store '{location.Path}' was written by a newer KeyManager (schema {version}; this one knows {Newest}). It was not changed.")
            {
                Target = location.Path,
                Remedy = "Update the KeyManager module, or restore the backup that the newer one made beside the store before it migrated it.",
            };
        }

        return version;
    }

    private static void Apply(Database database, Migration migration)
    {
        database.Begin(forWriting: true);
        try
        {
            ApplyInTransaction(database, migration);
            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private static void ApplyInTransaction(Database database, Migration migration)
    {
        database.Script(migration.Sql);
        database.Script(FormattableString.Invariant($"PRAGMA user_version = {migration.Number};"));
        if (database.Any("PRAGMA foreign_key_check"))
        {
            throw new InvalidOperationException($"Migration {migration.Number} ({migration.Name}) leaves rows that refer to nothing.");
        }
    }

    private void Audit(Database database, Migration migration)
    {
        string storeId = database.Text("SELECT store_id FROM store") ?? "";
        _ = new AuditTable(database, clock, storeId).Append(
            new AuditEntry("Store", "StoreMigrated", storeId, "", FormattableString.Invariant($"To schema {migration.Number}: {migration.Name}")));
    }

    /// <summary>Copies the store to a file beside it; the newest few such copies are kept.</summary>
    private void BackUp(int version)
    {
        string stamp = clock.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string path = FormattableString.Invariant($"{location.Path}.v{version}-{stamp}.backup");
        if (!File.Exists(path))
        {
            // The write lock is held, and readers may still read: what is copied is the state before the migration.
            new StoreBackup(location.Path, options, SilentReporter.Instance, CancellationToken.None).Write(path, isRead: false);
        }

        string folder = Path.GetDirectoryName(location.Path) ?? ".";
        IEnumerable<string> old = Directory.GetFiles(folder, Path.GetFileName(location.Path) + ".v*.backup")
            .OrderByDescending(file => file.Substring(file.LastIndexOf('-') + 1), StringComparer.Ordinal)
            .Skip(BackupsKept);
        foreach (string file in old)
        {
            PrivateFile.DeleteQuietly(file);
        }
    }
}
