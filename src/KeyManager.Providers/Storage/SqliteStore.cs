using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage;

/// <summary>
/// The store in one SQLite file. Threads read side by side, each on a connection of its own, and write one after the other; other processes
/// may do the same at the same time.
/// </summary>
public sealed class SqliteStore : IStore
{
    private const int ReadersKept = 4;

    private readonly StoreLocation _location;
    private readonly Clock _clock;
    private readonly StoreOptions _options;
    private readonly StoreProtection _protection;
    private readonly ConcurrentBag<Database> _readers = [];
    private readonly object _writing = new();
    private readonly bool _isOnNetwork;
    private readonly string _id;
    private readonly DateTimeOffset _createdAt;
    private Database? _writer;
    private volatile bool _isDisposed;

    private SqliteStore(StoreLocation location, Clock clock, StoreOptions options)
    {
        _location = location;
        _clock = clock;
        _options = options;
        _isOnNetwork = options.IsNetworkPath(location.Path);
        StoreFile.Check(location);
        try
        {
            _writer = Connect();
            if (_writer.IsReadOnly())
            {
                throw SqliteErrors.NotWritableError(location.Path, "it or its folder is read-only");
            }

            new Migrator(location, clock, options).Update(_writer);
            SetJournal(_writer);
            List<(string Id, DateTimeOffset CreatedAt)> identity = _writer.Query("SELECT store_id, created_at FROM store", row => (row.Text(0), row.Time(1)));
            (_id, _createdAt) = identity.Count == 1 ? identity[0] : throw SqliteErrors.CorruptError(location.Path, "has lost its identity");
        }
        catch (SqliteException e)
        {
            _writer?.Dispose();
            throw SqliteErrors.Translate(e, location.Path);
        }
        catch
        {
            _writer?.Dispose();
            throw;
        }

        _protection = new StoreProtection(this, _id, location, clock, options);
        Leases = new LeaseTable(this, clock);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => _location.Path;

    public ILeases Leases { get; }

    public IStoreProtection Protection => _protection;

    /// <summary>Opens a store; makes it first when there is none and <paramref name="createIfMissing"/> says so.</summary>
    /// <exception cref="StoreException">
    /// KmStoreNotFound, KmStoreRightsTooWide, KmStoreCorrupt, KmStoreVersionTooNew, KmStoreNotWritable, KmStoreBusy, KmStoreFull; when making
    /// one also KmProtectorUnavailable.
    /// </exception>
    public static SqliteStore Open(StoreLocation location, Clock clock, bool createIfMissing, StoreOptions? options = null)
    {
        _ = location ?? throw new ArgumentNullException(nameof(location));
        _ = clock ?? throw new ArgumentNullException(nameof(clock));
        options ??= new StoreOptions();
        if (File.Exists(location.Path) || Directory.Exists(location.Path))
        {
            return new SqliteStore(location, clock, options);
        }

        if (!createIfMissing)
        {
            throw new StoreException(ErrorIds.StoreNotFound, $"There is no store '{location.Path}'.")
            {
                Target = location.Path,
                Remedy = "Make one with Initialize-KmStore, or name another with -StorePath or KM_STORE.",
            };
        }

        return OpenNew(location, clock, options) ?? new SqliteStore(location, clock, options);
    }

    /// <summary>Makes a store; its data key is in memory afterwards.</summary>
    /// <exception cref="ConflictException">KmStoreAlreadyExists.</exception>
    /// <exception cref="StoreException">KmStoreNotWritable, KmProtectorUnavailable, ...</exception>
    public static SqliteStore Create(StoreLocation location, Clock clock, StoreOptions? options = null)
    {
        _ = location ?? throw new ArgumentNullException(nameof(location));
        _ = clock ?? throw new ArgumentNullException(nameof(clock));
        bool exists = File.Exists(location.Path) || Directory.Exists(location.Path);
        return (exists ? null : OpenNew(location, clock, options ?? new StoreOptions()))
            ?? throw new ConflictException(ConflictKind.Exists, ErrorIds.StoreAlreadyExists, $"There is a store or something else at '{location.Path}' already.")
            {
                Target = location.Path,
                Remedy = "Use it, or choose another path.",
            };
    }

    public StoreInfo GetInfo() => ReadDatabase(database => new StoreInfo
    {
        Id = _id,
        Path = Path,
        SchemaVersion = (int)database.Number("PRAGMA user_version"),
        IsUnlocked = _protection.IsUnlocked,
        Certificates = (int)database.Number("SELECT COUNT(*) FROM certificates WHERE is_current = 1"),
        Orders = (int)database.Number("SELECT COUNT(*) FROM orders"),
        Size = StoreFile.SizeOf(Path) + StoreFile.SizeOf(Path + "-wal"),
        CreatedAt = _createdAt,
        Warnings = Warnings(database),
    });

    public T Read<T>(Func<IStoreSession, T> work) => ReadDatabase(database =>
    {
        using StoreSession session = new(database, _protection, _clock);
        return work(session);
    });

    public T Write<T>(Func<IStoreSession, T> work, Durability durability = Durability.Immediate) => WriteDatabase(
        database =>
        {
            using StoreSession session = new(database, _protection, _clock);
            return work(session);
        },
        durability);

    public void Backup(string path, IReadOnlyList<KeyProtectorRequest> protectors, IReporter reporter, CancellationToken cancellationToken)
    {
        _ = path ?? throw new ArgumentNullException(nameof(path));
        _ = protectors ?? throw new ArgumentNullException(nameof(protectors));
        ThrowIfDisposed();
        StoreBackup backup = new(Path, _options, reporter, cancellationToken);
        string full = System.IO.Path.GetFullPath(path);
        if (protectors.Count == 0)
        {
            backup.Write(full);
            return;
        }

        // Before anything is copied: a store that cannot be unlocked is known at once.
        using DataKey key = ReadDatabase(_protection.Take);
        CopyProtectors change = new(_location with { Path = full }, _clock, _options, key, protectors);
        backup.Write(full, change);
    }

    public IReadOnlyList<string> CheckIntegrity() => ReadDatabase(database => Integrity.FindProblems(database, _clock));

    public void Dispose()
    {
        lock (_writing)
        {
            _isDisposed = true;
            _writer?.Dispose();
            _writer = null;
        }

        while (_readers.TryTake(out Database? reader))
        {
            reader.Dispose();
        }

        _protection.Dispose();
    }

    /// <summary>A copy of the data key in memory, for the caller to dispose; <c>null</c> while the store is locked, which it stays.</summary>
    internal DataKey? TryCopyKey() => ReadDatabase(_protection.TryCopy);

    /// <summary>Reads from one consistent moment.</summary>
    internal T ReadDatabase<T>(Func<Database, T> work)
    {
        ThrowIfDisposed();
        Database? database = null;
        try
        {
            if (!_readers.TryTake(out database))
            {
                database = Connect();
            }

            database.Begin(forWriting: false);
            T answer = work(database);
            database.Commit();
            return answer;
        }
        catch (SqliteException e)
        {
            database?.Dispose();
            database = null;
            throw SqliteErrors.Translate(e, Path);
        }
        finally
        {
            Return(database);
        }
    }

    /// <summary>Changes in one transaction.</summary>
    internal T WriteDatabase<T>(Func<Database, T> work, Durability durability = Durability.Immediate)
    {
        if (Monitor.IsEntered(_writing))
        {
            // Waiting for ourselves would end after the busy time-out, with the wrong error.
            throw new InvalidOperationException("IStore.Write and ILeases cannot be called inside of IStore.Write.");
        }

        if (!Monitor.TryEnter(_writing, _options.BusyTimeout))
        {
            throw SqliteErrors.BusyError(Path);
        }

        try
        {
            ThrowIfDisposed();
            _writer ??= Connect();

            // Without the write-ahead log, what is deferred would not keep its order.
            _writer.SetDurability(_isOnNetwork ? Durability.Immediate : durability);
            _writer.Begin(forWriting: true);
            T answer = work(_writer);
            _writer.Commit();
            return answer;
        }
        catch (SqliteException e)
        {
            _writer?.Rollback();
            if (!SqliteErrors.IsHarmless(e))
            {
                // After an I/O error or a full disk a connection may hold on to a state that is no more; the next call takes a new one.
                _writer?.Dispose();
                _writer = null;
            }

            throw SqliteErrors.Translate(e, Path);
        }
        catch
        {
            _writer?.Rollback();
            throw;
        }
        finally
        {
            Monitor.Exit(_writing);
        }
    }

    /// <summary>Writes the log into the database and empties it; what cannot be done because somebody reads is left for later.</summary>
    internal void EmptyWriteAheadLog()
    {
        lock (_writing)
        {
            try
            {
                _writer?.Script("PRAGMA wal_checkpoint(TRUNCATE);");
            }
            catch (SqliteException)
            {
                // The log is emptied by the next checkpoint; what was to be done is done.
            }
        }
    }

    private static SqliteStore? OpenNew(StoreLocation location, Clock clock, StoreOptions options)
    {
        DataKey? dataKey = StoreFile.Create(location, clock, options);
        if (dataKey is null)
        {
            return null;
        }

        SqliteStore store = new(location, clock, options);
        store._protection.Replace(dataKey);
        return store;
    }

    private Database Connect()
    {
        Database database = Database.Open(Path, _options.BusyTimeout);
        if (_options.MostPages is { } pages)
        {
            database.Script(FormattableString.Invariant($"PRAGMA max_page_count = {pages};"));
        }

        return database;
    }

    private void SetJournal(Database database)
    {
        string wanted = _isOnNetwork ? "delete" : "wal";
        if (database.Text("PRAGMA journal_mode") != wanted)
        {
            database.Script($"PRAGMA journal_mode = {wanted};");
        }
    }

    private List<string> Warnings(Database database)
    {
        List<string> warnings = [];
        if (_isOnNetwork)
        {
            warnings.Add("The store lies on a network file system: it works without the write-ahead log, slower, and relies on the locks of the server. A local disk is better.");
        }

        string? folder = System.IO.Path.GetDirectoryName(Path);
        foreach (ProtectorRow row in new ProtectorTable(database).List().Where(row => row.Kind == KeyProtectorKind.KeyFile && System.IO.Path.GetDirectoryName(row.Path) == folder))
        {
            warnings.Add($"The key file '{row.Path}' lies beside the store: a copy of the folder gives away both.");
        }

        return warnings;
    }

    private void Return(Database? database)
    {
        if (database is null)
        {
            return;
        }

        database.Rollback();
        if (_isDisposed || _readers.Count >= ReadersKept)
        {
            database.Dispose();
        }
        else
        {
            _readers.Add(database);
        }
    }

    private void ThrowIfDisposed()
    {
        if (_isDisposed)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }
    }
}
