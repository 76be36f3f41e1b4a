using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>The secrets as a vault shows them.</summary>
public sealed class ManageSecretsTests : OperationTests
{
    private ManageSecrets Secrets => Bench.Services.Secrets;

    [Fact]
    public async Task Every_kind_is_listed_with_its_owner()
    {
        await FillAsync();
        Assert.Equal(
            ["certificate/www.contoso.com/KeystorePassword", "certificate/www.contoso.com/PrivateKey", "notice/a/b/HmacSecret", "notice/a/b/Url"],
            Secrets.List([]).Select(s => s.Name).OrderBy(n => n, StringComparer.Ordinal));
        Assert.Equal(("a/b", "HmacSecret", (string?)null), Assert.Single(Secrets.List([SecretKind.NotificationPolicy]), s => s.Setting == "HmacSecret") is var s ? (s.Owner, s.Setting, s.VaultName) : default);
        Assert.Empty(Secrets.List([SecretKind.Account, SecretKind.DnsAccount]));
    }

    [Fact]
    public async Task One_is_found_by_its_name_and_read_with_a_line_in_the_audit_trail()
    {
        await FillAsync();
        StoredSecret password = Secrets.Find("Certificate/WWW.contoso.com/keystorepassword")!;
        Assert.Equal("canary-4711", Encoding.UTF8.GetString(Secrets.Reveal(password)));
        Assert.Contains(Bench.Audit(), a => a.Action == "SecretRead" && a.SubjectName == "certificate/www.contoso.com/KeystorePassword");
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", Encoding.UTF8.GetString(Secrets.Reveal(Secrets.Find("certificate/www.contoso.com/PrivateKey")!)), StringComparison.Ordinal);
        Assert.Equal("canary-4712", Encoding.UTF8.GetString(Secrets.Reveal(Secrets.Find("notice/a/b/HmacSecret")!)));
        foreach (string none in new[] { "", "/", "a", "dns", "dns/", "dns//", "dns/x/y", "nothing/www.contoso.com/PrivateKey", "certificate/none/PrivateKey", "certificate/www.contoso.com/Other", "notice/a/HmacSecret" })
        {
            Assert.Null(Secrets.Find(none));
        }
    }

    [Fact]
    public async Task The_keys_of_a_private_authority_are_not_handed_out()
    {
        await FillAsync();
        AuthorityAccount authority = Bench.Services.Inventory.ResolveAccount(null);
        IReadOnlyList<string> stored = Bench.Store.Read(session => session.Secrets.List("account", authority.Id));
        Assert.NotEmpty(stored);
        Assert.All(stored, name => Assert.Null(Secrets.Find($"account/{authority.Name}/{name}")));
    }

    [Fact]
    public async Task Where_administrators_only_may_nobody_else_reads()
    {
        await FillAsync();
        StoredSecret secret = Secrets.Find("notice/a/b/HmacSecret")!;
        Bench.Services.Settings.Set(StoreSettings.AccountsNeedAdministrator, bool.TrueString);
        Support.TestBench.Rights.BecomeUser();
        Refuses<ConflictException>(ErrorIds.AdministratorRequired, "read a secret", () => Secrets.Reveal(secret));
    }

    [Fact]
    public async Task What_is_gone_is_said_to_be_gone()
    {
        await FillAsync();
        StoredSecret secret = Secrets.Find("notice/a/b/HmacSecret")!;
        Bench.Services.Notifications.Set("a/b", before => before, new Dictionary<string, byte[]> { [ManageNotifications.HmacSecret] = [] });
        Fails<NotFoundException>(ErrorIds.SecretNotFound, "notice/a/b/HmacSecret", () => Secrets.Reveal(secret));
    }

    private async Task FillAsync()
    {
        _ = await Bench.AddAccountAsync();
        _ = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeystorePassword = "canary-4711" });
        Bench.Services.Notifications.Set(
            "a/b",
            before => before with { Channel = NotificationChannel.Webhook },
            new Dictionary<string, byte[]> { [ManageNotifications.Url] = Encoding.UTF8.GetBytes("https://hooks.contoso.com/x"), [ManageNotifications.HmacSecret] = Encoding.UTF8.GetBytes("canary-4712") });
    }
}
