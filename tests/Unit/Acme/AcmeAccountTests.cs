using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.Acme;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>Accounts: made once whatever happens, taken along, changed, given up.</summary>
public sealed class AcmeAccountTests : AcmeTests
{
    [Theory]
    [InlineData("ES256", "EC P-256")]
    [InlineData("ES384", "EC P-384")]
    [InlineData("ES512", "EC P-521")]
    [InlineData("RS256", "RSA")]
    [InlineData("EdDSA", "OKP")]
    public async Task Every_kind_of_account_key_works(string algorithm, string description)
    {
        Acme.Server.Policy.AllowsEd25519Accounts = true;
        AuthorityAccount account = await Acme.AddAccountAsync(settings: ("AccountKey", algorithm));
        Assert.StartsWith(description, Acme.Server.Accounts.Single().KeyDescription, StringComparison.Ordinal);
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains("valid", await Acme.Services.ChangeAccount.TestAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_are_accepted_by_saying_so_and_an_account_that_was_refused_is_not_kept()
    {
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.RegisterAsync(Acme.Request() with { AcceptTermsOfService = false }));
        Assert.Equal(ErrorIds.TermsOfServiceNotAccepted, refused.ErrorId);
        Assert.Empty(Acme.Server.Accounts);
        Assert.Empty(Acme.Bench.Store.Read(s => s.Accounts.List()));
        AuthorityAccount made = await Acme.AddAccountAsync();
        Assert.True(Acme.Server.Accounts.Single().HasAgreedToTerms);
        Assert.Equal((AccountStatus.Valid, true, Acme.Server.Accounts.Single().Url), (made.Status, made.IsDefault, made.AuthorityAccountId));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Customers_of_an_authority_bind_their_credentials(string algorithm)
    {
        byte[] key = [.. Enumerable.Range(0, 48).Select(i => (byte)i)];
        Acme.Server.Policy.RequiresExternalAccount = true;
        Acme.Server.Policy.ExternalAccounts["kid-1"] = key;
        CredentialException lacking = await Assert.ThrowsAsync<CredentialException>(() => Acme.AddAccountAsync());
        Assert.Equal(ErrorIds.ExternalAccountRequired, lacking.ErrorId);
        AccountRequest request = Acme.Request("acme", ("EabKeyId", "kid-1"), ("EabAlgorithm", algorithm));
        await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.RegisterAsync(request));
        KeyManagerException wrong = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Acme.RegisterAsync(With(request, new byte[32])));
        Assert.NotNull(wrong.ErrorId);
        AuthorityAccount account = await Acme.RegisterAsync(With(request, key));
        Assert.Equal("kid-1", Acme.Server.Accounts.Single().ExternalAccount);
        Assert.Null(Acme.Bench.Store.Read(s => s.Secrets.Get(SecretRef.Account(account.Id, AccountRequest.EabKey))));
    }

    [Fact]
    public async Task An_answer_that_got_lost_leaves_an_account_that_goes_on_with_its_key()
    {
        Acme.Server.Faults.CutNext(AcmeResource.NewAccount, 10);
        await Assert.ThrowsAsync<TransportException>(() => Acme.AddAccountAsync());
        Assert.Equal(AccountStatus.Pending, Acme.Bench.Store.Read(s => s.Accounts.List()).Single().Status);
        await Assert.ThrowsAsync<ConflictException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        AuthorityAccount? made = null;
        while (made is null)
        {
            try
            {
                made = await Acme.AddAccountAsync();
            }
            catch (TransportException)
            {
                // Some cuts were left.
            }
        }

        Assert.Equal(AccountStatus.Valid, made.Status);
        Assert.Single(Acme.Server.Accounts);
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
    }

    [Theory]
    [InlineData(AccountKeyFormat.Pem, "correct horse")]
    [InlineData(AccountKeyFormat.Pem, null)]
    [InlineData(AccountKeyFormat.Jwk, null)]
    public async Task An_exported_key_brings_the_account_back(AccountKeyFormat format, string? password)
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        string path = Acme.Bench.File("account.key");
        ExportedFile file = Acme.Services.AccountKeys.Export(account.Id, path, format, password, overwrite: false);
        Assert.True(file.IsPrivate);
        Assert.Throws<ConflictException>(() => Acme.Services.AccountKeys.Export(account.Id, path, format, password, overwrite: false));
        Acme.Services.ChangeAccount.Remove(account.Id, Acme.Bench.Reporter);
        byte[] data = File.ReadAllBytes(path);
        if (password is not null)
        {
            KeyMaterialException wrong = Assert.Throws<KeyMaterialException>(() => Acme.Services.AccountKeys.Read("Acme", data, "wrong", path));
            Assert.Equal(ErrorIds.WrongPassword, wrong.ErrorId);
        }

