using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Notifications;
using KeyManager.Operations;
using KeyManager.PowerShell;
using KeyManager.Storage;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Secrets;

/// <summary>Secrets that lie in a vault: the store keeps the place, and who needs the secret gets it.</summary>
public sealed class VaultSecretTests : IDisposable
{
    private static readonly SecretReference Token = new("Corp vault", "cf/token");

    private readonly DnsBench _bench = new();
    private readonly FakeVaults _vaults = new() { Secrets = { [Token] = "canary-of-the-vault" } };

    public VaultSecretTests() => SecretVaults.Current = _vaults;

    public void Dispose()
    {
        SecretVaults.Current = null;
        _bench.Dispose();
    }

    [Fact]
    public void A_place_is_read_as_it_was_written_and_a_secret_is_none()
    {
        Assert.Equal(Token, SecretReference.Read(Encoding.UTF8.GetBytes(Token.Text)));
        Assert.Equal(new SecretReference("Tresor Ü", "schlüssel"), SecretReference.Read(Encoding.UTF8.GetBytes(new SecretReference("Tresor Ü", "schlüssel").Text)));
        foreach (string secret in new[] { "", "vault", "\0", "\0vault\0", "\0vault\0a", "\0vault\0a\0b\0c", "\0Vault\0a\0b", "a\0vault\0a\0b" })
        {
            Assert.Null(SecretReference.Read(Encoding.UTF8.GetBytes(secret)));
        }

        Assert.Null(SecretReference.Read(null));
        Assert.Null(SecretReference.Read([0x30, 0x82, 0, 0, 0, 0, 0, 0, 0]));
    }

