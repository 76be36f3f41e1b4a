using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Files;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class SqliteStoreTests
{
    [Fact]
    public void A_new_store_is_private_complete_and_sound()
    {
        using TestStore test = new();
        StoreInfo info = test.Store.GetInfo();

        Assert.Equal(12, info.Id.Length);
        Assert.Equal(test.Location.Path, info.Path);
        Assert.Equal(Migration.All[^1].Number, info.SchemaVersion);
        Assert.Equal(test.Clock.UtcNow, info.CreatedAt);
        Assert.True(info.IsUnlocked);
        Assert.True(info.Size > 0);
        Assert.Empty(info.Warnings);
        Assert.Empty(test.Store.CheckIntegrity());
        Assert.Equal(info.Id, test.Reopen().GetInfo().Id);
        Assert.Equal("wal", test.Store.ReadDatabase(d => d.Text("PRAGMA journal_mode")));

        // FULL is 2: what was written is on the disk when the call returns.
        Assert.Equal(2, test.Store.WriteDatabase(d => d.Number("PRAGMA synchronous")));
    }

    [Fact]
    public void The_store_and_its_companions_can_be_read_by_the_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        using TestStore test = new();
        test.Store.Write(s => s.Settings.Put("a", "b"));
        test.Store.Backup(Path.Combine(test.Folder, "backups", "one.db"));

        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(test.Location.Path)!).Append(Path.Combine(test.Folder, "backups", "one.db")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(3, Directory.GetFiles(Path.GetDirectoryName(test.Location.Path)!).Length); // database, log and its index
        foreach (string folder in (string[])[Path.GetDirectoryName(test.Location.Path)!, Path.Combine(test.Folder, "backups")])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public void A_store_that_others_can_read_is_refused_with_the_command_that_mends_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        using TestStore test = new();
        test.Store.Dispose();
        File.SetUnixFileMode(test.Location.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        StoreException e = Assert.Throws<StoreException>(() => test.Open());

        Assert.Equal(ErrorIds.StoreRightsTooWide, e.ErrorId);
        Assert.Contains("604", e.Message);
        Assert.Contains($"chmod 600 '{test.Location.Path}'", e.Remedy);
    }

    [Fact]
    public void A_store_that_is_not_there_is_made_only_when_asked_for()
    {
        using TemporaryFolder folder = new();
        StoreLocation location = new(folder.File("a/b/store.db"), StoreScope.CurrentUser);
        StoreOptions options = new() { Environment = new TestEnvironment(folder.Path) { Windows = false } };

        Assert.Equal(ErrorIds.StoreNotFound, Assert.Throws<StoreException>(() => SqliteStore.Open(location, new FakeClock(), false, options)).ErrorId);
        Assert.False(Directory.Exists(folder.File("a")));

        using SqliteStore made = SqliteStore.Open(location, new FakeClock(), true, options);
        Assert.Equal(ErrorIds.StoreAlreadyExists, Assert.Throws<ConflictException>(() => SqliteStore.Create(location, new FakeClock(), options)).ErrorId);
        using SqliteStore opened = SqliteStore.Open(location, new FakeClock(), true, options);
        Assert.Equal(made.GetInfo().Id, opened.GetInfo().Id);
    }

    public static TheoryData<string, byte[]> Rubbish => new()
    {
        { "empty", [] },
        { "text", "Dear diary, today I became no database at all."u8.ToArray() },
        { "short", "SQLite"u8.ToArray() },
        { "only the first bytes right", [.. "SQLite format 3\0"u8, .. new byte[4096]] },
    };

    [Theory]
    [MemberData(nameof(Rubbish))]
    public void A_file_that_is_no_store_is_refused_and_left_alone(string what, byte[] content)
    {
        using TemporaryFolder folder = new();
        StoreLocation location = new(folder.File("store.db"), StoreScope.CurrentUser);
        PrivateFile.WriteNew(location.Path, content);

        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Open(location, new FakeClock(), createIfMissing: true));

        Assert.Equal(ErrorIds.StoreCorrupt, e.ErrorId);
        Assert.Contains("backup", e.Remedy);
        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(location.Path)), what);
        Assert.Equal([location.Path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_folder_and_a_database_of_somebody_else_are_refused()
    {
        using TemporaryFolder folder = new();
        StoreLocation asFolder = new(folder.Path, StoreScope.CurrentUser);
        Assert.Equal(ErrorIds.StoreCorrupt, Assert.Throws<StoreException>(() => SqliteStore.Open(asFolder, new FakeClock(), true)).ErrorId);

        StoreLocation other = new(folder.File("other.db"), StoreScope.CurrentUser);
        PrivateFile.CreateNew(other.Path);
        using (SqliteConnection connection = new($"Data Source={other.Path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE cookies (a); PRAGMA user_version = 1;";
            command.ExecuteNonQuery();
        }

        byte[] before = File.ReadAllBytes(other.Path);
        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Open(other, new FakeClock(), true));
        Assert.Equal(ErrorIds.StoreCorrupt, e.ErrorId);
        Assert.Contains("not a KeyManager store", e.Message);
        Assert.Equal(before, File.ReadAllBytes(other.Path));
    }

    [Fact]
    public void A_store_with_damaged_pages_is_reported_as_corrupt()
    {
        using TestStore test = new();
        test.Store.Write(s =>
        {
            for (int i = 0; i < 200; i++)
            {
                s.Orders.Add(Some.Order());
            }
        });
        test.Store.Dispose();
        using (FileStream file = new(test.Location.Path, FileMode.Open, FileAccess.ReadWrite))
        {
            byte[] noise = new byte[file.Length - 4096];
            Array.Fill(noise, (byte)0xA5);
            file.Position = 4096;
            file.Write(noise);
        }

        StoreException e = Assert.Throws<StoreException>(() =>
        {
            using SqliteStore store = test.Open();
            store.Read(s => s.Orders.Query(new OrderQuery(), null, 1000));
        });

        Assert.Equal(ErrorIds.StoreCorrupt, e.ErrorId);
    }

    [Theory]
    [InlineData("/proc/keymanager/store.db")]
    [InlineData("/dev/null/store.db")]
    public void A_place_that_cannot_be_written_is_named_with_its_reason(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These paths are of Linux.");
        StoreOptions options = new() { Environment = new TestEnvironment("/nowhere") };

        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Create(new StoreLocation(path, StoreScope.CurrentUser), new FakeClock(), options));

        Assert.Equal(ErrorIds.StoreNotWritable, e.ErrorId);
        Assert.Contains(path, e.Message);
        Assert.Contains("KM_STORE", e.Remedy);
    }

    [Fact]
    public void A_full_disk_changes_nothing_and_says_so()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Settings.Put("a", "before"));
        test.Options = test.Options with { MostPages = 80 };
        using SqliteStore full = test.Open();

        StoreException e = Assert.Throws<StoreException>(() => full.Write(s =>
        {
            s.Settings.Put("a", "after");
            for (int i = 0; i < 2000; i++)
            {
                s.Orders.Add(Some.Order());
            }
        }));

        Assert.Equal(ErrorIds.StoreFull, e.ErrorId);
        Assert.True(e.IsTransient);
        Assert.Equal("before", full.Read(s => s.Settings.Find("a")));
        full.Write(s => s.Settings.Put("a", "later"));
        Assert.Equal("later", full.Read(s => s.Settings.Find("a")));
    }

    [Fact]
    public void An_exception_undoes_everything_and_reaches_the_caller_as_it_is()
    {
        using TestStore test = new();

        Assert.Throws<TimeoutException>(() => test.Store.Write(s =>
        {
            s.Orders.Add(Some.Order());
            throw new TimeoutException();
        }));

        Assert.Equal(0, test.Store.GetInfo().Orders);
        test.Store.Write(s => s.Orders.Add(Some.Order()));
        Assert.Equal(1, test.Store.GetInfo().Orders);
    }

    [Fact]
    public void Reading_cannot_change_anything_and_writing_cannot_be_nested()
    {
        using TestStore test = new();

        Assert.Throws<InvalidOperationException>(() => test.Store.Read(s =>
        {
            s.Orders.Add(Some.Order());
            return 0;
        }));
        Assert.Throws<InvalidOperationException>(() => test.Store.Write(_ => test.Store.Write(s => s.Orders.Add(Some.Order()))));
        Assert.Throws<InvalidOperationException>(() => test.Store.Write(_ => test.Store.Leases.TryAcquire("a", "b", TimeSpan.FromMinutes(1))));
        Assert.Equal(0, test.Store.GetInfo().Orders);
    }

    [Fact]
    public void A_read_sees_one_moment_whatever_is_written_meanwhile()
    {
        using TestStore test = new();
        using SqliteStore other = test.Open();

        (int before, int after) = test.Store.Read(s =>
        {
            int first = s.Orders.Query(new OrderQuery(), null, 10).Items.Count;
            other.Write(o => o.Orders.Add(Some.Order()));
            return (first, s.Orders.Query(new OrderQuery(), null, 10).Items.Count);
        });

        Assert.Equal((0, 0), (before, after));
        Assert.Equal(1, test.Store.GetInfo().Orders);
    }

    [Fact]
    public void A_writer_that_does_not_end_makes_the_others_busy_and_not_wait_for_ever()
    {
        using TestStore test = new();
        test.Options = test.Options with { BusyTimeout = TimeSpan.FromMilliseconds(50) };
        using SqliteStore impatient = test.Open();

        StoreException e = test.Store.Write(_ => Assert.Throws<StoreException>(() => impatient.Write(s => s.Settings.Put("a", "b"))));

        Assert.Equal(ErrorIds.StoreBusy, e.ErrorId);
        Assert.True(e.IsTransient);
        impatient.Write(s => s.Settings.Put("a", "b"));
    }

    [Fact]
    public async Task Threads_and_stores_write_at_once_and_nothing_is_lost()
    {
        using TestStore test = new();
        using SqliteStore other = test.Open();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(() =>
        {
            for (int i = 0; i < 25; i++)
            {
                (worker % 2 == 0 ? test.Store : other).Write(s =>
                {
                    string count = s.Settings.Find("count") ?? "0";
                    s.Settings.Put("count", (int.Parse(count) + 1).ToString());
                    s.Audit.Append(new AuditEntry("Setting", "SettingChanged"));
                });
                test.Store.Read(s => s.Certificates.CountCurrent());
            }
        })));

        Assert.Equal("150", test.Store.Read(s => s.Settings.Find("count")));
        Assert.Null(test.Store.Read(s => s.Audit.Verify()));
    }

    [Fact]
    public void Two_processes_write_at_once_and_nothing_is_lost()
    {
        using TestStore test = new();
        using Process first = ChildProcess.Start("write", test.Location.Path, test.Folder);
        using Process second = ChildProcess.Start("write", test.Location.Path, test.Folder);
        for (int i = 0; i < 50; i++)
        {
            test.Store.Write(s => s.Audit.Append(new AuditEntry("Order", "Mine")));
        }

        ChildProcess.ExpectSuccess(first);
        ChildProcess.ExpectSuccess(second);

        Assert.Equal(200, test.Store.GetInfo().Orders);
        Assert.Empty(test.Store.CheckIntegrity());
        Assert.Equal(252, test.Store.Read(s => s.Audit.Query(null, null, null, null, null, 1)).Items[0].Number);
    }

    [Fact]
    public void Three_processes_make_the_same_store_at_once_and_get_one()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("data/store.db");
        Process[] children = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start("create", path, folder.Path))];
        Array.ForEach(children, child => ChildProcess.Expect(child, "ready"));
        Array.ForEach(children, child => child.StandardInput.WriteLine("go"));
        string[] ids = [.. children.Select(child => child.StandardOutput.ReadLine() ?? child.StandardError.ReadToEnd())];
        Array.ForEach(children, ChildProcess.ExpectSuccess);
        Array.ForEach(children, child => child.Dispose());

        Assert.Single(ids.Distinct());

        // The losers have taken back what they made: one store, one key file.
        Assert.Equal([path], Directory.GetFiles(folder.File("data")));
        Assert.Single(Directory.GetFiles(folder.File("home/.config/keymanager")));
        using SqliteStore store = SqliteStore.Open(
            new StoreLocation(path, StoreScope.CurrentUser),
            new FakeClock(),
            false,
            new StoreOptions { Environment = new TestEnvironment(folder.Path) { Windows = false } });
        Assert.Equal(3, store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM secrets")));
    }

    [Fact]
    public void A_process_killed_in_the_middle_of_a_change_leaves_what_was_before()
    {
        using TestStore test = new();
        using Process child = ChildProcess.Start("die", test.Location.Path, test.Folder);
        ChildProcess.Expect(child, "ready");
        ChildProcess.Expect(child, "in the middle");

        child.Kill();
        child.WaitForExit();

        IStore store = test.Reopen();
        Assert.Equal("kept", store.Read(s => s.Settings.Find("before")));
        Assert.Null(store.Read(s => s.Settings.Find("during")));
        Assert.Empty(store.CheckIntegrity());
        store.Write(s => s.Settings.Put("after", "works"));
    }

    [Fact]
    public void A_backup_is_taken_in_the_middle_of_work_and_opens_as_a_store()
    {
        using TestStore test = new();
        test.Store.Write(s =>
        {
            s.Orders.Add(Some.Order());
            s.Secrets.Put(SecretRef.PrivateKey("k"), [1]);
        });
        string path = Path.Combine(test.Folder, "copy.db");

        using SqliteStore other = test.Open();
        other.Write(s =>
        {
            s.Orders.Add(Some.Order());
            test.Store.Backup(path);
        });

        using SqliteStore copy = SqliteStore.Open(new StoreLocation(path, StoreScope.CurrentUser), test.Clock, false, test.Options);
        Assert.Equal(1, copy.GetInfo().Orders);
        Assert.Equal([1], copy.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k")))!);
        Assert.Empty(copy.CheckIntegrity());
        Assert.Equal(ErrorIds.FileExists, Assert.Throws<ConflictException>(() => test.Store.Backup(path)).ErrorId);
        Assert.DoesNotContain(Directory.GetFiles(test.Folder), file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_backup_into_a_place_that_cannot_be_written_says_so()
    {
        using TestStore test = new();

        DeploymentException e = Assert.Throws<DeploymentException>(() => test.Store.Backup(Path.Combine(test.Location.Path, "copy.db")));

        Assert.Equal(ErrorIds.FileNotWritable, e.ErrorId);
    }

    [Fact]
    public void On_a_network_share_the_store_works_without_a_shared_log_and_warns()
    {
        using TestStore test = new();
        test.Options = test.Options with { IsNetworkPath = _ => true };

        IStore store = test.Reopen();

        store.Write(s => s.Settings.Put("a", "b"));
        Assert.Equal("delete", test.Store.ReadDatabase(d => d.Text("PRAGMA journal_mode")));
        Assert.Contains("network", Assert.Single(store.GetInfo().Warnings));
        Assert.Equal([test.Location.Path], Directory.GetFiles(Path.GetDirectoryName(test.Location.Path)!));
        Assert.True(NetworkPath.IsRemote(@"\\server\share\store.db"));
        Assert.False(NetworkPath.IsRemote(test.Location.Path));
    }

    [Fact]
    public void A_key_file_beside_the_store_is_warned_of()
    {
        using TestStore test = new();
        test.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: Path.Combine(Path.GetDirectoryName(test.Location.Path)!, "x.key")));

        Assert.Contains("beside the store", Assert.Single(test.Store.GetInfo().Warnings));
    }

    [Fact]
    public void A_missing_row_shows_in_the_check()
    {
        using TestStore test = new();
        Certificate certificate = Some.Certificate();
        test.Store.Write(s => s.Certificates.Add(certificate, [[1]]));

        test.Meddle("PRAGMA foreign_keys = OFF; DELETE FROM lineages;");

        Assert.Contains(test.Store.CheckIntegrity(), problem => problem.Contains("A row of certificates refers to a row of lineages"));
    }

    [Fact]
    public void A_closed_store_says_so()
    {
        using TestStore test = new();
        test.Store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => test.Store.Read(s => s.Accounts.List()));
        Assert.Throws<ObjectDisposedException>(() => test.Store.Write(s => s.Orders.Add(Some.Order())));
        test.Store.Dispose();
    }
}
