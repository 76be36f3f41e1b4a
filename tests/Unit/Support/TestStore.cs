using System;
using System.IO;
using KeyManager.Providers.Secrets;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using Microsoft.Data.Sqlite;

namespace KeyManager.Tests.Support;

/// <summary>A store in a temporary folder, with a key file beside it in a folder of its own.</summary>
public sealed class TestStore : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestStore(params KeyProtectorRequest[] protectors)
    {
        Environment = new TestEnvironment(_folder.Path) { Windows = false };
        Location = new StoreLocation(Path.Combine(_folder.Path, "data", "store.db"), StoreScope.CurrentUser);
        Options = new StoreOptions { Environment = Environment, Protectors = protectors, PassphraseCost = Argon2Cost.Least };
        Store = SqliteStore.Create(Location, Clock, Options);
    }

    public FakeClock Clock { get; } = new();

    public TestEnvironment Environment { get; }

    public StoreLocation Location { get; }

    public StoreOptions Options { get; set; }

    public SqliteStore Store { get; private set; }

    public string Folder => _folder.Path;

    /// <summary>Closes it and opens it as another process would.</summary>
    public SqliteStore Reopen()
    {
        Store.Dispose();
        Store = Open();
        return Store;
    }

    /// <summary>A second process's view.</summary>
    public SqliteStore Open() => SqliteStore.Open(Location, Clock, createIfMissing: false, Options);

    /// <summary>Does to the file what KeyManager never would.</summary>
    public void Meddle(string sql)
    {
        SQLitePCL.Batteries_V2.Init();
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Location.Path, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