    [Fact]
    public async Task A_service_gets_what_the_vault_has_and_the_store_does_not()
    {
        List<string?> seen = [];
        _bench.Provider.Before = (_, context) => seen.Add(context.GetSecretText("ApiToken"));
        DnsAccount account = Add("a");
        _ = await _bench.PlaceAsync("a", "www.contoso.com");
        Assert.Equal(["canary-of-the-vault"], seen.Distinct());
        Assert.Equal(Token, SecretReference.Read(_bench.Bench.Store.Read(session => session.Secrets.Get(SecretRef.DnsAccount(account.Id, "ApiToken")))));
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_said_with_its_reason()
    {
        _bench.Provider.Before = (_, context) => context.GetSecretText("ApiToken");
        Add("a");
        _vaults.Secrets.Clear();
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => _bench.PlaceAsync("a", "www.contoso.com"));
        Assert.Equal(ErrorIds.VaultSecretNotFound, error.ErrorId);
        SecretVaults.Current = null;
        error = await Assert.ThrowsAsync<CredentialException>(() => _bench.PlaceAsync("a", "www.contoso.com"));
        Assert.Equal(ErrorIds.VaultUnavailable, error.ErrorId);
        Assert.Contains("'cf/token' of the vault 'Corp vault'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_whose_vault_is_gone_can_still_be_changed()
    {
        Add("a");
        _vaults.Secrets.Clear();
        Assert.Equal("30", _bench.Accounts.Update("a", new Dictionary<string, string> { ["Ttl"] = "30" }, new Dictionary<string, byte[]>(), _bench.Bench.Reporter).Settings["Ttl"]);
        _bench.Accounts.Update("a", new Dictionary<string, string>(), new Dictionary<string, byte[]> { ["ApiToken"] = Encoding.UTF8.GetBytes("own") }, _bench.Bench.Reporter);
        Assert.Null(Assert.Single(_bench.Bench.Services.Secrets.List([SecretKind.DnsAccount])).VaultName);
    }

    [Fact]
    public void Nobody_waits_for_a_vault_with_the_store_in_hand()
    {
        Add("a");
        bool isWriting = false;
        _bench.Bench.Store.BeforeWrite = _ => isWriting = true;
        _bench.Bench.Store.AfterWrite = _ => isWriting = false;
        _vaults.Before = () => Assert.False(isWriting, "A vault was asked within a transaction.");
        _bench.Accounts.Update("a", new Dictionary<string, string> { ["Ttl"] = "30" }, new Dictionary<string, byte[]>(), _bench.Bench.Reporter);
        _bench.Bench.Services.DomainMappings.Set("contoso.com", "a", null, new Dictionary<string, string> { ["Ttl"] = "20" }, new Dictionary<string, byte[]>(), _bench.Bench.Reporter);
        Assert.Equal([Token], _vaults.Asked);
    }

    [Fact]
    public void The_address_of_a_webhook_may_lie_in_a_vault()
    {
        SecretReference place = new("Corp", "hook");
        _vaults.Secrets[place] = "https://hooks.contoso.com/canary-4711";
        ManageNotifications notifications = _bench.Bench.Services.Notifications;
        NotificationPolicy policy = notifications.Set("hook", before => before with { Channel = NotificationChannel.Slack }, new Dictionary<string, byte[]> { [ManageNotifications.Url] = Encoding.UTF8.GetBytes(place.Text) });
        Assert.Equal("hooks.contoso.com", policy.WebhookHost);
        _vaults.Secrets[new SecretReference("Corp", "no-url")] = "canary-4712";
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => notifications.Set(
            "other", before => before with { Channel = NotificationChannel.Slack }, new Dictionary<string, byte[]> { [ManageNotifications.Url] = Encoding.UTF8.GetBytes(new SecretReference("Corp", "no-url").Text) }));
        Assert.DoesNotContain("canary-4712", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_gets_what_the_vault_has_given_now_or_stored()
    {
        AuthorityAccount account = new() { Id = "1", Name = "store1", Authority = "SslStore", CreatedAt = Some.Moment, UpdatedAt = Some.Moment };
        AuthorityContext context = new(account, name => name == "AuthToken" ? Encoding.UTF8.GetBytes(Token.Text) : null, _bench.Bench.Reporter);
        Assert.Equal("canary-of-the-vault", Encoding.UTF8.GetString(context.GetSecret("AuthToken")!));
        Assert.Null(context.GetSecret("other"));
        AccountRequest request = new() { Id = "1", Name = "store1", Secrets = new Dictionary<string, byte[]> { ["given"] = Encoding.UTF8.GetBytes(Token.Text) } };
        Assert.Equal("canary-of-the-vault", Encoding.UTF8.GetString(context.With(request).GetSecret("given")!));
    }

    [Fact]
    public void A_parameter_takes_a_table_that_names_the_place()
    {
        VaultSecretAttribute attribute = new();
        foreach (Hashtable table in new[] { new Hashtable { ["vault"] = "Corp vault", ["NAME"] = "cf/token" }, new Hashtable { ["VaultName"] = "Corp vault", ["Name"] = "cf/token" } })
        {
            using SecretText text = new(Assert.IsType<SecureString>(attribute.Transform(null!, new PSObject(table))));
            Assert.Equal(Token, SecretReference.Read(text.Utf8));
        }

        SecureString secret = new();
        Assert.Same(secret, attribute.Transform(null!, secret));
        Assert.Equal("text", attribute.Transform(null!, "text"));
        Assert.Null(attribute.Transform(null!, null));
        foreach (Hashtable wrong in new[] { new Hashtable(), new Hashtable { ["Vault"] = "a" }, new Hashtable { ["Vault"] = "a", ["Name"] = " " }, new Hashtable { ["Vault"] = "a", ["Name"] = "b\0c" }, new Hashtable { ["Vault"] = "a", ["Name"] = "b", ["UserName"] = "c" } })
        {
            Assert.Contains("@{ Vault = ", Assert.Throws<ArgumentTransformationMetadataException>(() => attribute.Transform(null!, wrong)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_credential_needs_its_user_name()
    {
        VaultSecretAttribute attribute = new() { IsCredential = true };
        PSCredential credential = Assert.IsType<PSCredential>(attribute.Transform(null!, new Hashtable { ["UserName"] = "mailer", ["Vault"] = "Corp vault", ["Name"] = "cf/token" }));
        using SecretText text = new(credential.Password);
        Assert.Equal(("mailer", Token), (credential.UserName, SecretReference.Read(text.Utf8)));
        Assert.Contains("UserName", Assert.Throws<ArgumentTransformationMetadataException>(() => attribute.Transform(null!, new Hashtable { ["Vault"] = "a", ["Name"] = "b" })).Message, StringComparison.Ordinal);
    }

    private DnsAccount Add(string name) => _bench.Accounts.Add(
        new DnsAccountRequest { Name = name, Provider = "Fake", Settings = new Dictionary<string, string> { ["Zones"] = "contoso.com" }, Secrets = new Dictionary<string, byte[]> { ["ApiToken"] = Encoding.UTF8.GetBytes(Token.Text) } },
        _bench.Bench.Reporter);
}