        IReadOnlyDictionary<string, byte[]> key = Acme.Services.AccountKeys.Read("Acme", data, password, path);
        AuthorityAccount back = await Acme.RegisterAsync(Acme.Request("back") with { IsExisting = true, Secrets = key, Contact = [], AcceptTermsOfService = false });
        Assert.Equal((account.AuthorityAccountId, "admin@contoso.com"), (back.AuthorityAccountId, back.Contact.Single()));
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
    }

    [Fact]
    public async Task A_key_that_the_authority_does_not_know_brings_nothing_back()
    {
        await Acme.AddAccountAsync();
        using KeyPair other = Acme.Bench.Keys.Generate(KeySpec.Default);
        IReadOnlyDictionary<string, byte[]> key = Acme.Services.AccountKeys.Read("Acme", Acme.Bench.Keys.ToPem(other, null), null, "other.pem");
        CredentialException unknown = await Assert.ThrowsAsync<CredentialException>(() => Acme.RegisterAsync(Acme.Request("back") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountNotFound, unknown.ErrorId);
        Assert.Single(Acme.Bench.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task The_same_account_is_not_stored_twice()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        string path = Acme.Bench.File("account.pem");
        Acme.Services.AccountKeys.Export(account.Id, path, AccountKeyFormat.Pem, null, overwrite: false);
        IReadOnlyDictionary<string, byte[]> key = Acme.Services.AccountKeys.Read("Acme", File.ReadAllBytes(path), null, path);
        ConflictException twice = await Assert.ThrowsAsync<ConflictException>(() => Acme.RegisterAsync(Acme.Request("again") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountAlreadyExists, twice.ErrorId);
        Assert.Contains("'acme'", twice.Message, StringComparison.Ordinal);
        Assert.Single(Acme.Bench.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task New_contacts_reach_the_authority()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        await Acme.Services.ChangeAccount.UpdateAsync(account.Id, null, ["ops@contoso.com"], null, false, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal("mailto:ops@contoso.com", Acme.Server.Accounts.Single().Contacts.Single());
    }

    [Fact]
    public async Task The_key_is_replaced_and_an_interrupted_change_is_taken_up()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        string before = Acme.Server.Accounts.Single().KeyThumbprint;
        await Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        string after = Acme.Server.Accounts.Single().KeyThumbprint;
        Assert.NotEqual(before, after);
        await Acme.Bench.GetCertificateAsync("www.contoso.com");

        Acme.Server.Faults.CutNext(AcmeResource.KeyChange);
        await Assert.ThrowsAsync<TransportException>(() => Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None));
        string changed = Acme.Server.Accounts.Single().KeyThumbprint;
        Assert.NotEqual(after, changed);
        await Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(changed, Acme.Server.Accounts.Single().KeyThumbprint);
        await Acme.Bench.GetCertificateAsync("mail.contoso.com");
    }

    [Fact]
    public async Task Of_two_processes_that_replace_the_key_at_once_one_has_to_wait()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        string before = Acme.Server.Accounts.Single().KeyThumbprint;
        KeyManagerServices other = Acme.Bench.AnotherProcess();
        int refused = 0;
        Acme.Bench.Store.BeforeWrite = _ =>
        {
            Acme.Bench.Store.BeforeWrite = null; // the new key is made and about to be stored
            IsBusyAsync(account, () => other.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None)).GetAwaiter().GetResult();
            refused++;
        };
        await Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(1, refused);
        string first = Acme.Server.Accounts.Single().KeyThumbprint;
        Assert.NotEqual(before, first);
        await other.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.NotEqual(first, Acme.Server.Accounts.Single().KeyThumbprint);
        Assert.Equal(2, Acme.Bench.Audit().Count(a => a.Action == "AccountKeyChanged"));
        await Acme.Bench.GetCertificateAsync("www.contoso.com"); // with the key that is stored
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, false)]
    public async Task A_new_key_waits_for_the_orders_that_are_worked_on(int minutes, bool ends)
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        string before = Acme.Server.Accounts.Single().KeyThumbprint;
        Assert.True(Acme.Bench.Store.Leases.TryAcquire("order:" + order.Id, "another", TimeSpan.FromMinutes(minutes)));
        Task<AuthorityAccount> change = Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        if (ends)
        {
            await change;
            Assert.NotEqual(before, Acme.Server.Accounts.Single().KeyThumbprint);
            return;
        }

        await IsBusyAsync(account, () => change);
        Assert.Equal(before, Acme.Server.Accounts.Single().KeyThumbprint);
        await IsBusyAsync(account, () => Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None));
        Assert.Equal("valid", Acme.Server.Accounts.Single().Status);
        await Acme.Services.ChangeAccount.UpdateAsync(account.Id, "other", null, null, false, Acme.Bench.Reporter, CancellationToken.None); // pulls no rug
    }

    [Fact]
    public async Task Who_waited_for_an_account_that_is_given_up_meanwhile_does_not_ask_the_authority_any_more()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        Assert.True(Acme.Bench.Store.Leases.TryAcquire("account:" + account.Id, "another", TimeSpan.FromMinutes(3)));
        Acme.Bench.Clock.SkipsDelays = false;
        Task<AuthorityAccount> second = Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(1, Acme.Bench.Clock.Waiting);
        Acme.Bench.Store.Leases.Release("account:" + account.Id, "another");
        await Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        int requests = Acme.Server.Requests.Count;
        Acme.Bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorIds.AccountDeactivated, (await Assert.ThrowsAsync<ConflictException>(() => second)).ErrorId);
        Assert.Equal(requests, Acme.Server.Requests.Count);
    }

    [Fact]
    public async Task An_order_of_another_account_is_not_waited_for()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        Acme.Bench.AddScripted(Acme.Bench.Plain, "plain");
        CertificateOrder other = await Acme.Bench.PlaceAsync(new OrderRequest { DomainNames = [DomainName.Parse("www.contoso.com")], Account = "plain" });
        Assert.True(Acme.Bench.Store.Leases.TryAcquire("order:" + other.Id, "another", TimeSpan.FromHours(1)));
        DateTimeOffset start = Acme.Bench.Clock.UtcNow;
        await Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.InRange((Acme.Bench.Clock.UtcNow - start).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task While_an_account_is_changed_no_work_on_its_orders_begins()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        Assert.True(Acme.Bench.Store.Leases.TryAcquire("account:" + account.Id, "another", TimeSpan.FromMinutes(3)));
        int requests = Acme.Server.Requests.Count;
        await IsBusyAsync(account, () => Acme.Bench.CompleteAsync(order));
        await IsBusyAsync(account, () => Acme.Bench.PlaceAsync("mail.contoso.com"));
        Assert.Equal(requests, Acme.Server.Requests.Count);
        Assert.Single(Acme.Bench.Orders());
        Acme.Bench.Clock.Advance(TimeSpan.FromMinutes(3)); // it was killed
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task A_deactivated_account_is_remembered_and_never_used_again()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        string path = Acme.Bench.File("account.pem");
        Acme.Services.AccountKeys.Export(account.Id, path, AccountKeyFormat.Pem, null, overwrite: false);
        await Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None);
        ConflictException here = await Assert.ThrowsAsync<ConflictException>(() => Acme.Bench.PlaceAsync(AcmeBench.For("www.contoso.com") with { Account = account.Name }));
        Assert.Equal(ErrorIds.AccountDeactivated, here.ErrorId);
        IReadOnlyDictionary<string, byte[]> key = Acme.Services.AccountKeys.Read("Acme", File.ReadAllBytes(path), null, path);
        CredentialException there = await Assert.ThrowsAsync<CredentialException>(() => Acme.RegisterAsync(Acme.Request("back") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountDeactivated, there.ErrorId);
    }

    [Fact]
    public async Task Several_accounts_at_one_authority_unless_the_setting_says_one()
    {
        await Acme.AddAccountAsync("first");
        await Acme.AddAccountAsync("second");
        Acme.Services.Settings.Set(StoreSettings.MaxAccountsPerAuthority, "2");
        ConflictException full = await Assert.ThrowsAsync<ConflictException>(() => Acme.AddAccountAsync("third"));
        Assert.Equal(ErrorIds.AccountAlreadyExists, full.ErrorId);
        Assert.Equal(2, Acme.Server.Accounts.Count);
    }

    [Fact]
    public async Task Only_administrators_manage_accounts_when_the_setting_says_so()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        Acme.Services.Settings.Set(StoreSettings.AccountsNeedAdministrator, "true");
        TestBench.Rights.BecomeUser();
        foreach (Func<Task> act in new Func<Task>[]
        {
            () => Acme.AddAccountAsync("second"),
            () => Acme.Services.ChangeAccount.UpdateAsync(account.Id, "other", null, null, false, Acme.Bench.Reporter, CancellationToken.None),
            () => Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None),
            () => Task.Run(() => Acme.Services.ChangeAccount.Remove(account.Id, Acme.Bench.Reporter)),
            () => Task.Run(() => Acme.Services.AccountKeys.Export(account.Id, Acme.Bench.File("k"), AccountKeyFormat.Pem, null, false)),
            () => Acme.Services.AccountKeys.ChangeAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None),
            () => Task.Run(() => Acme.Services.Settings.Set(StoreSettings.AccountsNeedAdministrator, null)),
        })
        {
            Assert.Equal(ErrorIds.AdministratorRequired, (await Assert.ThrowsAsync<ConflictException>(act)).ErrorId);
        }

        await Acme.Bench.GetCertificateAsync("www.contoso.com"); // orders are everybody's
    }

    [Fact]
    public async Task Credentials_are_asked_for_by_mail_address_where_an_authority_gives_them()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 3))];
        Acme.Server.Policy.RequiresExternalAccount = true;
        Acme.Server.Policy.ExternalAccounts["kid-7"] = key;
        string asked = "";
        using LoopbackHttpServer giver = new(call =>
        {
            asked = $"{call.Method} {call.Field("Content-Type")} {Encoding.ASCII.GetString(call.Body)}";
            string text = Convert.ToBase64String(key).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            string body = call.Body.Length > 30
                ? "{\"success\":false,\"error\":{\"code\":2900,\"type\":\"missing_email\"}}"
                : $"{{\"success\":true,\"eab_kid\":\"kid-7\",\"eab_hmac_key\":\"{text}\"}}";
            return new HttpAnswer(200).With("Content-Type", "application/json").WithBody(body);
        });
        AcmePreset preset = new() { Name = "ByMail", Title = "An authority", Production = Acme.Server.Directory.AbsoluteUri, ExternalAccountByMail = $"http://{giver.Authority}/eab" };
        using AcmeSessions sessions = new(Acme.Bench.Clock);
        Acme.Bench.More.Add(store => new AcmeAuthority(preset, sessions, store, Acme.Bench.Clock, Acme.Bench.Keys, Acme.Bench.Certificates));
        AccountRequest request = Acme.Request() with { Settings = new Dictionary<string, string>(), Contact = ["a@contoso.com"] };
        await Acme.RegisterAsync(request, "ByMail");
        Assert.Equal("POST application/x-www-form-urlencoded email=a%40contoso.com", asked);
        Assert.Equal("kid-7", Acme.Server.Accounts.Single().ExternalAccount);
        CredentialException none = await Assert.ThrowsAsync<CredentialException>(() => Acme.RegisterAsync(request with { Id = Identifier.New(), Name = "other", Contact = ["somebody.else@contoso.com"] }, "ByMail"));
        Assert.Contains("missing_email", none.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CredentialException>(() => Acme.RegisterAsync(request with { Id = Identifier.New(), Name = "third", Contact = [] }, "ByMail"));
    }

    [Theory]
    [InlineData("ftp://ca.contoso.com/directory")]
    [InlineData("http://ca.contoso.com/directory")]
    [InlineData("ca.contoso.com")]
    public async Task Only_addresses_that_protect_what_is_sent_are_taken(string url)
    {
        AccountRequest request = Acme.Request() with { Settings = new Dictionary<string, string> { ["DirectoryUrl"] = url } };
        InvalidRequestException wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.RegisterAsync(request));
        Assert.Equal(ErrorIds.InvalidSetting, wrong.ErrorId);
    }

    private static AccountRequest With(AccountRequest request, byte[] key) => request with
    {
        Secrets = new Dictionary<string, byte[]> { [AccountRequest.EabKey] = Encoding.ASCII.GetBytes(Convert.ToBase64String(key).TrimEnd('=').Replace('+', '-').Replace('/', '_')) },
    };

    private static async Task IsBusyAsync(AuthorityAccount account, Func<Task> act)
    {
        ConflictException busy = await Assert.ThrowsAsync<ConflictException>(act);
        Assert.Equal((ErrorIds.AccountBusy, account.Name, true), (busy.ErrorId, (string?)busy.Target, busy.IsTransient));
        Assert.NotNull(busy.Remedy);
    }
}
