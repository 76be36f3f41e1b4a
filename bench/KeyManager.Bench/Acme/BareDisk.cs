using System;
using System.Diagnostics;
using System.IO;
using Microsoft.Data.Sqlite;

namespace KeyManager.Bench.Acme;

/// <summary>
/// The least that a client needs which loses nothing: the key before the request for the certificate, and the certificate afterwards, on the disk before it
/// goes on. One small row each, in a SQLite file where the store's would be.
/// </summary>
internal sealed class BareDisk : IDisposable
{
    private const int Waits = 2;

    private readonly string _folder = Directory.CreateTempSubdirectory("km-bench-").FullName;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareDisk()
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder, "bare.db"), Pooling = false }.ConnectionString);
        _connection.Open();
        using SqliteCommand create = _connection.CreateCommand();
        create.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (document BLOB);";
        _ = create.ExecuteNonQuery();
        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO bare (document) VALUES (@document)";
        _ = _insert.Parameters.AddWithValue("@document", new byte[2000]);
    }

    public TimeSpan Write()
    {
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < Waits; i++)
        {
            _ = _insert.ExecuteNonQuery();
        }

        return watch.Elapsed;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
