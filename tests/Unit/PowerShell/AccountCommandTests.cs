using System;
using System.IO;
using System.Linq;
using System.Management.Automation;
using System.Threading.Tasks;
using KeyManager.Commands;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.PowerShell;

public sealed class AccountCommandTests : CmdletTests
{
    [Fact]
    public void New_makes_an_account_and_the_first_is_the_default()
    {
        CmdletResult result = Cmdlet<NewKmAccountCommand>().With("Name", "private").Invoke();

        AssertClean(result);
        Assert.True(Assert.Single(result.OutputOf<AuthorityAccount>()).IsDefault);
        AssertFails(Cmdlet<NewKmAccountCommand>().With("Name", "x").With("Authority", "Lcal").Invoke(), "KmAuthorityNotFound", ErrorCategory.ObjectNotFound);
        AssertFails(Cmdlet<NewKmAccountCommand>().With("Name", "x").With("Contact", "nobody").Invoke(), "KmInvalidParameter", ErrorCategory.InvalidArgument);
    }

    [Fact]
    public void New_under_WhatIf_needs_no_store_and_makes_none()
    {
        string store = Bench.File("none", "store.db");
        CmdletRunner<NewKmAccountCommand> New() => Run.Cmdlet<NewKmAccountCommand>().With("StorePath", store).With("Name", "private").With("WhatIf");

        CmdletResult result = New().Invoke();

        AssertClean(result);
        Assert.Contains("Built-in private authority", Assert.Single(result.Questions));
        Assert.False(Directory.Exists(Path.GetDirectoryName(store)));
        AssertFails(New().With("Authority", "Lcal").Invoke(), "KmAuthorityNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public void Add_under_WhatIf_needs_no_store_and_makes_none_and_calls_a_server_by_its_host()
    {
        string store = Bench.File("none", "store.db");
        string key = Bench.File("account.pem");
        File.WriteAllBytes(key, Bench.Keys.ToPem(Bench.Keys.Generate(KeySpec.Create(KeyAlgorithm.Ecdsa, 256)), null));
        CmdletRunner<AddKmAccountCommand> Add(string file) => Run.Cmdlet<AddKmAccountCommand>()
            .With("StorePath", store).With("Name", "taken").With("DirectoryUrl", "https://ca.contoso.com/acme/directory").With("KeyPath", file).With("WhatIf");

        CmdletResult result = Add(key).Invoke();

        AssertClean(result);
        Assert.Contains("with ca.contoso.com", Assert.Single(result.Questions), System.StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(store)));
        AssertFails(Add(key + ".gone").Invoke(), "KmFileNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Get_finds_by_name_and_by_pattern()
    {
        _ = await Bench.AddAccountAsync("alpha");
        _ = await Bench.AddAccountAsync("beta");

        Assert.Equal("alpha", Assert.Single(Cmdlet<GetKmAccountCommand>().With("Name", "al*").Invoke().OutputOf<AuthorityAccount>()).Name);
        Assert.Equal(2, Cmdlet<GetKmAccountCommand>().Invoke().Output.Count);
        AssertFails(Cmdlet<GetKmAccountCommand>().With("Name", "gamma").Invoke(), "KmAccountNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Set_renames_and_refuses_a_setting_that_is_none()
    {
        AuthorityAccount account = await Bench.AddAccountAsync();

        Assert.Equal("renamed", Assert.Single(Cmdlet<SetKmAccountCommand>().With("Account", account).With("NewName", "renamed").Invoke().OutputOf<AuthorityAccount>()).Name);
        AssertFails(
            Cmdlet<SetKmAccountCommand>().With("Account", "renamed").With("Setting", new System.Collections.Hashtable { ["Banana"] = "1" }).Invoke(),
            "KmInvalidSetting",
            ErrorCategory.InvalidArgument);
    }

    [Fact]
    public async Task Test_answers_true_and_names_an_account_that_is_not_there()
    {
        _ = await Bench.AddAccountAsync();

        Assert.Equal([true], Cmdlet<TestKmAccountCommand>().With("Account", "private").Invoke().Output);
        AssertFails(Cmdlet<TestKmAccountCommand>().With("Account", "privat").Invoke(), "KmAccountNotFound", ErrorCategory.ObjectNotFound);
    }

    [Fact]
    public async Task Disable_is_for_good()
    {
        _ = await Bench.AddAccountAsync();

        Assert.Equal(AccountStatus.Deactivated, Assert.Single(Cmdlet<DisableKmAccountCommand>().With("Account", "private").With("Force").Invoke().OutputOf<AuthorityAccount>()).Status);
        AssertFails(Cmdlet<DisableKmAccountCommand>().With("Account", "private").With("Force").Invoke(), "KmAccountDeactivated", ErrorCategory.InvalidOperation);
    }

    [Fact]
    public async Task Remove_says_that_it_is_local_and_keeps_an_account_with_open_orders()
    {
        _ = await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("open.test");
        AssertFails(Cmdlet<RemoveKmAccountCommand>().With("Account", "private").With("Force").Invoke(), "KmAccountInUse", ErrorCategory.InvalidOperation);
        _ = await Bench.CompleteAsync(order);

        CmdletResult result = Cmdlet<RemoveKmAccountCommand>().With("Account", "private").With("Force").Invoke();

        AssertClean(result);
        Assert.Contains("removed here only", Assert.Single(result.Warnings));
        Assert.Empty(Cmdlet<GetKmAccountCommand>().Invoke().Output);
    }

    [Fact]
    public async Task Export_writes_the_root_once()
    {
        _ = await Bench.AddAccountAsync();
        CmdletRunner<ExportKmAccountCertificateCommand> Export() => Cmdlet<ExportKmAccountCertificateCommand>().With("Account", "private").With("Path", Bench.File("root.crt"));

        AssertClean(Export().Invoke());

        Assert.StartsWith("-----BEGIN CERTIFICATE-----", File.ReadAllText(Bench.File("root.crt")), StringComparison.Ordinal);
        AssertFails(Export().Invoke(), "KmFileExists", ErrorCategory.ResourceExists);
    }

    [Fact]
    public void Get_authority_lists_what_is_built_in()
    {
        Assert.Contains(Run.Cmdlet<GetKmAuthorityCommand>().Invoke().OutputOf<KeyManager.Authorities.AuthorityDescription>(), a => a.Name == "Local");
        AssertFails(Run.Cmdlet<GetKmAuthorityCommand>().With("Name", "Lcal").Invoke(), "KmAuthorityNotFound", ErrorCategory.ObjectNotFound);
    }
}
