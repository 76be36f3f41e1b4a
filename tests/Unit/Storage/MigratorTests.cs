using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class MigratorTests
{
    private static readonly Migration Next = new(Migration.All[^1].Number + 1, "flavours", "CREATE TABLE flavours (name TEXT) STRICT; INSERT INTO flavours SELECT name FROM settings;");

    [Fact]
    public void Migrations_are_numbered_one_by_one()
    {
        Assert.Equal(Enumerable.Range(1, Migration.All.Count), Migration.All.Select(m => m.Number));
        Assert.All(Migration.All, m => Assert.Matches("^[a-z][a-z_0-9]+$", m.Name));
        Assert.Equal("initial", Migration.All[0].Name);
    }

    [Fact]
    public void Every_table_is_strict()
    {
        using TestStore test = new();

        Assert.Empty(test.Store.ReadDatabase(d => d.Query("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'", row => row.Text(0))));
        Assert.Subset(
            test.Store.ReadDatabase(d => d.Query("SELECT name FROM sqlite_schema WHERE type = 'table'", row => row.Text(0))).ToHashSet(),
            new HashSet<string> { "dns_accounts", "deploy_targets", "domain_mappings", "renewal_policies", "orders", "certificates", "lineages", "secrets", "audit_log", "leases" });
    }

    [Fact]
    public void An_older_store_is_copied_and_then_migrated()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Settings.Put("vanilla", "1"));
        test.Options = test.Options with { Migrations = [.. Migration.All, Next] };

        IStore store = test.Reopen();

        Assert.Equal(Next.Number, store.GetInfo().SchemaVersion);
        Assert.Equal("vanilla", test.Store.ReadDatabase(d => d.Text("SELECT name FROM flavours")));
        Assert.Equal("StoreMigrated", store.Read(s => s.Audit.Query(null, null, null, null, null, 1)).Items[0].Action);
        Assert.Empty(store.CheckIntegrity());

        string backup = Assert.Single(Backups(test));
        Assert.Equal($"store.db.v{Migration.All.Count}-20260301T120000Z.backup", Path.GetFileName(backup));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        }

        using SqliteStore old = SqliteStore.Open(new StoreLocation(backup, StoreScope.CurrentUser), test.Clock, false, test.Options with { Migrations = Migration.All });
        Assert.Equal(Migration.All.Count, old.GetInfo().SchemaVersion);
        Assert.Equal("1", old.Read(s => s.Settings.Find("Vanilla")));
    }

    [Fact]
    public void The_three_newest_copies_are_kept()
    {
        using TestStore test = new();
        List<Migration> migrations = [.. Migration.All];
        int first = Migration.All.Count + 2;
        for (int i = 0; i < 5; i++)
        {
            test.Clock.Advance(TimeSpan.FromDays(1));
            migrations.Add(new Migration(migrations.Count + 1, "step", $"CREATE TABLE step{i} (a TEXT) STRICT;"));
            test.Options = test.Options with { Migrations = [.. migrations] };
            test.Reopen();
        }

        Assert.Equal(
            [$"store.db.v{first}-20260304T120000Z.backup", $"store.db.v{first + 1}-20260305T120000Z.backup", $"store.db.v{first + 2}-20260306T120000Z.backup"],
            Backups(test).Select(Path.GetFileName).OrderBy(name => name!.Split('-')[1], StringComparer.Ordinal));
    }

    [Fact]
    public void A_migration_that_fails_changes_nothing()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Settings.Put("a", "1"));
        test.Options = test.Options with { Migrations = [.. Migration.All, new Migration(Next.Number, "bad", "DELETE FROM settings; CREATE TABLE settings (a TEXT) STRICT;")] };

        Assert.ThrowsAny<Exception>(() => test.Reopen());

        test.Options = test.Options with { Migrations = Migration.All };
        using SqliteStore store = test.Open();
        Assert.Equal("1", store.Read(s => s.Settings.Find("a")));
        Assert.Equal(Migration.All.Count, store.GetInfo().SchemaVersion);
    }

    [Fact]
    public void A_newer_store_is_refused_and_not_touched()
    {
        using TestStore test = new();
        test.Options = test.Options with { Migrations = [.. Migration.All, Next] };
        test.Reopen();
        test.Store.Dispose();
        byte[] before = File.ReadAllBytes(test.Location.Path);

        test.Options = test.Options with { Migrations = Migration.All };
        StoreException e = Assert.Throws<StoreException>(() => test.Open());

        Assert.Equal(ErrorIds.StoreVersionTooNew, e.ErrorId);
        Assert.Contains($"schema {Next.Number}", e.Message);
        Assert.Equal(before, File.ReadAllBytes(test.Location.Path));
    }

    [Fact]
    public async Task Several_that_migrate_at_once_do_it_once()
    {
        using TestStore test = new();
        test.Store.Dispose();
        test.Options = test.Options with { Migrations = [.. Migration.All, Next, new Migration(Next.Number + 1, "more", "CREATE TABLE more (a TEXT) STRICT;")] };

        int[] versions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using SqliteStore store = test.Open();
            return store.GetInfo().SchemaVersion;
        })));

        Assert.All(versions, version => Assert.Equal(Next.Number + 1, version));
        using SqliteStore after = test.Open();
        Assert.Equal(2, after.Read(s => s.Audit.Query(null, null, null, null, null, 50)).Items.Count(line => line.Action == "StoreMigrated"));
    }

    private static string[] Backups(TestStore test) => Directory.GetFiles(Path.GetDirectoryName(test.Location.Path)!, "*.backup");
}
