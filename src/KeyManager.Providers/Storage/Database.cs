using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace KeyManager.Providers.Storage;

/// <summary>One connection with its prepared statements. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private const int MostPrepared = 150;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private Durability _durability = Durability.Immediate;

    private Database(SqliteConnection connection) => _connection = connection;

    /// <summary>True inside a transaction that may change something.</summary>
    public bool CanWrite { get; private set; }

    /// <summary>Opens a file that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="busyTimeout">How long to wait for others.</param>
    /// <param name="isAlone">True to keep everybody else out, from the first look into the file on; busy when somebody has it open.</param>
    public static Database Open(string path, TimeSpan busyTimeout, bool isAlone = false)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false, // the store keeps its own connections, and a closed one must let go of the file

            // SQLite itself waits, see busy_timeout; the retry loop of the library around it is to end at once.
            DefaultTimeout = 1,
        };
        string first = string.Format(CultureInfo.InvariantCulture, "PRAGMA busy_timeout = {0};{1}", (long)busyTimeout.TotalMilliseconds, isAlone ? " PRAGMA locking_mode = EXCLUSIVE;" : "");

        // An order must be on the disk before it is sent to an authority: FULL, see SetDurability. Removed rows leave no bytes behind: secure_delete.
        return Connect(settings, first, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 16777216; PRAGMA wal_autocheckpoint = 4000;");
    }

    /// <summary>Opens a file that nobody changes, for reading: nothing is locked, and nothing is written beside it.</summary>
    public static Database OpenUnchanging(string path) => Connect(
        new SqliteConnectionStringBuilder { DataSource = ToUri(path) + "?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 1 }, "PRAGMA trusted_schema = OFF;");

    /// <summary>A database in memory, for what is thrown away.</summary>
    public static Database OpenMemory() => Connect(new SqliteConnectionStringBuilder { DataSource = ":memory:", Mode = SqliteOpenMode.Memory, Pooling = false });

    /// <summary>Opens a damaged file for what can be read of it; writable_schema has SQLite go on where pages or tables are missing.</summary>
    public static Database OpenDamaged(string path) => Connect(
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1 }, "PRAGMA writable_schema = ON;", "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF;");

    private static Database Connect(SqliteConnectionStringBuilder settings, params string[] scripts)
    {
        SqliteRuntime.Initialize();
        SqliteConnection connection = new(settings.ConnectionString);
        try
        {
            connection.Open();
            Database database = new(connection);
            foreach (string script in scripts)
            {
                database.Script(script);
            }

            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>As SQLite reads it: an authority before the path is refused, so a share has four slashes.</summary>
    private static string ToUri(string path) => path.StartsWith(@"\\", StringComparison.Ordinal)
        ? "file://" + Uri.EscapeUriString(path.Replace('\\', '/')).Replace("?", "%3f").Replace("#", "%23")
        : new Uri(path).AbsoluteUri;

    /// <summary>Says when the changes to come have to be on the disk; outside of a transaction.</summary>
    public void SetDurability(Durability durability)
    {
        if (durability != _durability)
        {
            // With the write-ahead log, NORMAL leaves the waiting for the disk to the next commit under FULL, or to the checkpoint.
            Script(durability == Durability.Immediate ? "PRAGMA synchronous = FULL;" : "PRAGMA synchronous = NORMAL;");
            _durability = durability;
        }
    }

    public void Begin(bool forWriting)
    {
        // IMMEDIATE: the write lock is taken here and not in the middle of the work, where waiting is no longer possible.
        // Prepared statements, and not the library's transactions: those make, parse and search for a command at each begin and end.
        _ = Prepare(forWriting ? "BEGIN IMMEDIATE" : "BEGIN", []).ExecuteNonQuery();
        CanWrite = forWriting;
    }

    public void Commit()
    {
        _ = Prepare("COMMIT", []).ExecuteNonQuery();
        CanWrite = false;
    }

    /// <summary>Ends the transaction without an effect; nothing happens when none is open.</summary>
    public void Rollback()
    {
        CanWrite = false;

        // After a full disk or an I/O error SQLite may have rolled back by itself.
        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            return;
        }

        try
        {
            _ = Prepare("ROLLBACK", []).ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The error that led here is on its way to the user.
        }
    }

    /// <summary>Changes rows; answers how many.</summary>
    public int Execute(string sql, params (string Name, object? Value)[] values)
    {
        if (!CanWrite)
        {
            throw new InvalidOperationException("Changes need IStore.Write.");
        }

        return Prepare(sql, values).ExecuteNonQuery();
    }

    /// <summary>
    /// Gives the columns of the row with this id these values; false when there is no such row. It writes only what is different: SQLite renews
    /// each index of a column that is set, also when it is set to what it was.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="id">The id of the row.</param>
    /// <param name="values">The values, each named "@" and the column.</param>
    public bool Update(string table, string id, IReadOnlyList<(string Name, object? Value)> values)
    {
        if (FindDifferent(table, id, values) is not { } different)
        {
            return false;
        }

        if (different.Count > 0)
        {
            string changes = string.Join(", ", different.Select(value => $"{value.Name.Substring(1)} = {value.Name}"));
            _ = Execute($"UPDATE {table} SET {changes} WHERE id = @row", [.. different, ("@row", id)]);
        }

        return true;
    }

    /// <summary>The columns of the row with this id that hold other values than these; empty when there is no such row.</summary>
    public IReadOnlyList<string> Differences(string table, string id, IReadOnlyList<(string Name, object? Value)> values) =>
        [.. (FindDifferent(table, id, values) ?? []).Select(value => value.Name.Substring(1))];

    /// <summary>Reads all rows of the answer.</summary>
    public List<T> Query<T>(string sql, Func<Row, T> map, params (string Name, object? Value)[] values)
    {
        List<T> rows = [];
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        Row row = new(reader);
        while (reader.Read())
        {
            rows.Add(map(row));
        }

        return rows;
    }

    /// <summary>Reads rows one by one; no other statement of the same text may run meanwhile.</summary>
    public IEnumerable<T> Stream<T>(string sql, Func<Row, T> map)
    {
        using SqliteDataReader reader = Prepare(sql, []).ExecuteReader();
        Row row = new(reader);
        while (reader.Read())
        {
            yield return map(row);
        }
    }

    /// <summary>The first row; <c>null</c> when there is none.</summary>
    public T? First<T>(string sql, Func<Row, T> map, params (string Name, object? Value)[] values)
        where T : class
    {
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? map(new Row(reader)) : null;
    }

    public bool Any(string sql, params (string Name, object? Value)[] values)
    {
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        return reader.Read();
    }

    /// <summary>The first column of the first row as a number; 0 when there is none.</summary>
    public long Number(string sql, params (string Name, object? Value)[] values) =>
        Prepare(sql, values).ExecuteScalar() is long number ? number : 0;

    public string? Text(string sql, params (string Name, object? Value)[] values) => Prepare(sql, values).ExecuteScalar() as string;

    /// <summary>Runs statements that are not worth keeping: pragmas, migrations.</summary>
    public void Script(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        _ = command.ExecuteNonQuery();
    }

    /// <summary>Begins to copy this database over another one; the caller disposes it.</summary>
    public PageCopy CopyTo(Database target) => new(raw.sqlite3_backup_init(target._connection.Handle, "main", _connection.Handle, "main"), target._connection.Handle!);

    /// <summary>Ends the statement that runs on this connection; may be called from any thread.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_connection.Handle);

    /// <summary>True when the system lets us only read the file.</summary>
    public bool IsReadOnly() => raw.sqlite3_db_readonly(_connection.Handle, "main") == 1;

    public void Dispose()
    {
        ForgetPrepared();
        _connection.Dispose();
    }

    private static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        bool flag => flag ? 1L : 0L,
        DateTimeOffset time => StoredTime.ToNumber(time),
        RevocationReason reason => (long)reason,
        Enum name => name.ToString(),
        _ => value,
    };

    private List<(string Name, object? Value)>? FindDifferent(string table, string id, IReadOnlyList<(string Name, object? Value)> values)
    {
        string columns = string.Join(", ", values.Select(value => value.Name.Substring(1)));
        using SqliteDataReader reader = Prepare($"SELECT {columns} FROM {table} WHERE id = @row", [("@row", id)]).ExecuteReader();
        return reader.Read() ? [.. values.Where((value, column) => !reader.GetValue(column).Equals(ToStored(value.Value)))] : null;
    }

    private SqliteCommand Prepare(string sql, IReadOnlyList<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out SqliteCommand? command))
        {
            if (_prepared.Count >= MostPrepared)
            {
                ForgetPrepared();
            }

            command = _connection.CreateCommand();
            command.CommandText = sql;
            _prepared[sql] = command;
        }

        command.Parameters.Clear();
        foreach ((string name, object? value) in values)
        {
            _ = command.Parameters.AddWithValue(name, ToStored(value));
        }

        return command;
    }

    private void ForgetPrepared()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }
}
