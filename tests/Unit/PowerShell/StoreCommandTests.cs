using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Storage;
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
    public void A_copy_gets_the_protectors_that_were_asked_for()
    {
        string copy = Bench.File("copy.db");
        string key = Bench.File("copy.key");

        CmdletResult made = Cmdlet<BackupKmStoreCommand>().With("Path", copy).With("Passphrase", Secret("four random words")).With("KeyFilePath", key).Invoke();

        AssertClean(made);
        Assert.Contains("lies beside the copy", Assert.Single(made.Warnings));
        Assert.Contains("Passphrase, KeyFile", Bench.Audit()[0].Detail);
        try
        {
            Assert.Equal(["KeyFile", "Passphrase"], Run.Cmdlet<GetKmKeyProtectorCommand>().With("StorePath", copy).Invoke().OutputOf<KeyProtector>().Select(p => p.Name).OrderBy(n => n, StringComparer.Ordinal));
            AssertFails(Cmdlet<BackupKmStoreCommand>().With("Path", copy + "2").With("Passphrase", Secret("short")).Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
            Assert.False(File.Exists(copy + "2"));
        }
        finally
        {
            KeyManager.PowerShell.CompositionRoot.CloseAll();
        }
    }

    [Fact]
    public void A_store_is_examined_and_mended_only_when_asked()
    {
        string store = Bench.File("examined", "store.db");
        CmdletRunner<TestKmStoreCommand> Test() => Run.Cmdlet<TestKmStoreCommand>().With("StorePath", store);
        AssertFails(Test().Invoke(), "KmStoreNotFound", ErrorCategory.ObjectNotFound);
        AssertClean(Run.Cmdlet<InitializeKmStoreCommand>().With("Path", store).With("KeyFilePath", Bench.File("keys", "examined.key")).Invoke());
        try
        {
            CmdletResult sound = Test().Invoke();
            AssertClean(sound);
            Assert.Contains(sound.OutputOf<StoreCheck>(), c => c.Name == "Secrets" && c.Outcome == StoreCheckOutcome.Passed);

            using (KeyManager.Providers.Storage.Database database = KeyManager.Providers.Storage.Database.Open(store, TimeSpan.FromSeconds(1)))
            {
                database.Script("DROP INDEX orders_by_status;");
            }

            foreach (CmdletRunner<TestKmStoreCommand> looking in (CmdletRunner<TestKmStoreCommand>[])[Test(), Test().With("Repair").With("Force").With("WhatIf")])
            {
                CmdletResult result = looking.Invoke();
                AssertFails(result, "KmStoreCorrupt", ErrorCategory.InvalidData);
                Assert.Contains("orders_by_status is missing", result.Error.Exception.Message);
            }

            CmdletResult mended = Test().With("Repair").With("Force").Invoke();
            AssertClean(mended);
            Assert.Contains(mended.OutputOf<StoreCheck>(), c => c.Name == "Schema" && c.Outcome == StoreCheckOutcome.Repaired);
            AssertClean(Test().Invoke());
        }
        finally
        {
            KeyManager.PowerShell.CompositionRoot.CloseAll();
        }
    }

    [Fact]
    public async Task Parts_go_into_a_file_and_come_back_with_a_line_for_each()
    {
        await Bench.AddAccountAsync();
        Certificate kept = await Bench.GetCertificateAsync("www.contoso.com");
        await Bench.GetCertificateAsync("other.contoso.com");
        string file = Bench.File("parts.km");
        CmdletRunner<ImportKmStoreCommand> Import() => Cmdlet<ImportKmStoreCommand>().With("Path", file).With("Passphrase", Secret("four random words"));

        AssertFails(Cmdlet<ExportKmStoreCommand>().With("Path", file).Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
        AssertClean(Cmdlet<ExportKmStoreCommand>().With("Path", file).With("Passphrase", Secret("four random words")).Pipe(kept).Invoke());
        AssertClean(Cmdlet<RemoveKmCertificateCommand>().InSet("Certificate").With("Certificate", "www.contoso.com").With("RemovePrivateKey").With("Force").Invoke());

        Assert.Empty(Import().With("WhatIf").Invoke().Output);
        StoreTransfer taken = Assert.Single(Import().Invoke().OutputOf<StoreTransfer>());
        Assert.Equal((StorePart.Certificates, "www.contoso.com", TransferOutcome.Added), (taken.Part, taken.Name, taken.Outcome));
        Assert.Equal(TransferOutcome.Same, Assert.Single(Import().Invoke().OutputOf<StoreTransfer>()).Outcome);
        AssertFails(Cmdlet<ImportKmStoreCommand>().With("Path", file).With("Passphrase", Secret("some other words")).Invoke(), "KmWrongPassword", ErrorCategory.SecurityError);
        AssertFails(Cmdlet<ImportKmStoreCommand>().With("Path", Bench.File("nope.km")).Invoke(), "KmFileNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Accounts_are_taken_along_by_administrators_only_where_the_store_says_so()
    {
        await Bench.AddAccountAsync();
        Bench.Services.Settings.Set("AccountsNeedAdministrator", "True");
        TestBench.Rights.BecomeUser();

        AssertFails(
            Cmdlet<ExportKmStoreCommand>().With("Path", Bench.File("parts.km")).With("Passphrase", Secret("four random words")).Invoke(), "KmAdministratorRequired", ErrorCategory.PermissionDenied);
    }

    [Fact]
    public void Old_versions_are_removed_as_WhatIf_says()
    {
        Bench.Store.Write(s =>
        {
            string lineage = Identifier.New();
            for (int version = 1; version <= 4; version++)
            {
                s.Certificates.Add(Some.Certificate("www.contoso.com", lineage, version, Bench.Clock.UtcNow.AddDays((version * 100) - 450)), []);
            }
        });
        CmdletRunner<RemoveKmCertificateCommand> Remove() => Cmdlet<RemoveKmCertificateCommand>().InSet("OldVersions").With("OldVersions").With("Force");

        Assert.Equal(2, Remove().With("WhatIf").Invoke().Questions.Count);
        AssertClean(Remove().With("OlderThan", 300).Invoke());
        Assert.Equal([4, 3, 2], Bench.Services.Inventory.History("www.contoso.com").Select(c => c.Version));
        AssertClean(Remove().With("Certificate", "www.contoso.com").Invoke());
        Assert.Equal([4, 3], Bench.Services.Inventory.History("www.contoso.com").Select(c => c.Version));
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
