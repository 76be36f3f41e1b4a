using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class StoreCommandTests : CmdletTests
{
    [Fact]
    public void Get_Lock_and_Unlock_show_how_the_store_stands()
    {
        Assert.True(Assert.Single(Cmdlet<GetKmStoreCommand>().Invoke().OutputOf<StoreInfo>()).IsUnlocked);
        Assert.False(Assert.Single(Cmdlet<LockKmStoreCommand>().Invoke().OutputOf<StoreInfo>()).IsUnlocked);
        AssertFails(Cmdlet<NewKmCsrCommand>().With("DomainName", "a.test").Invoke(), "KmStoreLocked", ErrorCategory.AuthenticationError);
        AssertFails(Cmdlet<UnlockKmStoreCommand>().With("Passphrase", Secret("not this one")).Invoke(), "KmStoreLocked", ErrorCategory.AuthenticationError);
        Assert.True(Assert.Single(Cmdlet<UnlockKmStoreCommand>().Invoke().OutputOf<StoreInfo>()).IsUnlocked);
    }

    [Fact]
    public void Backup_writes_a_file_once()
    {
        CmdletRunner<BackupKmStoreCommand> Backup() => Cmdlet<BackupKmStoreCommand>().With("Path", Bench.File("backup.db"));

        Assert.True(Assert.Single(Backup().Invoke().OutputOf<FileInfo>()).Length > 0);
        AssertFails(Backup().Invoke(), "KmFileExists", ErrorCategory.ResourceExists);
    }

    [Fact]
    public void Initialize_makes_a_store_and_Restore_brings_a_backup_back()
    {
        string store = Bench.File("made", "store.db");
        string backup = Bench.File("backup.db");
        CmdletRunner<InitializeKmStoreCommand> Make() => Run.Cmdlet<InitializeKmStoreCommand>().With("Path", store).With("KeyFilePath", Bench.File("keys", "made.key"));
        CmdletRunner<RestoreKmStoreCommand> Restore(string from) => Run.Cmdlet<RestoreKmStoreCommand>().With("StorePath", store).With("Path", from).With("Force");

        AssertClean(Make().Invoke());
        AssertFails(Make().Invoke(), "KmStoreAlreadyExists", ErrorCategory.ResourceExists);
        AssertClean(Run.Cmdlet<BackupKmStoreCommand>().With("StorePath", store).With("Path", backup).Invoke());
        Assert.Contains("is kept as", Assert.Single(Restore(backup).Invoke().Warnings));
        AssertClean(Restore(backup).Invoke());
        AssertFails(Restore(Write("no.db", [1, 2, 3])).Invoke(), "KmStoreCorrupt", ErrorCategory.InvalidData);
        Assert.Equal(Bench.File("no.db"), Restore(Bench.File("no.db")).Invoke().Error.TargetObject);
        _ = Run.Cmdlet<GetKmStoreCommand>().With("StorePath", store).Invoke();
        KeyManager.PowerShell.CompositionRoot.CloseAll();
    }

    [Fact]
    public void A_restore_or_a_making_that_fails_leaves_the_store_open_and_unlocked()
    {
        string store = Bench.File("kept", "store.db");
        CmdletRunner<T> At<T>()
            where T : KeyManager.PowerShell.KmCmdlet, new() => Run.Cmdlet<T>().With("StorePath", store);
        AssertClean(At<InitializeKmStoreCommand>().With("KeyFilePath", Bench.File("keys", "kept.key")).With("Passphrase", Secret("right passphrase")).Invoke());
        AssertClean(At<RemoveKmKeyProtectorCommand>().With("Id", "KeyFile").With("Force").Invoke());
        try
        {
            AssertFails(At<RestoreKmStoreCommand>().With("Path", Write("no.db", [1, 2, 3])).With("Force").Invoke(), "KmStoreCorrupt", ErrorCategory.InvalidData);
            AssertFails(At<InitializeKmStoreCommand>().Invoke(), "KmStoreAlreadyExists", ErrorCategory.ResourceExists);
            AssertFails(At<RestoreKmStoreCommand>().With("Path", Bench.File("nowhere.db")).With("Force").Invoke(), "KmFileNotFound", ErrorCategory.ObjectNotFound);

            Assert.True(Assert.Single(At<GetKmStoreCommand>().Invoke().OutputOf<StoreInfo>()).IsUnlocked);
        }
        finally
        {
            KeyManager.PowerShell.CompositionRoot.CloseAll();
        }
    }

    [Fact]
    public void Protectors_are_added_listed_and_removed_but_not_the_last()
    {
        AssertClean(Cmdlet<AddKmKeyProtectorCommand>().InSet("Kind").With("Kind", "KeyFile").With("KeyFilePath", Bench.File("second.key")).With("Name", "second").Invoke());
        AssertFails(
            Cmdlet<AddKmKeyProtectorCommand>().InSet("Kind").With("Kind", "KeyFile").With("KeyFilePath", Bench.File("second.key")).With("Name", "third").Invoke(),
            "KmProtectorAlreadyExists",
            ErrorCategory.ResourceExists);
        Assert.Equal(2, Cmdlet<GetKmKeyProtectorCommand>().Invoke().Output.Count);
        AssertFails(Cmdlet<RemoveKmKeyProtectorCommand>().With("Id", "nope").With("Force").Invoke(), "KmProtectorNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Cmdlet<RemoveKmKeyProtectorCommand>().With("Id", "second").With("Force").Invoke());
        string last = Cmdlet<GetKmKeyProtectorCommand>().Invoke().OutputOf<KeyProtector>()[0].Id;
        AssertFails(Cmdlet<RemoveKmKeyProtectorCommand>().With("Id", last).With("Force").Invoke(), "KmLastProtector", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public void The_key_is_rotated_with_the_right_passphrase_only()
    {
        AssertClean(Cmdlet<AddKmKeyProtectorCommand>().InSet("Passphrase").With("Passphrase", Secret("right passphrase")).Invoke());

        Assert.StartsWith("Km", Cmdlet<UpdateKmStoreKeyCommand>().With("Passphrase", Secret("wrong passphrase")).With("Confirm", false).Invoke().Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        AssertClean(Cmdlet<UpdateKmStoreKeyCommand>().With("Passphrase", Secret("right passphrase")).With("Confirm", false).Invoke());

        Assert.Contains(Bench.Audit(), line => line.Action == "DataKeyRotated");
    }

    [Fact]
    public void Settings_are_set_shown_and_reset()
    {
        Assert.Equal("Rsa", Assert.Single(Cmdlet<SetKmSettingCommand>().InSet("Value").With("Name", "DefaultKeyAlgorithm").With("Value", "Rsa").Invoke().OutputOf<StoreSetting>()).Value);
        Assert.Equal("Rsa", Assert.Single(Cmdlet<GetKmSettingCommand>().With("Name", "*Algorithm").Invoke().OutputOf<StoreSetting>()).Value);
        Assert.Equal("Ecdsa", Assert.Single(Cmdlet<SetKmSettingCommand>().InSet("Reset").With("Name", "DefaultKeyAlgorithm").With("Reset").Invoke().OutputOf<StoreSetting>()).Value);
        AssertFails(Cmdlet<SetKmSettingCommand>().InSet("Value").With("Name", "DefaultKeyAlgorithm").With("Value", "banana").Invoke(), "KmInvalidSetting", ErrorCategory.InvalidArgument);
        AssertFails(Cmdlet<GetKmSettingCommand>().With("Name", "nope").Invoke(), "KmSettingNotFound", ErrorCategory.ObjectNotFound);
    }
}
