using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Providers.Secrets;
using KeyManager.Providers.Storage;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Secrets;

public sealed class StoreProtectionTests
{
    private static readonly SecretRef Place = SecretRef.PrivateKey("k1");
    private static readonly byte[] Passphrase = Encoding.UTF8.GetBytes("correct horse battery staple");
    private static readonly KeyProtectorRequest ByPassphrase = new(KeyProtectorKind.Passphrase, Passphrase: Passphrase);

    [Fact]
    public void A_secret_comes_back_after_the_store_was_closed_and_the_key_file_opens_it_unasked()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [1, 2, 3]));

        IStore reopened = test.Reopen();

        Assert.False(reopened.Protection.IsUnlocked);
        Assert.Equal([1, 2, 3], reopened.Read(s => s.Secrets.Get(Place)));
        Assert.True(reopened.Protection.IsUnlocked);
        Assert.True(reopened.GetInfo().IsUnlocked);
    }

    [Fact]
    public void Secrets_are_replaced_listed_by_place_and_removed_with_their_owner()
    {
        using TestStore test = new();
        SecretRef other = SecretRef.Account("a1", "token");
        test.Store.Write(s =>
        {
            s.Secrets.Put(Place, [1]);
            s.Secrets.Put(Place, []);
            s.Secrets.Put(other, [9]);
        });

        Assert.Empty(test.Store.Read(s => s.Secrets.Get(Place))!);
        Assert.True(test.Store.Read(s => s.Secrets.Exists(other)));
        Assert.Null(test.Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey("nobody"))));

        test.Store.Write(s => s.Secrets.RemoveAll("account", "a1"));

        Assert.False(test.Store.Read(s => s.Secrets.Exists(other)));
        Assert.True(test.Store.Read(s => s.Secrets.Exists(Place)));
    }

    [Fact]
    public void A_locked_store_answers_about_public_data_and_refuses_secrets_until_it_is_unlocked()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [1]));

        test.Store.Protection.Lock();

        Assert.True(test.Store.Read(s => s.Secrets.Exists(Place)));
        Assert.Empty(test.Store.Read(s => s.Accounts.List()));
        Assert.Equal(ErrorIds.StoreLocked, Assert.Throws<StoreException>(() => test.Store.Read(s => s.Secrets.Get(Place))).ErrorId);
        Assert.Equal(ErrorIds.StoreLocked, Assert.Throws<StoreException>(() => test.Store.Write(s => s.Secrets.Put(Place, [2]))).ErrorId);
        Assert.Equal(ErrorIds.StoreLocked, Assert.Throws<StoreException>(() => test.Store.Protection.Add(ByPassphrase)).ErrorId);

        test.Store.Protection.Unlock();

        Assert.Equal([1], test.Store.Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public void A_passphrase_alone_opens_a_store_whose_key_file_is_gone()
    {
        using TestStore test = new(new KeyProtectorRequest(KeyProtectorKind.KeyFile), ByPassphrase);
        test.Store.Write(s => s.Secrets.Put(Place, [7]));
        File.Delete(test.Store.Protection.List().Single(p => p.Kind == KeyProtectorKind.KeyFile).Path);
        IStore store = test.Reopen();

        StoreException locked = Assert.Throws<StoreException>(() => store.Read(s => s.Secrets.Get(Place)));
        Assert.Equal(ErrorIds.StoreLocked, locked.ErrorId);
        Assert.Contains("KeyFile: the key file", locked.Message);
        Assert.Contains("does not exist", locked.Message);
        Assert.Contains("Passphrase: no passphrase was given", locked.Message);

        Assert.Equal(ErrorIds.WrongPassword, Assert.Throws<StoreException>(() => store.Protection.Unlock(Encoding.UTF8.GetBytes("wrong horse"))).ErrorId);
        Assert.False(store.Protection.IsUnlocked);

        store.Protection.Unlock(Passphrase);
        Assert.Equal([7], store.Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public void The_passphrase_is_taken_from_the_environment_or_from_the_file_that_it_names()
    {
        using TestStore test = new(ByPassphrase);
        test.Store.Write(s => s.Secrets.Put(Place, [7]));

        test.Environment.Variables["KM_STORE_PASSPHRASE"] = Encoding.UTF8.GetString(Passphrase);
        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));

        test.Environment.Variables["KM_STORE_PASSPHRASE"] = "something else";
        string file = Path.Combine(test.Folder, "passphrase");
        test.Environment.Variables["KM_STORE_PASSPHRASE_FILE"] = file;
        StoreException missing = Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock());
        Assert.Contains("the passphrase is wrong (KM_STORE_PASSPHRASE)", missing.Message);
        Assert.Contains("KM_STORE_PASSPHRASE_FILE", missing.Message);

        File.WriteAllText(file, "\uFEFFcorrect horse battery staple\r\n", new UTF8Encoding(false));
        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));
    }

    [Theory]
    [InlineData("systemd")]
    [InlineData("container")]
    public void A_mounted_credential_takes_the_place_of_the_key_file(string how)
    {
        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [7]));
        string original = test.Store.Protection.List().Single().Path;
        string folder = how == "systemd" ? Path.Combine(test.Folder, "credentials") : test.Environment.MountedSecrets;
        Directory.CreateDirectory(folder);
        if (how == "systemd")
        {
            test.Environment.Variables["CREDENTIALS_DIRECTORY"] = folder;
        }

        // As text, as a secret store that knows no bytes would hand it over, and readable by others as container runtimes mount it.
        File.WriteAllText(Path.Combine(folder, "keymanager"), Convert.ToBase64String(File.ReadAllBytes(original)) + "\n");
        File.Delete(original);

        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public void A_mounted_credential_of_another_store_does_not_stand_in_the_way()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [7]));
        Directory.CreateDirectory(test.Environment.MountedSecrets);
        File.WriteAllBytes(Path.Combine(test.Environment.MountedSecrets, "keymanager"), new byte[32]);

        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public void A_key_file_that_others_can_read_is_refused_with_the_command_that_mends_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Modes are of Unix.");
            return;
        }

        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [7]));
        string path = test.Store.Protection.List().Single().Path;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        StoreException e = Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock());

        Assert.Equal(ErrorIds.StoreLocked, e.ErrorId);
        Assert.Contains($"chmod 600 '{path}'", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(5000)]
    public void A_key_file_of_a_wrong_size_is_named(int size)
    {
        using TestStore test = new();
        string path = test.Store.Protection.List().Single().Path;
        File.WriteAllBytes(path, new byte[size]);

        StoreException e = Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock());

        Assert.Contains("is not a key file", e.Message);
    }

    [Fact]
    public void The_key_file_of_another_store_is_named_as_the_wrong_one()
    {
        using TestStore test = new();
        File.WriteAllBytes(test.Store.Protection.List().Single().Path, new byte[32]);

        StoreException e = Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock());

        Assert.Contains("not the one it was made with", e.Message);
    }

    [Fact]
    public void Protectors_are_added_listed_and_removed_but_never_the_last()
    {
        using TestStore test = new();
        IStoreProtection protection = test.Store.Protection;
        KeyProtector keyFile = protection.List().Single();

        KeyProtector first = protection.Add(ByPassphrase);
        KeyProtector second = protection.Add(ByPassphrase);

        Assert.Equal("Passphrase", first.Name);
        Assert.Equal("Passphrase 2", second.Name);
        Assert.Equal(
            ErrorIds.ProtectorAlreadyExists,
            Assert.Throws<ConflictException>(() => protection.Add(ByPassphrase with { Name = "PASSPHRASE" })).ErrorId);
        Assert.Equal(
            ErrorIds.ProtectorAlreadyExists,
            Assert.Throws<ConflictException>(() => protection.Add(new KeyProtectorRequest(KeyProtectorKind.KeyFile, Path: keyFile.Path))).ErrorId);

        protection.Remove(keyFile.Id);
        protection.Remove(first.Id);

        Assert.Equal(ErrorIds.ProtectorNotFound, Assert.Throws<NotFoundException>(() => protection.Remove(first.Id)).ErrorId);
        Assert.Equal(ErrorIds.LastProtector, Assert.Throws<ConflictException>(() => protection.Remove(second.Id)).ErrorId);
        Assert.Equal([second], protection.List());
        Assert.Equal(
            ["StoreCreated", "ProtectorAdded", "ProtectorAdded", "ProtectorAdded", "ProtectorRemoved", "ProtectorRemoved"],
            test.Store.Read(s => s.Audit.Query("store", null, null, null, null, 50)).Items.Reverse().Select(line => line.Action));
    }

    [Fact]
    public void A_short_passphrase_is_refused()
    {
        using TestStore test = new();

        Assert.Throws<InvalidRequestException>(() => test.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: new byte[7])));
        Assert.Throws<InvalidRequestException>(() => test.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase)));
    }

    [Fact]
    public void Windows_data_protection_is_unavailable_elsewhere_and_nothing_is_stored_in_the_clear_instead()
    {
        using TestStore test = new();

        StoreException e = Assert.Throws<StoreException>(() => test.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.DpapiUser)));

        Assert.Equal(ErrorIds.ProtectorUnavailable, e.ErrorId);
        Assert.Single(test.Store.Protection.List());
    }

    [Fact]
    public void A_store_whose_protector_cannot_be_made_is_not_made_either()
    {
        using TemporaryFolder folder = new();
        StoreLocation location = new(folder.File("store.db"), StoreScope.CurrentUser);
        StoreOptions options = new()
        {
            Environment = new TestEnvironment(folder.Path) { Windows = false },
            Protectors = [new KeyProtectorRequest(KeyProtectorKind.KeyFile), new KeyProtectorRequest(KeyProtectorKind.DpapiMachine)],
        };

        StoreException e = Assert.Throws<StoreException>(() => SqliteStore.Create(location, new FakeClock(), options));

        Assert.Equal(ErrorIds.ProtectorUnavailable, e.ErrorId);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_key_file_is_made_private_where_it_belongs()
    {
        using TestStore test = new();
        KeyProtector keyFile = test.Store.Protection.List().Single();

        Assert.Equal(Path.Combine(test.Environment.Home, ".config", "keymanager", test.Store.GetInfo().Id + ".key"), keyFile.Path);
        Assert.Equal(32, new FileInfo(keyFile.Path).Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile.Path));
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(keyFile.Path)!));
        }
    }

    [Fact]
    public void A_row_swap_and_a_flipped_bit_are_detected()
    {
        using TestStore test = new();
        test.Store.Write(s =>
        {
            s.Secrets.Put(SecretRef.PrivateKey("k1"), [1]);
            s.Secrets.Put(SecretRef.PrivateKey("k2"), [2]);
            s.Secrets.Put(SecretRef.PrivateKey("k3"), [3]);
        });

        test.Meddle(
            """
            CREATE TEMP TABLE kept AS SELECT value FROM secrets WHERE owner_id = 'k1';
            UPDATE secrets SET value = (SELECT value FROM secrets WHERE owner_id = 'k2') WHERE owner_id = 'k1';
            UPDATE secrets SET value = (SELECT value FROM kept) WHERE owner_id = 'k2';
            UPDATE secrets SET value = CAST(substr(value, 1, 25) || x'00' || substr(value, 27) AS BLOB) WHERE owner_id = 'k3';
            """);

        foreach (string id in (string[])["k1", "k2"])
        {
            Assert.Equal(ErrorIds.SecretUndecryptable, Assert.Throws<StoreException>(() => test.Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey(id)))).ErrorId);
        }

        // One time in 256 the byte was 0 already.
        byte[]? third = null;
        Exception? e = Record.Exception(() => third = test.Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k3"))));
        Assert.True(e is StoreException { ErrorId: ErrorIds.SecretUndecryptable } || third is [3]);
    }

    [Fact]
    public void Every_single_bit_of_a_box_counts()
    {
        using DataKey key = DataKey.New();
        byte[] box = SecretBox.Seal(key, "p", "s", ["a", "b"], [1, 2, 3]);

        Assert.Equal([1, 2, 3], SecretBox.Open(key, "p", "s", ["a", "b"], box));
        for (int bit = 0; bit < box.Length * 8; bit++)
        {
            byte[] changed = [.. box];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(SecretBox.Open(key, "p", "s", ["a", "b"], changed));
        }

        Assert.Null(SecretBox.Open(key, "q", "s", ["a", "b"], box));
        Assert.Null(SecretBox.Open(key, "p", "t", ["a", "b"], box));
        Assert.Null(SecretBox.Open(key, "p", "s", ["ab", ""], box));
        Assert.Null(SecretBox.Open(key, "p", "s", ["a", "b"], [.. box.Take(20)]));
        Assert.Null(SecretBox.Open(key, "p", "s", ["a", "b"], []));
    }

    [Theory]
    [InlineData("$.passes", "1")]
    [InlineData("$.memoryKiB", "8")]
    [InlineData("$.memoryKiB", "2000000000")]
    [InlineData("$.lanes", "0")]
    [InlineData("$.kdf", "'none'")]
    public void A_passphrase_row_with_a_hostile_cost_is_refused_before_anything_is_computed(string path, string value)
    {
        using TestStore test = new(ByPassphrase);

        test.Meddle($"UPDATE key_protectors SET parameters = json_set(parameters, '{path}', {value})");

        StoreException e = Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock(Passphrase));
        Assert.Equal(ErrorIds.StoreLocked, e.ErrorId);
        Assert.Contains("the row was changed", e.Message);
    }

    [Fact]
    public void Rotation_encrypts_every_secret_again_and_the_old_key_is_worth_nothing()
    {
        using TestStore test = new(new KeyProtectorRequest(KeyProtectorKind.KeyFile), ByPassphrase);
        test.Store.Write(s =>
        {
            for (int i = 0; i < 20; i++)
            {
                s.Secrets.Put(SecretRef.PrivateKey($"k{i}"), [(byte)i]);
            }
        });
        string backup = Path.Combine(test.Folder, "before.db");
        test.Store.Backup(backup);
        byte[] before = File.ReadAllBytes(backup);

        Assert.Empty(test.Store.Protection.RotateKey(Passphrase, dropUnreachable: false));

        Assert.Equal([5], test.Store.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k5"))));
        IStore reopened = test.Reopen();
        Assert.Equal([19], reopened.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k19"))));
        reopened.Protection.Lock();
        reopened.Protection.Unlock(Passphrase);
        Assert.Equal([3], reopened.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k3"))));

        // The old data key is named in the backup; in the rotated store no trace of it is left, not even in free pages or the log.
        string oldKeyId = KeyIdIn(before);
        string now = Encoding.Latin1.GetString(ReadShared(test.Location.Path)) + Encoding.Latin1.GetString(ReadShared(test.Location.Path + "-wal"));
        Assert.DoesNotContain(oldKeyId, now);

        // An old backup opens with the protectors that it carries.
        using SqliteStore old = SqliteStore.Open(new StoreLocation(backup, StoreScope.CurrentUser), test.Clock, false, test.Options);
        Assert.Equal([5], old.Read(s => s.Secrets.Get(SecretRef.PrivateKey("k5"))));
    }

    [Fact]
    public void Rotation_without_the_passphrase_stops_or_drops_that_protector()
    {
        using TestStore test = new(new KeyProtectorRequest(KeyProtectorKind.KeyFile), ByPassphrase);
        test.Store.Write(s => s.Secrets.Put(Place, [7]));

        StoreException e = Assert.Throws<StoreException>(() => test.Store.Protection.RotateKey(null, dropUnreachable: false));
        Assert.Equal(ErrorIds.ProtectorUnavailable, e.ErrorId);
        Assert.Contains("Passphrase: no passphrase was given", e.Message);
        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));

        IReadOnlyList<KeyProtector> dropped = test.Store.Protection.RotateKey(null, dropUnreachable: true);

        Assert.Equal(KeyProtectorKind.Passphrase, Assert.Single(dropped).Kind);
        Assert.Equal(KeyProtectorKind.KeyFile, Assert.Single(test.Store.Protection.List()).Kind);
        Assert.Equal([7], test.Reopen().Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public void Rotation_never_drops_every_protector()
    {
        using TestStore test = new(ByPassphrase);

        Assert.Throws<StoreException>(() => test.Store.Protection.RotateKey(null, dropUnreachable: true));
        Assert.Single(test.Store.Protection.List());
    }

    [Fact]
    public void A_process_that_holds_the_old_key_takes_the_new_one_after_a_rotation_elsewhere()
    {
        using TestStore test = new();
        test.Store.Write(s => s.Secrets.Put(Place, [1]));
        using SqliteStore other = test.Open();
        Assert.Equal([1], other.Read(s => s.Secrets.Get(Place)));

        test.Store.Protection.RotateKey(null, false);

        Assert.Equal([1], other.Read(s => s.Secrets.Get(Place)));
        other.Write(s => s.Secrets.Put(Place, [2]));
        Assert.Equal([2], test.Store.Read(s => s.Secrets.Get(Place)));
    }

    [Fact]
    public async Task Two_that_rotate_and_write_at_once_lose_nothing()
    {
        using TestStore test = new();
        using SqliteStore other = test.Open();
        test.Store.Write(s => s.Secrets.Put(Place, [1]));

        await Task.WhenAll(
            Task.Run(() => Repeat(5, _ => test.Store.Protection.RotateKey(null, false))),
            Task.Run(() => Repeat(5, _ => other.Protection.RotateKey(null, false))),
            Task.Run(() => Repeat(30, i => other.Write(s => s.Secrets.Put(SecretRef.PrivateKey($"n{i}"), [(byte)i])))));

        using SqliteStore fresh = test.Open();
        Assert.Equal([1], fresh.Read(s => s.Secrets.Get(Place)));
        Repeat(30, i => Assert.Equal((byte)i, Assert.Single(fresh.Read(s => s.Secrets.Get(SecretRef.PrivateKey($"n{i}")))!)));
    }

    [Fact]
    public void A_protector_moved_from_another_store_does_not_open_this_one()
    {
        using TestStore test = new(ByPassphrase);
        using TestStore other = new(ByPassphrase);
        test.Meddle(
            $"""
            ATTACH '{other.Location.Path}' AS other;
            UPDATE key_protectors SET parameters = (SELECT parameters FROM other.key_protectors), wrapped_key = (SELECT wrapped_key FROM other.key_protectors);
            """);

        Assert.Equal(ErrorIds.WrongPassword, Assert.Throws<StoreException>(() => test.Reopen().Protection.Unlock(Passphrase)).ErrorId);
    }

    private static void Repeat(int times, Action<int> work)
    {
        for (int i = 0; i < times; i++)
        {
            work(i);
        }
    }

    private static byte[] ReadShared(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The identifier of the data key of a store, read from its file as no table is.</summary>
    private static string KeyIdIn(byte[] store)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, store);
            using Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={path};Pooling=False");
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "SELECT data_key_id FROM store";
            return (string)command.ExecuteScalar()!;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
