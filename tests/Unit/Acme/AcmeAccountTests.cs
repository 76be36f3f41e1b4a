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
public sealed class AcmeAccountTests : IDisposable
{
    private readonly AcmeBench _acme = new();

    public void Dispose()
    {
        try
        {
            _acme.AssertNoViolations();
        }
        finally
        {
            _acme.Dispose();
        }
    }

    [Theory]
    [InlineData("ES256", "EC P-256")]
    [InlineData("ES384", "EC P-384")]
    [InlineData("ES512", "EC P-521")]
    [InlineData("RS256", "RSA")]
    [InlineData("EdDSA", "OKP")]
    public async Task Every_kind_of_account_key_works(string algorithm, string description)
    {
        _acme.Server.Policy.AllowsEd25519Accounts = true;
        AuthorityAccount account = await _acme.AddAccountAsync(settings: ("AccountKey", algorithm));
        Assert.StartsWith(description, _acme.Server.Accounts.Single().KeyDescription, StringComparison.Ordinal);
        await _acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains("valid", await _acme.Services.ChangeAccount.TestAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_are_accepted_by_saying_so_and_an_account_that_was_refused_is_not_kept()
    {
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => _acme.RegisterAsync(_acme.Request() with { AcceptTermsOfService = false }));
        Assert.Equal(ErrorIds.TermsOfServiceNotAccepted, refused.ErrorId);
        Assert.Empty(_acme.Server.Accounts);
        Assert.Empty(_acme.Bench.Store.Read(s => s.Accounts.List()));
        AuthorityAccount made = await _acme.AddAccountAsync();
        Assert.True(_acme.Server.Accounts.Single().HasAgreedToTerms);
        Assert.Equal((AccountStatus.Valid, true, _acme.Server.Accounts.Single().Url), (made.Status, made.IsDefault, made.AuthorityAccountId));
    }

    [Theory]
    [InlineData("HS256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    public async Task Customers_of_an_authority_bind_their_credentials(string algorithm)
    {
        byte[] key = [.. Enumerable.Range(0, 48).Select(i => (byte)i)];
        _acme.Server.Policy.RequiresExternalAccount = true;
        _acme.Server.Policy.ExternalAccounts["kid-1"] = key;
        CredentialException lacking = await Assert.ThrowsAsync<CredentialException>(() => _acme.AddAccountAsync());
        Assert.Equal(ErrorIds.ExternalAccountRequired, lacking.ErrorId);
        AccountRequest request = _acme.Request("acme", ("EabKeyId", "kid-1"), ("EabAlgorithm", algorithm));
        await Assert.ThrowsAsync<InvalidRequestException>(() => _acme.RegisterAsync(request));
        KeyManagerException wrong = await Assert.ThrowsAnyAsync<KeyManagerException>(() => _acme.RegisterAsync(With(request, new byte[32])));
        Assert.NotNull(wrong.ErrorId);
        AuthorityAccount account = await _acme.RegisterAsync(With(request, key));
        Assert.Equal("kid-1", _acme.Server.Accounts.Single().ExternalAccount);
        Assert.Null(_acme.Bench.Store.Read(s => s.Secrets.Get(SecretRef.Account(account.Id, AccountRequest.EabKey))));
    }

    [Fact]
    public async Task An_answer_that_got_lost_leaves_an_account_that_goes_on_with_its_key()
    {
        _acme.Server.Faults.CutNext(AcmeResource.NewAccount, 10);
        await Assert.ThrowsAsync<TransportException>(() => _acme.AddAccountAsync());
        Assert.Equal(AccountStatus.Pending, _acme.Bench.Store.Read(s => s.Accounts.List()).Single().Status);
        await Assert.ThrowsAsync<ConflictException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        AuthorityAccount? made = null;
        while (made is null)
        {
            try
            {
                made = await _acme.AddAccountAsync();
            }
            catch (TransportException)
            {
                // Some cuts were left.
            }
        }

        Assert.Equal(AccountStatus.Valid, made.Status);
        Assert.Single(_acme.Server.Accounts);
        await _acme.Bench.GetCertificateAsync("www.contoso.com");
    }

    [Theory]
    [InlineData(AccountKeyFormat.Pem, "correct horse")]
    [InlineData(AccountKeyFormat.Pem, null)]
    [InlineData(AccountKeyFormat.Jwk, null)]
    public async Task An_exported_key_brings_the_account_back(AccountKeyFormat format, string? password)
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        string path = _acme.Bench.File("account.key");
        ExportedFile file = _acme.Services.AccountKeys.Export(account.Id, path, format, password, overwrite: false);
        Assert.True(file.IsPrivate);
        Assert.Throws<ConflictException>(() => _acme.Services.AccountKeys.Export(account.Id, path, format, password, overwrite: false));
        _acme.Services.ChangeAccount.Remove(account.Id, _acme.Bench.Reporter);
        byte[] data = File.ReadAllBytes(path);
        if (password is not null)
        {
            KeyMaterialException wrong = Assert.Throws<KeyMaterialException>(() => _acme.Services.AccountKeys.Read("Acme", data, "wrong", path));
            Assert.Equal(ErrorIds.WrongPassword, wrong.ErrorId);
        }

        IReadOnlyDictionary<string, byte[]> key = _acme.Services.AccountKeys.Read("Acme", data, password, path);
        AuthorityAccount back = await _acme.RegisterAsync(_acme.Request("back") with { IsExisting = true, Secrets = key, Contact = [], AcceptTermsOfService = false });
        Assert.Equal((account.AuthorityAccountId, "admin@contoso.com"), (back.AuthorityAccountId, back.Contact.Single()));
        await _acme.Bench.GetCertificateAsync("www.contoso.com");
    }

    [Fact]
    public async Task A_key_that_the_authority_does_not_know_brings_nothing_back()
    {
        await _acme.AddAccountAsync();
        using KeyPair other = _acme.Bench.Keys.Generate(KeySpec.Default);
        IReadOnlyDictionary<string, byte[]> key = _acme.Services.AccountKeys.Read("Acme", _acme.Bench.Keys.ToPem(other, null), null, "other.pem");
        CredentialException unknown = await Assert.ThrowsAsync<CredentialException>(() => _acme.RegisterAsync(_acme.Request("back") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountNotFound, unknown.ErrorId);
        Assert.Single(_acme.Bench.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task The_same_account_is_not_stored_twice()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        string path = _acme.Bench.File("account.pem");
        _acme.Services.AccountKeys.Export(account.Id, path, AccountKeyFormat.Pem, null, overwrite: false);
        IReadOnlyDictionary<string, byte[]> key = _acme.Services.AccountKeys.Read("Acme", File.ReadAllBytes(path), null, path);
        ConflictException twice = await Assert.ThrowsAsync<ConflictException>(() => _acme.RegisterAsync(_acme.Request("again") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountAlreadyExists, twice.ErrorId);
        Assert.Contains("'acme'", twice.Message, StringComparison.Ordinal);
        Assert.Single(_acme.Bench.Store.Read(s => s.Accounts.List()));
    }

    [Fact]
    public async Task New_contacts_reach_the_authority()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        await _acme.Services.ChangeAccount.UpdateAsync(account.Id, null, ["ops@contoso.com"], null, false, _acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal("mailto:ops@contoso.com", _acme.Server.Accounts.Single().Contacts.Single());
    }

    [Fact]
    public async Task The_key_is_replaced_and_an_interrupted_change_is_taken_up()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        string before = _acme.Server.Accounts.Single().KeyThumbprint;
        await _acme.Services.AccountKeys.ChangeAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None);
        string after = _acme.Server.Accounts.Single().KeyThumbprint;
        Assert.NotEqual(before, after);
        await _acme.Bench.GetCertificateAsync("www.contoso.com");

        _acme.Server.Faults.CutNext(AcmeResource.KeyChange);
        await Assert.ThrowsAsync<TransportException>(() => _acme.Services.AccountKeys.ChangeAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None));
        string changed = _acme.Server.Accounts.Single().KeyThumbprint;
        Assert.NotEqual(after, changed);
        await _acme.Services.AccountKeys.ChangeAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(changed, _acme.Server.Accounts.Single().KeyThumbprint);
        await _acme.Bench.GetCertificateAsync("mail.contoso.com");
    }

    [Fact]
    public async Task A_deactivated_account_is_remembered_and_never_used_again()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        string path = _acme.Bench.File("account.pem");
        _acme.Services.AccountKeys.Export(account.Id, path, AccountKeyFormat.Pem, null, overwrite: false);
        await _acme.Services.ChangeAccount.DeactivateAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None);
        ConflictException here = await Assert.ThrowsAsync<ConflictException>(() => _acme.Bench.PlaceAsync(AcmeBench.For("www.contoso.com") with { Account = account.Name }));
        Assert.Equal(ErrorIds.AccountDeactivated, here.ErrorId);
        IReadOnlyDictionary<string, byte[]> key = _acme.Services.AccountKeys.Read("Acme", File.ReadAllBytes(path), null, path);
        CredentialException there = await Assert.ThrowsAsync<CredentialException>(() => _acme.RegisterAsync(_acme.Request("back") with { IsExisting = true, Secrets = key }));
        Assert.Equal(ErrorIds.AccountDeactivated, there.ErrorId);
    }

