using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Reads what can be read of a damaged store into a new file, table by table; a page that is broken costs its rows and no others.</summary>
/// <remarks>
/// A table is read from its beginning to the broken page, and from its end back to it. What lies between two broken pages is found through the indexes of the table, which lie on other
/// pages: they name its rows, and each is then read by itself. So the number of rows that are lost is known where an index names them.
/// </remarks>
internal sealed class StoreRecovery(StoreLocation location, Clock clock, StoreOptions options, IReporter reporter, CancellationToken cancellationToken)
{
    private const string Activity = "Recover store";

    /// <summary>Row numbers that are tried one by one where no index names the rows.</summary>
    private const long MostTried = 200_000;

    /// <summary>Writes the new file. It has the schema version of the damaged one.</summary>
    /// <exception cref="StoreException">KmStoreCorrupt: not even what says which store it is can be read.</exception>
    public IReadOnlyList<RecoveredTable> Run(string path)
    {
        // A copy is read, with its log: nothing that reading does may make the damage worse.
        string copy = path + ".damaged";
        try
        {
            foreach (string suffix in (string[])["", "-wal"])
            {
                if (File.Exists(location.Path + suffix))
                {
                    StoreFile.Copy(location.Path + suffix, copy + suffix);
                }
            }

            using Database source = Database.OpenDamaged(copy);
            int version = (int)source.Number("PRAGMA user_version");
            PrivateFile.CreateNew(path);
            using Database target = Database.Open(path, options.BusyTimeout);
            target.Script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;");
            new Migrator(location, clock, options with { Migrations = [.. options.Migrations.Where(m => m.Number <= version)] }).Create(target);
            target.Begin(forWriting: true);
            List<string> tables = [.. SchemaCheckup.Read(target).Where(o => o.Type == "table").Select(o => o.Name)];
            List<RecoveredTable> recovered = [];
            foreach (string table in tables)
            {
                reporter.Progress(new ProgressReport(Activity, table, 100 * recovered.Count / tables.Count));
                recovered.Add(new TableReader(source, target, table, cancellationToken).Run());
            }

            if (!target.Any("SELECT 1 FROM store"))
            {
                throw SqliteErrors.CorruptError(location.Path, "is too damaged: not even which store it is can be read, and without that no secret decrypts");
            }

            target.Commit();
            target.Script("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
            return recovered;
        }
        catch (SqliteException e) when (!SqliteErrors.IsFull(e))
        {
            throw SqliteErrors.CorruptError(location.Path, "is too damaged to be read at all", e);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, location.Path);
        }
        finally
        {
            StoreFile.DeleteQuietly(copy);
            reporter.Progress(new ProgressReport(Activity, "", 100, Completed: true));
        }
    }

    /// <summary>Reads one table.</summary>
    private sealed class TableReader
    {
        private readonly Database _source;
        private readonly Database _target;
        private readonly string _table;
        private readonly CancellationToken _cancellationToken;
        private readonly bool _hasRowNumbers;
        private readonly string[] _key;
        private readonly string _read;
        private readonly string _insert;
        private readonly int _width;
        private long _rows;

        public TableReader(Database source, Database target, string table, CancellationToken cancellationToken)
        {
            _source = source;
            _target = target;
            _table = table;
            _cancellationToken = cancellationToken;
            List<(string Name, long KeyPosition)> columns = target.Query($"PRAGMA table_info({table})", row => (row.Text(1), row.Number(5)));
            _hasRowNumbers = (target.Text("SELECT sql FROM sqlite_schema WHERE name = @name", ("@name", table)) ?? "").IndexOf("WITHOUT ROWID", StringComparison.OrdinalIgnoreCase) < 0;
            _key = _hasRowNumbers ? ["rowid"] : [.. columns.Where(c => c.KeyPosition > 0).OrderBy(c => c.KeyPosition).Select(c => c.Name)];
            List<string> all = [.. _hasRowNumbers ? ["rowid"] : Array.Empty<string>(), .. columns.Select(c => c.Name)];
            _width = all.Count;
            _read = $"SELECT {string.Join(", ", all)} FROM {table}";
            _insert = $"INSERT OR IGNORE INTO {table} ({string.Join(", ", all)}) VALUES ({string.Join(", ", all.Select((_, i) => $"@v{i}"))})";
        }

