using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Moving;
using KeyManager.Operations;
using KeyManager.Providers;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Moving;

public sealed class MigrateFromTests : MigrationTests
{
    [Fact]
    public async Task A_plan_asks_nobody_and_stores_nothing()
    {
        CertbotFolder folder = await TypicalAsync();
        int asked = Acme.Server.Requests.Count;
        long rows = Rows();
        IReadOnlyList<MigrationResult> plan = Acme.Services.MigrateFrom.Plan(From(folder));
        Assert.Equal((asked, rows), (Acme.Server.Requests.Count, Rows()));
        Assert.Equal(
            ["Planned Account certbot-127.0.0.1", "Planned Certificate www.contoso.com", "Planned Renewal www.contoso.com", "ByHand DeployHook www.contoso.com", "ByHand Task certbot"],
            plan.Select(l => l.ToString()));
    }

    [Fact]
    public async Task Everything_is_taken_over_once_and_the_other_program_keeps_what_it_has()
    {
        CertbotFolder folder = await TypicalAsync();
        string before = folder.Everything();
        IReadOnlyList<MigrationResult> first = await RunAsync(From(folder) with { Labels = new LabelChange { AddTags = ["moved"] } });
        Assert.Equal(
            ["Added Account certbot-127.0.0.1", "Added Certificate www.contoso.com", "Added Renewal www.contoso.com", "ByHand DeployHook www.contoso.com", "ByHand Task certbot"],
            first.Select(l => l.ToString()));
        Assert.All(first, l => Assert.False(string.IsNullOrEmpty(l.Source)));

        AuthorityAccount account = Store.Read(s => s.Accounts.List()).Single();
        CertificateOrder order = OrderOf("www.contoso.com");
        Certificate certificate = Current("www.contoso.com");
        Assert.Equal((OrderStatus.Saved, OrderOrigin.Imported, account.Id, certificate.Id), (order.Status, order.Origin, order.AccountId, order.CertificateId));
        Assert.Equal((ChallengeType.Http01, "*:8080", KeyOnRenewal.Same, false), (order.ChallengeType, order.ListenAddress, order.KeyPolicy.OnRenewal, order.AutoRenew));
        Assert.Equal(("Acme", "certbot-127.0.0.1"), (certificate.Authority, certificate.Account));
        Assert.True(certificate.HasPrivateKey);
        Assert.Equal("moved", certificate.Tags.Single());

        IReadOnlyList<MigrationResult> again = await RunAsync(From(folder));
        Assert.Equal(
            ["Same Account certbot-127.0.0.1", "Same Certificate www.contoso.com", "Same Renewal www.contoso.com", "ByHand DeployHook www.contoso.com", "ByHand Task certbot"],
            again.Select(l => l.ToString()));
        Assert.Equal(before, folder.Everything());
        Assert.Contains(Acme.Bench.Audit(), a => a.Action == "OrderImported" && a.SubjectId == order.Id);
        Acme.AssertNoViolations();
    }

    [Fact]
    public async Task What_was_taken_over_is_held_until_its_order_says_so_and_is_renewed_with_its_key_then()
    {
        CertbotFolder folder = await TypicalAsync();
        await RunAsync(From(folder));
        Certificate before = Current("www.contoso.com");
        Acme.Bench.Clock.Advance(before.NotAfter - Acme.Bench.Clock.UtcNow - TimeSpan.FromDays(5));
        Assert.Equal(0, (await SweepAsync()).Count(r => r.Outcome == RenewalOutcome.Renewed));
        Assert.Equal(before.Id, Current("www.contoso.com").Id);

        Acme.Services.ChangeOrder.Run(OrderOf("www.contoso.com").Id, new OrderChange { ChangesAutoRenew = true, AutoRenew = true });
        Assert.Equal(RenewalOutcome.Renewed, (await SweepAsync()).Single().Outcome);
        Certificate renewed = Current("www.contoso.com");
        Assert.Equal((2, before.PrivateKeyId, before.LineageId), (renewed.Version, renewed.PrivateKeyId, renewed.LineageId));
        Assert.Equal(true, OrderOf("www.contoso.com").AutoRenew);
        Acme.AssertNoViolations();
    }

    [Fact]
    public async Task With_auto_renew_it_is_renewed_at_once()
    {
        CertbotFolder folder = await TypicalAsync();
        await RunAsync(From(folder) with { AutoRenew = true });
        Acme.Bench.Clock.Advance(Current("www.contoso.com").NotAfter - Acme.Bench.Clock.UtcNow - TimeSpan.FromDays(5));
        Assert.Equal(RenewalOutcome.Renewed, (await SweepAsync()).Single().Outcome);
    }

