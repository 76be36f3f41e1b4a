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
    public static Database Open(string path, TimeSpan busyTimeout)
    {
        SqliteRuntime.Initialize();
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false, // the store keeps its own connections, and a closed one must let go of the file

            // SQLite itself waits, see busy_timeout; the retry loop of the library around it is to end at once.
            DefaultTimeout = 1,
        };
        SqliteConnection connection = new(settings.ConnectionString);
        try
        {
            connection.Open();
            Database database = new(connection);
            database.Script(string.Format(CultureInfo.InvariantCulture, "PRAGMA busy_timeout = {0};", (long)busyTimeout.TotalMilliseconds));

            // An order must be on the disk before it is sent to an authority: FULL, see SetDurability. Removed rows leave no bytes behind: secure_delete.
            database.Script("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 16777216; PRAGMA wal_autocheckpoint = 4000;");
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

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
        string columns = string.Join(", ", values.Select(value => value.Name.Substring(1)));
        List<(string Name, object? Value)> different = [];
        using (SqliteDataReader reader = Prepare($"SELECT {columns} FROM {table} WHERE id = @row", [("@row", id)]).ExecuteReader())
        {
            if (!reader.Read())
            {
                return false;
            }

            different.AddRange(values.Where((value, column) => !reader.GetValue(column).Equals(ToStored(value.Value))));
        }

        if (different.Count > 0)
        {
            string changes = string.Join(", ", different.Select(value => $"{value.Name.Substring(1)} = {value.Name}"));
            _ = Execute($"UPDATE {table} SET {changes} WHERE id = @row", [.. different, ("@row", id)]);
        }

        return true;
    }

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

    /// <summary>Writes a consistent copy into a file that is empty.</summary>
    public void Copy(string path)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "VACUUM INTO @path";
        command.CommandTimeout = 0; // however long a large store takes
        _ = command.Parameters.AddWithValue("@path", path);
        _ = command.ExecuteNonQuery();
    }

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