        public RecoveredTable Run()
        {
            if (ReadOn(""))
            {
                return new RecoveredTable(_table, _rows, 0);
            }

            _ = ReadOn(" DESC");
            long lost = 0;
            bool isKnown = false;
            foreach ((string index, bool isPartial) in Indexes())
            {
                isKnown |= ReadThrough(index, isPartial, ref lost);
            }

            if (_hasRowNumbers)
            {
                ReadBetween();
            }

            return new RecoveredTable(_table, _rows, isKnown ? lost : -1);
        }

        /// <summary>Reads from one end; <c>false</c> when a page stopped it.</summary>
        private bool ReadOn(string direction)
        {
            try
            {
                foreach (object[] row in _source.Stream($"{_read} ORDER BY {string.Join(", ", _key.Select(k => k + direction))}", r => r.Values(_width)))
                {
                    Put(row);
                }

                return true;
            }
            catch (SqliteException e) when (!SqliteErrors.IsFull(e))
            {
                // A page, or what says that there is such a table.
                return false;
            }
        }

        private IReadOnlyList<(string Name, bool IsPartial)> Indexes()
        {
            try
            {
                return _source.Query($"PRAGMA index_list({_table})", row => (row.Text(1), row.Flag(4)));
            }
            catch (SqliteException)
            {
                return [];
            }
        }

        /// <summary>Reads each row that an index names; <c>true</c> when it names them all.</summary>
        private bool ReadThrough(string index, bool isPartial, ref long lost)
        {
            List<object[]> keys = [];
            bool isWhole = Collect(keys, index, isPartial, "");
            if (!isWhole)
            {
                _ = Collect(keys, index, isPartial, " DESC");
            }

            long missing = 0;
            foreach (object[] key in keys)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                missing += IsThere(key) || ReadOne(key) ? 0 : 1;
            }

            // An index of some rows, or one that is broken itself, names the lost ones in part.
            lost = Math.Max(lost, missing);
            return isWhole && !isPartial;
        }

        /// <summary>The keys that an index names, up to where a page stops it; <c>true</c> when nothing did.</summary>
        private bool Collect(List<object[]> keys, string index, bool isPartial, string direction)
        {
            try
            {
                string first = _source.Query($"PRAGMA index_info({index})", row => row.Text(2))[0];
                string made = isPartial ? _source.Text("SELECT sql FROM sqlite_schema WHERE name = @name", ("@name", index)) ?? "" : "";
                int where = made.IndexOf(" WHERE ", StringComparison.OrdinalIgnoreCase);
                string condition = where < 0 ? "" : made.Substring(where);
                foreach (object[] key in _source.Stream($"SELECT {string.Join(", ", _key)} FROM {_table} INDEXED BY {index}{condition} ORDER BY {first}{direction}", row => row.Values(_key.Length)))
                {
                    keys.Add(key);
                }

                return true;
            }
            catch (SqliteException)
            {
                return false;
            }
        }

        /// <summary>Where no index names the rows: every number between those that were read.</summary>
        private void ReadBetween()
        {
            (long first, long last) = _target.Query($"SELECT ifnull(min(rowid), 1), ifnull(max(rowid), 0) FROM {_table}", row => (row.Number(0), row.Number(1)))[0];
            if (last - first > MostTried)
            {
                return;
            }

            for (long number = first; number <= last; number++)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                object[] key = [number];
                if (!IsThere(key))
                {
                    _ = ReadOne(key);
                }
            }
        }

        private string Condition => string.Join(" AND ", _key.Select((k, i) => $"{k} = @k{i}"));

        private static (string Name, object? Value)[] Values(object[] key) => [.. key.Select((k, i) => ($"@k{i}", (object?)k))];

        private bool IsThere(object[] key) => _target.Any($"SELECT 1 FROM {_table} WHERE {Condition}", Values(key));

        private bool ReadOne(object[] key)
        {
            try
            {
                if (_source.First($"{_read} WHERE {Condition}", row => row.Values(_width), Values(key)) is not { } row)
                {
                    return false;
                }

                Put(row);
                return IsThere(key);
            }
            catch (SqliteException e) when (!SqliteErrors.IsFull(e))
            {
                return false;
            }
        }

        private void Put(object[] row)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            try
            {
                _rows += _target.Execute(_insert, [.. row.Select((value, i) => ($"@v{i}", (object?)value))]);
            }
            catch (SqliteException e) when (SqliteErrors.IsHarmless(e))
            {
                // A value that the table refuses: it was damaged.
            }
        }
    }
}
