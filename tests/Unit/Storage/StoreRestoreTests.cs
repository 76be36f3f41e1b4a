using System;
using System.IO;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Files;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class StoreRestoreTests : IDisposable
{
    private readonly TestStore _test = new();
    private readonly string _backup;

    public StoreRestoreTests()
    {
        _backup = Path.Combine(_test.Folder, "backups", "one.db");
        StoreBackupTests.Fill(_test.Store, 300);
        _test.Store.Backup(_backup);
        _test.Store.Write(s => s.Settings.Put("later", "yes"));
    }

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_good_backup_takes_the_place_of_the_store_which_is_kept()
    {
        Check(_backup);
        string? kept = Restore(_backup);

        Assert.Null(_test.Reopen().Read(s => s.Settings.Find("later")));
        using SqliteStore old = SqliteStore.Open(new StoreLocation(kept!, StoreScope.CurrentUser), _test.Clock, false, _test.Options);
        Assert.Equal("yes", old.Read(s => s.Settings.Find("later")));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "cut in half", "is cut off: " },
        { "empty", "is empty (0 bytes)" },
        { "text", "is not a database" },
        { "a page of noise", "is damaged" },
        { "another application's", "is a database, but not a KeyManager store" },
        { "newer", "was written by a newer KeyManager" },
        { "exported parts", "holds exported parts" },
        { "a changed audit trail", "Line 1 was changed" },
        { "a row that refers to nothing", "refers to a row of lineages" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_backup_that_is_not_good_says_what_is_wrong_and_changes_nothing(string what, string words)
    {
        Spoil(what);
        byte[] content = File.ReadAllBytes(_backup);

        foreach (Action tried in (Action[])[() => Check(_backup), () => Restore(_backup)])
        {
            StoreException e = Assert.Throws<StoreException>(tried);
            Assert.Contains(words, e.Message, StringComparison.Ordinal);
            Assert.Contains(_backup, e.Message, StringComparison.Ordinal);
            Assert.Equal(_backup, e.Target);
            Assert.False(string.IsNullOrEmpty(e.Remedy));
        }

        Assert.Equal(content, File.ReadAllBytes(_backup));
        Assert.Equal([_backup], Directory.GetFiles(Path.GetDirectoryName(_backup)!));
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(_test.Location.Path)!), f => f.Contains(".new", StringComparison.Ordinal) || f.Contains("before-restore", StringComparison.Ordinal));
        Assert.Equal("yes", _test.Reopen().Read(s => s.Settings.Find("later")));
    }

    [Fact]
    public void A_store_that_another_process_has_open_is_not_replaced()
    {
        using SqliteStore other = _test.Open();
        other.Write(s => s.Settings.Put("theirs", "yes"));

        StoreException e = Assert.Throws<StoreException>(() => Restore(_backup));

        Assert.Equal(ErrorIds.StoreBusy, e.ErrorId);
        Assert.True(e.IsTransient);
        other.Write(s => s.Settings.Put("more", "yes"));
        other.Dispose();
        Assert.Equal("yes", _test.Reopen().Read(s => s.Settings.Find("more")));
    }

    [Fact]
    public void A_file_copied_with_its_log_is_restored_with_it()
    {
        string folder = Path.Combine(_test.Folder, "by hand");
        Directory.CreateDirectory(folder);
        string copied = Path.Combine(folder, "store.db");
        foreach (string suffix in (string[])["", "-wal"])
        {
            using FileStream from = new(_test.Location.Path + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream to = new(copied + suffix, FileMode.CreateNew);
            from.CopyTo(to);
        }

        Restore(copied);

        Assert.Equal("yes", _test.Reopen().Read(s => s.Settings.Find("later")));
    }

    [Fact]
    public void A_backup_of_an_older_module_is_brought_up_to_date_without_litter()
    {
        _test.Options = _test.Options with { Migrations = [.. Migration.All, new Migration(Migration.All[^1].Number + 1, "two", "CREATE TABLE two (a TEXT) STRICT;")] };

        Restore(_backup);

        Assert.Equal(Migration.All[^1].Number + 1, _test.Reopen().GetInfo().SchemaVersion);
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(_test.Location.Path)!), f => f.Contains(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_restore_that_is_stopped_changes_nothing()
    {
        using CancellationTokenSource stop = new();
        StoreRestore restore = new(_backup, _test.Location, _test.Clock, new StoreBackupTests.Listener(_ => stop.Cancel()), _test.Options);

        Assert.ThrowsAny<OperationCanceledException>(() => restore.Run(_test.Store.Dispose, stop.Token));

        Assert.Equal("yes", _test.Store.Read(s => s.Settings.Find("later")));
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(_test.Location.Path)!), f => f.Contains(".new", StringComparison.Ordinal));
    }

    private string? Restore(string backup) => new StoreRestore(backup, _test.Location, _test.Clock, SilentReporter.Instance, _test.Options).Run(_test.Store.Dispose, CancellationToken.None);

    private void Check(string backup) => new StoreRestore(backup, _test.Location, _test.Clock, SilentReporter.Instance, _test.Options).Check(CancellationToken.None);

    private void Spoil(string what)
    {
        switch (what)
        {
            case "cut in half":
                Damage.Cut(_backup, 0.5);
                break;
            case "empty":
                Damage.Cut(_backup, 0);
                break;
            case "text":
                File.WriteAllText(_backup, new string('x', 5000));
                break;
            case "a page of noise":
                Damage.Fill(_backup, 0.5, 0.7, 0xA5);
                break;
            case "another application's":
                File.Delete(_backup);
                PrivateFile.CreateNew(_backup);
                Meddle("CREATE TABLE cookies (a); PRAGMA user_version = 1;");
                break;
            case "newer":
                Meddle("PRAGMA user_version = 999;");
                break;
            case "exported parts":
                Meddle($"PRAGMA application_id = {Migrator.PartsApplicationId};");
                break;
            case "a changed audit trail":
                Meddle("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET action = 'Nothing' WHERE number = 1; CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'The audit trail cannot be changed.'); END;");
                break;
            default:
                Meddle("PRAGMA foreign_keys = OFF; UPDATE orders SET lineage_id = 'nowhere' WHERE rowid = 5;");
                break;
        }
    }

    private void Meddle(string sql)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = _backup, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