    [Fact]
    public async Task Several_accounts_at_one_authority_unless_the_setting_says_one()
    {
        await _acme.AddAccountAsync("first");
        await _acme.AddAccountAsync("second");
        _acme.Services.Settings.Set(StoreSettings.MaxAccountsPerAuthority, "2");
        ConflictException full = await Assert.ThrowsAsync<ConflictException>(() => _acme.AddAccountAsync("third"));
        Assert.Equal(ErrorIds.AccountAlreadyExists, full.ErrorId);
        Assert.Equal(2, _acme.Server.Accounts.Count);
    }

    [Fact]
    public async Task Only_administrators_manage_accounts_when_the_setting_says_so()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        _acme.Services.Settings.Set(StoreSettings.AccountsNeedAdministrator, "true");
        TestBench.Rights.BecomeUser();
        foreach (Func<Task> act in new Func<Task>[]
        {
            () => _acme.AddAccountAsync("second"),
            () => _acme.Services.ChangeAccount.UpdateAsync(account.Id, "other", null, null, false, _acme.Bench.Reporter, CancellationToken.None),
            () => _acme.Services.ChangeAccount.DeactivateAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None),
            () => Task.Run(() => _acme.Services.ChangeAccount.Remove(account.Id, _acme.Bench.Reporter)),
            () => Task.Run(() => _acme.Services.AccountKeys.Export(account.Id, _acme.Bench.File("k"), AccountKeyFormat.Pem, null, false)),
            () => _acme.Services.AccountKeys.ChangeAsync(account.Id, _acme.Bench.Reporter, CancellationToken.None),
            () => Task.Run(() => _acme.Services.Settings.Set(StoreSettings.AccountsNeedAdministrator, null)),
        })
        {
            Assert.Equal(ErrorIds.AdministratorRequired, (await Assert.ThrowsAsync<ConflictException>(act)).ErrorId);
        }

        await _acme.Bench.GetCertificateAsync("www.contoso.com"); // orders are everybody's
    }

    [Fact]
    public async Task Credentials_are_asked_for_by_mail_address_where_an_authority_gives_them()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)(i * 3))];
        _acme.Server.Policy.RequiresExternalAccount = true;
        _acme.Server.Policy.ExternalAccounts["kid-7"] = key;
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
        AcmePreset preset = new() { Name = "ByMail", Title = "An authority", Production = _acme.Server.Directory.AbsoluteUri, ExternalAccountByMail = $"http://{giver.Authority}/eab" };
        using AcmeSessions sessions = new(_acme.Bench.Clock);
        _acme.Bench.More.Add(store => new AcmeAuthority(preset, sessions, store, _acme.Bench.Clock, _acme.Bench.Keys, _acme.Bench.Certificates));
        AccountRequest request = _acme.Request() with { Settings = new Dictionary<string, string>(), Contact = ["a@contoso.com"] };
        await _acme.RegisterAsync(request, "ByMail");
        Assert.Equal("POST application/x-www-form-urlencoded email=a%40contoso.com", asked);
        Assert.Equal("kid-7", _acme.Server.Accounts.Single().ExternalAccount);
        CredentialException none = await Assert.ThrowsAsync<CredentialException>(() => _acme.RegisterAsync(request with { Id = Identifier.New(), Name = "other", Contact = ["somebody.else@contoso.com"] }, "ByMail"));
        Assert.Contains("missing_email", none.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<CredentialException>(() => _acme.RegisterAsync(request with { Id = Identifier.New(), Name = "third", Contact = [] }, "ByMail"));
    }

    [Theory]
    [InlineData("ftp://ca.contoso.com/directory")]
    [InlineData("http://ca.contoso.com/directory")]
    [InlineData("ca.contoso.com")]
    public async Task Only_addresses_that_protect_what_is_sent_are_taken(string url)
    {
        AccountRequest request = _acme.Request() with { Settings = new Dictionary<string, string> { ["DirectoryUrl"] = url } };
        InvalidRequestException wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => _acme.RegisterAsync(request));
        Assert.Equal(ErrorIds.InvalidSetting, wrong.ErrorId);
    }

    private static AccountRequest With(AccountRequest request, byte[] key) => request with
    {
        Secrets = new Dictionary<string, byte[]> { [AccountRequest.EabKey] = Encoding.ASCII.GetBytes(Convert.ToBase64String(key).TrimEnd('=').Replace('+', '-').Replace('/', '_')) },
    };
}
