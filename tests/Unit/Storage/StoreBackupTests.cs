using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Storage;

public sealed class StoreBackupTests : IDisposable
{
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("four random words indeed");

    private readonly TestStore _test = new();

    private string Copy => Path.Combine(_test.Folder, "copies", "copy.db");

    private static KeyProtectorRequest ByPassphrase => new(KeyProtectorKind.Passphrase, Passphrase: Passphrase);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void A_copy_with_a_passphrase_opens_on_another_machine_and_the_store_stays_as_it_is()
    {
        _test.Store.Write(s => s.Secrets.Put(SecretRef.PrivateKey("k"), [7, 7]));
        string[] before = [.. _test.Store.Protection.List().Select(p => p.Id)];

        _test.Store.Backup(Copy, [ByPassphrase], SilentReporter.Instance, CancellationToken.None);

        Assert.Equal(before, _test.Store.Protection.List().Select(p => p.Id));
        using TemporaryFolder elsewhere = new();
        using SqliteStore moved = SqliteStore.Open(
            new StoreLocation(Copy, StoreScope.CurrentUser), _test.Clock, false, _test.Options with { Environment = new TestEnvironment(elsewhere.Path) { Windows = false } });
        Assert.Equal(KeyProtectorKind.Passphrase, Assert.Single(moved.Protection.List()).Kind);
        Assert.Equal(ErrorIds.StoreLocked, Assert.Throws<StoreException>(() => moved.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k")))).ErrorId);
        moved.Protection.Unlock(Passphrase);
        Assert.Equal([7, 7], moved.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k")))!);
        Assert.Empty(moved.CheckIntegrity());

        // The wrapped key of the store's own protector is not in the copy, not even in a free page.
        byte[] wrapped = _test.Store.ReadDatabase(d => d.First("SELECT wrapped_key FROM key_protectors", row => row.Bytes(0)))!;
        moved.Dispose();
        Assert.True(File.ReadAllBytes(Copy).AsSpan().IndexOf(wrapped) < 0);
    }

    [Fact]
    public void A_copy_with_a_key_file_makes_it_and_uses_it_again_the_next_time()
    {
        string key = Path.Combine(_test.Folder, "offsite", "move.key");
        KeyProtectorRequest request = new(KeyProtectorKind.KeyFile, Path: key);

        _test.Store.Backup(Copy, [request], SilentReporter.Instance, CancellationToken.None);
        byte[] made = File.ReadAllBytes(key);
        _test.Store.Backup(Copy + "2", [request], SilentReporter.Instance, CancellationToken.None);

        Assert.Equal(made, File.ReadAllBytes(key));
        using SqliteStore copy = SqliteStore.Open(new StoreLocation(Copy + "2", StoreScope.CurrentUser), _test.Clock, false, _test.Options);
        copy.Protection.Unlock();
        Assert.Equal(key, Assert.Single(copy.Protection.List()).Path);
    }

    [Fact]
    public void A_copy_is_one_file_without_a_log_beside_it()
    {
        _test.Store.Backup(Copy);

        Assert.Equal([Copy], Directory.GetFiles(Path.GetDirectoryName(Copy)!));
        Assert.Equal([1, 1], File.ReadAllBytes(Copy).Skip(18).Take(2)); // not in WAL mode: it can be read where nobody can write
    }

    [Fact]
    public void A_backup_that_is_cancelled_or_fails_leaves_nothing()
    {
        Fill(_test.Store, 3000);
        string key = Path.Combine(_test.Folder, "offsite", "move.key");
        using CancellationTokenSource stop = new();
        Listener stopper = new(_ => stop.Cancel());

        Assert.ThrowsAny<OperationCanceledException>(() => _test.Store.Backup(Copy, [new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: key)], stopper, stop.Token));
        InvalidRequestException e = Assert.Throws<InvalidRequestException>(() => _test.Store.Backup(
            Copy, [new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: key), new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: [1])], SilentReporter.Instance, CancellationToken.None));

        Assert.Equal(ErrorIds.InvalidParameter, e.ErrorId);
        Assert.False(File.Exists(key), "the key file of a copy that there is not");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Copy)!));
    }

    [Fact]
    public void A_store_that_is_locked_gives_no_copy_with_other_protectors_but_one_with_its_own()
    {
        _test.Store.Protection.Lock();

        Assert.Equal(ErrorIds.StoreLocked, Assert.Throws<StoreException>(() => _test.Store.Backup(Copy, [ByPassphrase], SilentReporter.Instance, CancellationToken.None)).ErrorId);
        Assert.False(File.Exists(Copy));
        _test.Store.Backup(Copy);
    }

    [Fact]
    public void Whoever_writes_meanwhile_is_not_held_up_and_the_copy_is_of_one_moment()
    {
        Fill(_test.Store, 6000);
        using SqliteStore other = _test.Open();
        int written = 0;
        Listener writer = new(report =>
        {
            if (report.PercentComplete < 90)
            {
                other.Write(s => s.Settings.Put($"during{++written}", "x"));
            }
        });

        _test.Store.Backup(Copy, [], writer, CancellationToken.None);

        Assert.True(written >= 2, $"only {written} steps");
        using SqliteStore copy = SqliteStore.Open(new StoreLocation(Copy, StoreScope.CurrentUser), _test.Clock, false, _test.Options);
        Assert.Equal(6000, copy.GetInfo().Orders);
        Assert.Empty(copy.Read(s => s.Settings.List()));
        Assert.Equal(written, _test.Store.Read(s => s.Settings.List()).Count);
    }

    [Fact]
    public void On_a_network_share_too_a_store_that_is_written_to_all_the_time_is_backed_up()
    {
        Fill(_test.Store, 6000);
        _test.Options = _test.Options with { IsNetworkPath = _ => true, BusyTimeout = TimeSpan.FromMilliseconds(50) };
        _test.Reopen();
        using SqliteStore other = _test.Open();
        int written = 0;
        int refused = 0;
        Listener writer = new(report =>
        {
            if (report.PercentComplete >= 90)
            {
                return;
            }

            try
            {
                other.Write(s => s.Settings.Put("last", $"{++written}"));
            }
            catch (StoreException e) when (e.ErrorId == ErrorIds.StoreBusy)
            {
                refused++;
            }
        });

        _test.Store.Backup(Copy, [], writer, CancellationToken.None);

        Assert.True(written >= 3, $"{written} written");
        Assert.True(refused > 0, "at last the lock is held, or it would never end");
        using SqliteStore copy = SqliteStore.Open(new StoreLocation(Copy, StoreScope.CurrentUser), _test.Clock, false, _test.Options);
        Assert.Equal(6000, copy.GetInfo().Orders);
        Assert.Empty(copy.CheckIntegrity());
    }

    [Fact]
    public void A_damaged_store_is_no_backup()
    {
        Fill(_test.Store, 2000);
        _test.Store.Dispose();
        Damage.Fill(_test.Location.Path, 0.7, 0.8, 0xA5);
        using SqliteStore damaged = _test.Open();

        StoreException e = Assert.Throws<StoreException>(() => damaged.Backup(Copy));

        Assert.Equal(ErrorIds.StoreCorrupt, e.ErrorId);
        Assert.Contains("Test-KmStore", e.Remedy);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Copy)!));
    }

    internal static void Fill(IStore store, int orders) => store.Write(s =>
    {
        for (int i = 0; i < orders; i++)
        {
            s.Orders.Add(Some.Order($"www{i}.contoso.com"));
        }
    });

    internal sealed class Listener(Action<ProgressReport> hear) : IReporter
    {
        public void Warn(string message)
        {
        }

        public void Verbose(string message)
        {
        }

        public void Progress(ProgressReport report) => hear(report);
    }
}