    [Fact]
    public async Task An_account_that_its_authority_does_not_know_costs_no_certificate_and_can_be_mended()
    {
        byte[] known = await NewAccountKeyAsync();
        CertbotFolder folder = Certbot;
        folder.Add("www.contoso.com", Acme.Server.Directory, TestPki.Entry("www"));
        folder.AddAccount(Acme.Server.Directory, Acme.Bench.Keys.ToPem(TestPki.NewKey(), null));
        IReadOnlyList<MigrationResult> results = await RunAsync(From(folder));
        MigrationResult account = results[0];
        Assert.Equal((MigrationKind.Account, MigrationOutcome.Failed, ErrorIds.AccountNotFound), (account.Kind, account.Outcome, account.ErrorId));
        Assert.Equal(MigrationOutcome.Added, results[1].Outcome);
        Assert.Equal((MigrationKind.Renewal, MigrationOutcome.Failed), (results[2].Kind, results[2].Outcome));
        Assert.False(string.IsNullOrEmpty(results[2].Remedy));
        Assert.Null(Current("www.contoso.com").OrderId);

        folder.AddAccount(Acme.Server.Directory, known);
        Assert.Equal(
            ["Added Account certbot-127.0.0.1", "Same Certificate www.contoso.com", "Added Renewal www.contoso.com", "ByHand Task certbot"],
            (await RunAsync(From(folder))).Select(l => l.ToString()));
        Assert.NotNull(Current("www.contoso.com").OrderId);
    }

    [Fact]
    public async Task A_retired_authority_is_asked_nothing()
    {
        CertbotFolder folder = Certbot;
        Uri buypass = new("https://api.buypass.com/acme/directory");
        folder.AddAccount(buypass, await NewAccountKeyAsync());
        folder.Add("www.contoso.com", buypass, TestPki.Entry("www"));
        IReadOnlyList<MigrationResult> results = await RunAsync(From(folder));
        Assert.Equal((MigrationOutcome.Failed, ErrorIds.AuthorityRetired), (results[0].Outcome, results[0].ErrorId));
        Assert.Equal(MigrationOutcome.Added, results[1].Outcome);
    }

