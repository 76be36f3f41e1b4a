using System;
using System.Globalization;
using System.IO;
using System.Text;
using KeyManager.Providers.Files;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>The database file itself: making it, and looking at it before SQLite does.</summary>
internal static class StoreFile
{
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("SQLite format 3\0");

    /// <summary>
    /// Makes a store under another name and gives it its own when it is complete, so that no process ever opens half a store and the first of
    /// several wins. Answers the data key, <c>null</c> when the name was taken meanwhile.
    /// </summary>
    public static DataKey? Create(StoreLocation location, Clock clock, StoreOptions options)
    {
        string folder = Path.GetDirectoryName(location.Path) ?? "/";
        string temporary = TemporaryBeside(location.Path);
        Action undo = () => { };
        DataKey dataKey = DataKey.New();
        bool isPublished = false;
        try
        {
            PrivateFile.CreateFolder(folder);
            PrivateFile.CreateNew(temporary);
            using (Database database = Database.Open(temporary, options.BusyTimeout))
            {
                new Migrator(location, clock, options).Create(database);
                Fill(database, location, clock, options, dataKey, ref undo);

                // The mode stays with the file. Set before anybody else can have it open, because switching needs the file alone.
                database.Script(options.IsNetworkPath(location.Path) ? "PRAGMA journal_mode = DELETE;" : "PRAGMA journal_mode = WAL;");
            }

            isPublished = PrivateFile.PublishNew(temporary, location.Path);
            return isPublished ? dataKey : null;
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, location.Path);
        }
        catch (DeploymentException e) when (e.ErrorId == ErrorIds.FileNotWritable)
        {
            throw new StoreException(ErrorIds.StoreNotWritable, $"The store '{location.Path}' cannot be made. {e.Message}", e)
            {
                Target = location.Path,
                Remedy = "Choose another place with -StorePath or KM_STORE, or run as a user who may write there.",
            };
        }
        finally
        {
            if (!isPublished)
            {
                undo();
                dataKey.Dispose();
                DeleteQuietly(temporary);
            }
        }
    }

    /// <summary>A name beside a file for what is to take its place when it is complete.</summary>
    public static string TemporaryBeside(string path) => Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.{Identifier.New()}.new");

    /// <summary>Copies a file that others may have open; only its owner can open the copy.</summary>
    public static void Copy(string from, string to)
    {
        PrivateFile.CreateNew(to);
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, FileMode.Open, FileAccess.Write, FileShare.None);
        source.CopyTo(target);
    }

    /// <summary>Bytes of a file; 0 for none.</summary>
    public static long SizeOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>Removes a database of which nobody knows, with what SQLite has put beside it.</summary>
    public static void DeleteQuietly(string path)
    {
        foreach (string suffix in (string[])["", "-journal", "-wal", "-shm"])
        {
            PrivateFile.DeleteQuietly(path + suffix);
        }
    }

    /// <summary>Gives a store, with what belongs to it, another name beside it; answers the name.</summary>
    public static string MoveAside(string path, string why, Clock clock)
    {
        string name = string.Format(CultureInfo.InvariantCulture, "{0}.{1}-{2:yyyyMMdd-HHmmss}", path, why, clock.UtcNow);
        string free = name;

        // Two within a second must not fight for one name.
        for (int number = 2; File.Exists(free); number++)
        {
            free = string.Format(CultureInfo.InvariantCulture, "{0}-{1}", name, number);
        }

        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(path + suffix))
            {
                File.Move(path + suffix, free + suffix);
            }
        }

        return free;
    }

    /// <summary>Refuses when somebody else has the store open: what he wrote from then on would go into a file that is a store no more.</summary>
    /// <exception cref="StoreException">KmStoreBusy.</exception>
    public static void RequireAlone(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using Database alone = Database.Open(path, TimeSpan.FromSeconds(1), isAlone: true);
            alone.Begin(forWriting: true);
            alone.Rollback();
        }
        catch (SqliteException e) when (SqliteErrors.IsHarmless(e))
        {
            throw new StoreException(ErrorIds.StoreBusy, $"Another process has the store '{path}' open.", e)
            {
                Target = path,
                Remedy = "End the PowerShell sessions, tasks and services that use it, then run the command again.",
                IsTransient = true,
            };
        }
        catch (SqliteException)
        {
            // Too damaged to be asked; nobody else can work with it either.
        }
    }

    /// <summary>Refuses what cannot be a store, with words that help, before SQLite is asked.</summary>
    public static void Check(StoreLocation location)
    {
        string path = location.Path;
        if (Directory.Exists(path))
        {
            throw SqliteErrors.CorruptError(path, "is a folder, not a KeyManager store");
        }

        byte[] start = new byte[Magic.Length];
        int read;
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            read = stream.Read(start, 0, start.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.NotWritableError(path, e is UnauthorizedAccessException ? "access is denied" : e.Message.TrimEnd('.'), e);
        }

        if (read == 0)
        {
            throw SqliteErrors.CorruptError(path, "is empty (0 bytes), not a KeyManager store");
        }

        if (read < Magic.Length || !start.AsSpan().SequenceEqual(Magic))
        {
            throw SqliteErrors.CorruptError(path, "is not a KeyManager store");
        }

        // After the look at its first bytes: nobody should be told to change the rights of a file that is something else.
        if (PrivateFile.FindRightsProblem(path, "The store") is { } problem)
        {
            throw problem;
        }
    }

    private static void Fill(Database database, StoreLocation location, Clock clock, StoreOptions options, DataKey dataKey, ref Action undo)
    {
        string storeId = Identifier.New();
        ProtectorRing ring = new(new ProtectorSite(storeId, location), options);
        database.Begin(forWriting: true);
        try
        {
            _ = database.Execute(
                "INSERT INTO store (id, store_id, data_key_id, created_at) VALUES (1, @store, @key, @now)",
                ("@store", storeId),
                ("@key", dataKey.Id),
                ("@now", clock.UtcNow));
            AuditTable audit = new(database, clock, storeId);
            _ = audit.Append(new AuditEntry("Store", "StoreCreated", storeId, Path.GetFileName(location.Path)));
            foreach (KeyProtectorRequest request in options.Protectors.Count > 0 ? options.Protectors : [new KeyProtectorRequest(ring.DefaultKind)])
            {
                KeyProtector added = ring.Add(database, request, dataKey, clock, out Action undoThis);
                Action undoBefore = undo;
                undo = () =>
                {
                    undoThis();
                    undoBefore();
                };
                _ = audit.Append(new AuditEntry("Store", "ProtectorAdded", added.Id, added.Name, $"Kind {added.Kind}"));
            }

            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }
}