    [Fact]
    public async Task Only_the_named_ones_are_taken_and_only_their_accounts()
    {
        CertbotFolder folder = await TypicalAsync();
        folder.AddAccount(Acme.Server.Directory, await NewAccountKeyAsync(), "0a");
        folder.Add("api.contoso.com", Acme.Server.Directory, TestPki.Entry("api", "api.contoso.com"), account: "0a");
        IReadOnlyList<MigrationResult> results = await RunAsync(From(folder) with { Names = ["API*"] });
        Assert.Equal(["Added Account", "Added Certificate", "Added Renewal", "ByHand Task"], results.Select(r => $"{r.Outcome} {r.Kind}"));
        Assert.Null(Store.Read(s => s.Certificates.FindCurrent("www.contoso.com")));
        NotFoundException none = await Assert.ThrowsAsync<NotFoundException>(() => RunAsync(From(folder) with { Names = ["nix*"] }));
        Assert.Equal(ErrorIds.ForeignDataNotFound, none.ErrorId);
        Assert.Contains("www.contoso.com", none.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_broken_is_a_line_and_the_rest_is_done()
    {
        CertbotFolder folder = await TypicalAsync();
        Uri server = Acme.Server.Directory;
        foreach (string name in new[] { "nokey", "otherkey", "nosettings", "noparams", "emptycert", "noaccount" })
        {
            folder.Add(name + ".test", server, TestPki.Entry(name, name + ".test"), account: name == "noaccount" ? "missing" : CertbotFolder.AccountId);
        }

        File.Delete(folder.File("live", "nokey.test", "privkey.pem"));
        File.WriteAllBytes(folder.File("live", "otherkey.test", "privkey.pem"), Acme.Bench.Keys.ToPem(TestPki.NewKey(), null));
        File.WriteAllText(folder.File("renewal", "nosettings.test.conf"), "this is nothing");
        File.WriteAllText(folder.File("renewal", "noparams.test.conf"), "version = 2.1.0\n");
        File.WriteAllText(folder.File("live", "emptycert.test", "fullchain.pem"), "");
        IReadOnlyList<MigrationResult> results = await RunAsync(From(folder));
        foreach (string name in new[] { "nokey.test", "otherkey.test", "nosettings.test", "noparams.test", "emptycert.test" })
        {
            MigrationResult line = Assert.Single(results, r => r.Name == name);
            Assert.Equal((MigrationKind.Certificate, MigrationOutcome.Failed), (line.Kind, line.Outcome));
            Assert.False(string.IsNullOrEmpty(line.ErrorId));
        }

        Assert.Contains(results, r => r is { Kind: MigrationKind.Account, Outcome: MigrationOutcome.Failed });
        Assert.Contains(results, r => r is { Name: "noaccount.test", Kind: MigrationKind.Certificate, Outcome: MigrationOutcome.Added });
        Assert.Contains(results, r => r is { Name: "noaccount.test", Kind: MigrationKind.Renewal, Outcome: MigrationOutcome.Failed });
        Assert.Contains(results, r => r is { Name: "www.contoso.com", Kind: MigrationKind.Renewal, Outcome: MigrationOutcome.Added });
        Assert.Equal(["noaccount.test", "www.contoso.com"], Store.Read(s => s.Certificates.Query(new CertificateQuery(), null, 100)).Items.Select(c => c.Name).OrderBy(n => n, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Credentials_of_a_service_are_stored_once_and_never_shown()
    {
        CertbotFolder folder = await TypicalAsync();
        string file = folder.File("cf.ini");
        File.WriteAllText(file, "# token\ndns_cloudflare_api_token = 'Sup3rS3cretTokenOfCloudflare0123456789ab'\n");
        string settings = $"authenticator = dns-cloudflare\ndns_cloudflare_credentials = {file}\ndns_cloudflare_propagation_seconds = 10";
        folder.Add("a.test", Acme.Server.Directory, TestPki.Entry("a", "a.test"), settings).Add("b.test", Acme.Server.Directory, TestPki.Entry("b", "b.test"), settings);
        IReadOnlyList<MigrationResult> plan = Acme.Services.MigrateFrom.Plan(From(folder));
        Assert.Single(plan, l => l.ToString() == "Planned DnsAccount certbot-cloudflare");
        IReadOnlyList<MigrationResult> results = await RunAsync(From(folder));
        Assert.Single(results, l => l.Kind == MigrationKind.DnsAccount);
        DnsAccount account = Store.Read(s => s.DnsAccounts.List()).Single();
        Assert.Equal(("certbot-cloudflare", "Cloudflare", "ApiToken"), (account.Name, account.Provider, account.Secrets.Single()));
        Assert.Equal("Sup3rS3cretTokenOfCloudflare0123456789ab", Encoding.UTF8.GetString(Store.Read(s => s.Secrets.Get(SecretRef.DnsAccount(account.Id, "ApiToken")))!));
        Assert.Equal(("certbot-cloudflare", ChallengeType.Dns01), (OrderOf("a.test").DnsAccount, OrderOf("b.test").ChallengeType));
        Assert.DoesNotContain(results.Concat(plan), r => Text(r).Contains("Sup3r", StringComparison.Ordinal));

        Assert.Equal("Same DnsAccount certbot-cloudflare", Acme.Services.MigrateFrom.Plan(From(folder)).Single(l => l.Kind == MigrationKind.DnsAccount).ToString());
        File.WriteAllText(file, "dns_cloudflare_api_token = AnotherTokenOfCloudflare0123456789abcdef\n");
        folder.Add("c.test", Acme.Server.Directory, TestPki.Entry("c", "c.test"), settings);
        Assert.Contains(await RunAsync(From(folder)), l => l.ToString() == "Added DnsAccount certbot-cloudflare-2");
    }

    [Fact]
    public async Task A_program_that_does_not_keep_the_directory_has_it_named()
    {
        string folder = Acme.Bench.File("lego");
        KeystoreEntry entry = TestPki.Entry("shop", "shop.contoso.com");
        WriteLego(folder, entry, await NewAccountKeyAsync());
        MigrationOptions options = new() { Tool = "lego", Folder = folder };
        MigrationResult refused = (await RunAsync(options))[0];
        Assert.Equal((MigrationOutcome.Failed, ErrorIds.InvalidParameter), (refused.Outcome, refused.ErrorId));
        Assert.Contains("-DirectoryUrl", refused.Remedy, StringComparison.Ordinal);

        IReadOnlyList<MigrationResult> results = await RunAsync(options with { DirectoryUrl = Acme.Server.Directory.AbsoluteUri });
        Assert.Equal(
            ["Added Account lego-127.0.0.1", "Same Certificate shop.contoso.com", "ByHand Renewal shop.contoso.com", "ByHand DeployHook shop.contoso.com", "ByHand Task lego"],
            results.Select(l => l.ToString()));
        Assert.Null(OrderOf("shop.contoso.com").ChallengeType);
    }

    [Fact]
    public void A_program_or_folder_that_is_none_is_said_so()
    {
        NotFoundException program = Assert.Throws<NotFoundException>(() => Acme.Services.MigrateFrom.Locate("certbat", null));
        Assert.Equal(ErrorIds.ForeignToolNotFound, program.ErrorId);
        Assert.Contains("certbot", program.Remedy, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.ForeignDataNotFound, Assert.Throws<NotFoundException>(() => Acme.Services.MigrateFrom.Locate("certbot", Acme.Bench.File("nowhere"))).ErrorId);
        Directory.CreateDirectory(Acme.Bench.File("empty"));
        foreach (string tool in KeyManagerHost.ForeignTools.Select(t => t.Name))
        {
            NotFoundException none = Assert.Throws<NotFoundException>(() => Acme.Services.MigrateFrom.Plan(new MigrationOptions { Tool = tool, Folder = Acme.Bench.File("empty") }));
            Assert.Equal(ErrorIds.ForeignDataNotFound, none.ErrorId);
            Assert.False(string.IsNullOrEmpty(none.Remedy));
        }
    }

    [Fact]
    public async Task An_entry_of_the_same_name_with_other_names_is_left_alone()
    {
        CertbotFolder folder = await TypicalAsync();
        byte[] other = Acme.Bench.Certificates.ToPem(TestPki.Entry("other", "elsewhere.test").Certificates);
        Acme.Services.ImportCertificate.Run(other, null, "other", "www.contoso.com");
        await RunAsync(From(folder));
        Assert.Equal("elsewhere.test", Current("www.contoso.com").DomainNames.Single().Ascii);
        Assert.Equal("www.contoso.com", Current("www.contoso.com-2").DomainNames.Single().Ascii);
    }

    [Fact]
    public async Task A_locked_store_ends_it_and_takes_over_nothing()
    {
        CertbotFolder folder = await TypicalAsync();
        Acme.Bench.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        Acme.Bench.Store.Protection.Remove(Acme.Bench.Store.Protection.List().First(p => p.Kind != KeyProtectorKind.Passphrase).Id);
        Acme.Bench.Store.Protection.Lock();
        long rows = Rows();
        StoreException locked = await Assert.ThrowsAsync<StoreException>(() => RunAsync(From(folder)));
        Assert.Equal((ErrorIds.StoreLocked, rows), (locked.ErrorId, Rows()));
    }

    private static void WriteLego(string folder, KeystoreEntry entry, byte[] accountKey)
    {
        string account = Path.Combine(folder, "accounts", "ca.nowhere.test", "ops@contoso.com");
        Directory.CreateDirectory(Path.Combine(account, "keys"));
        Directory.CreateDirectory(Path.Combine(folder, "certificates"));
        File.WriteAllBytes(Path.Combine(account, "keys", "ops@contoso.com.key"), accountKey);
        File.WriteAllText(Path.Combine(account, "account.json"), "{\"email\": \"ops@contoso.com\", \"registration\": {\"body\": {\"status\": \"valid\"}, \"uri\": \"https://ca.nowhere.test/acct/1\"}}");
        string basis = Path.Combine(folder, "certificates", "shop.contoso.com");
        File.WriteAllText(basis + ".json", "{\"domain\": \"shop.contoso.com\", \"certUrl\": \"https://ca.nowhere.test/cert/1\", \"certStableUrl\": \"https://ca.nowhere.test/cert/1\"}");
        File.WriteAllBytes(basis + ".crt", new KeyManager.Providers.Keys.CertificateTools().ToPem(entry.Certificates));
        File.WriteAllBytes(basis + ".key", new KeyManager.Providers.Keys.KeyTools().ToPem(entry.Key!, null));
    }

    /// <summary>One certificate with an account, a listener, a hook and a key that stays.</summary>
    private async Task<CertbotFolder> TypicalAsync()
    {
        CertbotFolder folder = Certbot;
        folder.AddAccount(Acme.Server.Directory, await NewAccountKeyAsync());
        DateTime end = Acme.Bench.Clock.UtcNow.UtcDateTime.AddDays(60);
        KeyPair key = TestPki.NewKey();
        KeystoreEntry entry = new() { Alias = "www", Key = key, Certificates = [TestPki.Issue("CN=www.contoso.com", key, TestPki.Intermediate, dnsName: "www.contoso.com", notAfter: end).Der, TestPki.Intermediate.Der] };
        return folder.Add("www.contoso.com", Acme.Server.Directory, entry, "authenticator = standalone\nhttp01_port = 8080\nreuse_key = True\nkey_type = ecdsa\nrenew_hook = /opt/reload.sh --password hunter2");
    }

    private async Task<IReadOnlyList<RenewalResult>> SweepAsync()
    {
        List<RenewalResult> results = [];
        await Acme.Services.Renewals.RunAsync(
            new RenewalSweepOptions(),
            _ => Task.FromResult(true),
            result =>
            {
                results.Add(result);
                return Task.CompletedTask;
            },
            Acme.Bench.Reporter,
            CancellationToken.None);
        return results;
    }

    private static string Text(MigrationResult r) => $"{r} {r.Name} {r.Detail} {r.Remedy} {r.Source}";

    private long Rows() => Acme.Bench.Test.Store.ReadDatabase(d => new[] { "orders", "certificates", "private_keys", "accounts", "dns_accounts", "secrets", "audit_log" }.Sum(t => d.Number($"SELECT COUNT(*) FROM {t}")));
}
