using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Files;
using KeyManager.Providers.Moving.AcmeSh;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>Layouts as acme.sh 3 wrote them when it was run against Pebble.</summary>
public sealed class AcmeShTests : ForeignToolTests
{
    private const string Directory = "https://127.0.0.1:14000/dir";

    public AcmeShTests()
    {
        Home.Write("account.conf", "USER_PATH='/usr/bin:/bin'\nSAVED_CF_Token='cf-secret+/=1'\nSAVED_CF_Account_ID='0123456789abcdef0123456789abcdef'\n")
            .Write("ca/127.0.0.1/dir/ca.conf", "CA_EMAIL='admin@contoso.com'\nACCOUNT_URL='https://127.0.0.1:14000/my-account/1'\nCA_KEY_HASH='jOgVu2NuodKXa51vN='\n")
            .Write("ca/127.0.0.1/dir/account.json", """{"status":"valid","contact":["mailto:admin@contoso.com"],"key":{"kty":"EC"}}""")
            .Write("ca/127.0.0.1/dir/account.key", ForeignHome.Key(Web))
            .Write("http.header", "HTTP/2 200");
    }

    [Fact]
    public void Accounts_and_certificates_with_their_renewals_are_read()
    {
        AddCertificate("www.contoso.com_ecc", "www.contoso.com", "Le_Alt='contoso.com'\nLe_Webroot='/var/www/html'\nLe_Keylength='ec-256'\nLe_Preferred_Chain='" + Encode("ISRG Root X1") + "'\nLe_Certificate_Profile='tlsserver'\n");

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignAccount account = Assert.Single(state.Accounts);
        Assert.Equal(("127.0.0.1/dir", Directory, "https://127.0.0.1:14000/my-account/1"), (account.Id, account.DirectoryUrl, account.AuthorityAddress));
        Assert.Equal(["admin@contoso.com"], account.Contact);
        Assert.Equal(Web.Key!.SubjectPublicKeyInfo, ForeignHome.Keys.Read(account.Key, null, "key").SubjectPublicKeyInfo);
        ForeignCertificate certificate = Assert.Single(state.Certificates);
        Assert.Equal("www.contoso.com", certificate.Name);
        KeystoreEntry entry = ForeignHome.Import(certificate);
        Assert.Equal(Web.Key.SubjectPublicKeyInfo, entry.Key!.SubjectPublicKeyInfo);
        Assert.Equal(Web.Certificates.Take(2), entry.Certificates);
        ForeignRenewal renewal = certificate.Renewal!;
        Assert.Equal((account.Id, ChallengeType.Http01, "/var/www/html", KeyOnRenewal.Same), (renewal.AccountId, renewal.ChallengeType, renewal.WebRootPath, renewal.KeyOnRenewal));
        Assert.Equal(("ECDSA P-256", "ISRG Root X1", "tlsserver", false), (renewal.KeySpec.ToString(), renewal.PreferredChain, renewal.Profile, renewal.IsPaused));
        Assert.Null(renewal.ProofByHand);
        Assert.Empty(renewal.Hooks);
    }

    [Fact]
    public void Certificates_that_a_DNS_service_proves_share_its_account()
    {
        // A star is no name for a folder on Windows.
        string star = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "x.contoso.com" : "*.contoso.com";
        AddCertificate(star, star, "Le_Alt='no'\nLe_Webroot='dns_cf'\nLe_ChallengeAlias='alias.test,'\nLe_Keylength='2048'\nLe_ForceNewDomainKey='1'\nLe_RenewalDays='-20'\n");
        AddCertificate("api.contoso.com", "api.contoso.com", "Le_Alt='no'\nLe_Webroot='dns_cf,dns_cf'\nLe_Keylength='ec-384'\n");

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignRenewal wildcard = state.Certificates.Single(c => c.Name == star).Renewal!;
        ForeignDnsAccount account = wildcard.DnsAccount!;
        Assert.Equal(("acme.sh-cloudflare", "Cloudflare"), (account.Name, account.Provider));
        Assert.Equal("cf-secret+/=1", Encoding.UTF8.GetString(account.Secrets["ApiToken"]));
        Assert.Equal("0123456789abcdef0123456789abcdef", account.Settings["AccountId"]);
        Assert.Equal((KeyOnRenewal.New, 20, "RSA 2048"), (wildcard.KeyOnRenewal, wildcard.DaysBeforeExpiry, wildcard.KeySpec.ToString()));
        Assert.Same(account, state.Certificates.Single(c => c.Name == "api.contoso.com").Renewal!.DnsAccount);
        ForeignHome.AssertHidden(state, "cf-secret");
    }

    [Theory]
    [InlineData("dns_aws", "SAVED_AWS_ACCESS_KEY_ID='AKIAIOSFODNN7EXAMPLE'\nSAVED_AWS_SECRET_ACCESS_KEY='s3cr3t'", "Route53", "AccessKeyId=AKIAIOSFODNN7EXAMPLE", "SecretAccessKey")]
    [InlineData("dns_aws", "", "Route53", "CredentialSource=Automatic", "")]
    [InlineData("dns_gd", "SAVED_GD_Key='k'\nSAVED_GD_Secret='s3cr3t'", "GoDaddy", "Key=k", "Secret")]
    [InlineData("dns_cf", "SAVED_CF_Token=''\nSAVED_CF_Email='a@contoso.com'\nSAVED_CF_Key='s3cr3t'", "Cloudflare", "Email=a@contoso.com", "GlobalApiKey")]
    [InlineData("dns_cloudns", "SAVED_CLOUDNS_SUB_AUTH_ID='12'\nSAVED_CLOUDNS_AUTH_PASSWORD='s3cr3t'", "ClouDns", "SubAuthId=12", "AuthPassword")]
    [InlineData("dns_cloudns", "SAVED_CLOUDNS_AUTH_ID='7'\nSAVED_CLOUDNS_AUTH_PASSWORD='s3cr3t'", "ClouDns", "AuthId=7", "AuthPassword")]
    [InlineData("dns_me", "ME_Key='k'\nME_Secret='s3cr3t'", "DnsMadeEasy", "", "ApiKey,SecretKey")]
    [InlineData("dns_azure", "SAVED_AZUREDNS_SUBSCRIPTIONID='s'\nSAVED_AZUREDNS_MANAGEDIDENTITY='true'", "Azure", "ManagedIdentity=Auto,SubscriptionId=s", "")]
    [InlineData("dns_azure", "SAVED_AZUREDNS_SUBSCRIPTIONID='s'\nSAVED_AZUREDNS_MANAGEDIDENTITY='false'\nSAVED_AZUREDNS_TENANTID='t'\nSAVED_AZUREDNS_APPID='a'\nSAVED_AZUREDNS_CLIENTSECRET='s3cr3t'", "Azure", "ClientId=a,SubscriptionId=s,TenantId=t", "ClientSecret")]
    [InlineData("dns_nsupdate", "SAVED_NSUPDATE_SERVER='2001:db8::1'\nSAVED_NSUPDATE_SERVER_PORT='5353'\nSAVED_NSUPDATE_KEY='/etc/bind/k.key'\nSAVED_NSUPDATE_ZONE='contoso.com'", "Rfc2136", "KeyPath=/etc/bind/k.key,Server=[2001:db8::1]:5353,Zone=contoso.com", "")]
    [InlineData("dns_nsupdate", "SAVED_NSUPDATE_SERVER='ns1'\nSAVED_NSUPDATE_SERVER_PORT='53'", "Rfc2136", "Server=ns1,WithoutKey=True", "")]
    public void Credentials_get_the_names_of_our_providers(string hook, string saved, string provider, string settings, string secrets)
    {
        Home.Write("account.conf", saved + "\n");
        AddCertificate("www.contoso.com", "www.contoso.com", $"Le_Alt='no'\nLe_Webroot='{hook}'\n");

        ForeignState state = Read();
        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;

        AssertAccount(provider, settings, secrets, account);
        ForeignHome.AssertHidden(state, "s3cr3t");
    }

    [Fact]
    public void A_registration_with_acme_dns_is_taken_from_its_certificate_and_its_domain_is_to_be_looked_at()
    {
        AddCertificate(
            "www.contoso.com",
            "www.contoso.com",
            "Le_Alt='no'\nLe_Webroot='dns_acmedns'\nACMEDNS_BASE_URL='https://auth.contoso.com'\nACMEDNS_USERNAME='u'\nACMEDNS_PASSWORD='s3cr3t'\nACMEDNS_SUBDOMAIN='sub'\n");

        ForeignState state = Read();

        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;
        Assert.Equal(("https://auth.contoso.com", "sub.auth.contoso.com", "u"), (account.Settings["BaseUrl"], account.Settings["FullDomain"], account.Settings["Username"]));
        Assert.Equal((MigrationKind.DnsAccount, false), Assert.Single(state.Remarks) is var remark ? (remark.Kind, remark.IsProblem) : default);
        ForeignHome.AssertHidden(state, "s3cr3t");
    }

    [Fact]
    public void Other_credentials_are_another_account()
    {
        AddCertificate("a.contoso.com", "a.contoso.com", "Le_Alt='no'\nLe_Webroot='dns_cf'\nCF_Token='one'\nCF_Zone_ID='fedcba9876543210fedcba9876543210'\n");
        AddCertificate("b.contoso.com", "b.contoso.com", "Le_Alt='no'\nLe_Webroot='dns_cf'\n");

        ForeignState state = Read();

        Assert.Equal(["acme.sh-cloudflare", "acme.sh-cloudflare-2"], state.Certificates.Select(c => c.Renewal!.DnsAccount!.Name));
        Assert.Equal(["one", "cf-secret+/=1"], state.Certificates.Select(c => Encoding.UTF8.GetString(c.Renewal!.DnsAccount!.Secrets["ApiToken"])));
        state.Dispose();
        Assert.All(state.Certificates, c => Assert.All(c.Renewal!.DnsAccount!.Secrets["ApiToken"], b => Assert.Equal(0, b)));
    }

    [Theory]
    [InlineData("Le_Webroot='no'", ChallengeType.Http01, "*:80")]
    [InlineData("Le_Webroot='no'\nLe_HTTPPort='8088'\nLe_LocalAddress='192.0.2.1'", ChallengeType.Http01, "192.0.2.1:8088")]
    [InlineData("Le_Webroot='no'\nLe_LocalAddress='2001:db8::1'", ChallengeType.Http01, "[2001:db8::1]:80")]
    [InlineData("Le_Webroot='alpn'", ChallengeType.TlsAlpn01, "*:443")]
    [InlineData("Le_Webroot='alpn'\nLe_TLSPort='8443'", ChallengeType.TlsAlpn01, "*:8443")]
    public void What_it_answered_itself_is_answered_here(string settings, ChallengeType type, string address)
    {
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Alt='no'\n" + settings + "\n");

        ForeignRenewal renewal = Assert.Single(Read().Certificates).Renewal!;

        Assert.Equal((type, address, null), (renewal.ChallengeType, renewal.ListenAddress, renewal.ProofByHand));
    }

    [Theory]
    [InlineData("apache", ChallengeType.Http01, false)]
    [InlineData("nginx:", ChallengeType.Http01, false)]
    [InlineData("nginx:/etc/nginx/nginx.conf", ChallengeType.Http01, false)]
    [InlineData("stateless", ChallengeType.Http01, false)]
    [InlineData("dns", ChallengeType.Dns01, true)]
    [InlineData("dns_persist", ChallengeType.DnsPersist01, false)]
    [InlineData("dns_linode_v4", ChallengeType.Dns01, false)]
    [InlineData("dns_gd", ChallengeType.Dns01, false)]
    [InlineData("something", null, false)]
    [InlineData("/var/www/a,/var/www/b", null, false)]
    [InlineData("/var/www/a,dns_cf", null, false)]
    public void Proofs_that_have_no_counterpart_are_left_to_people(string way, ChallengeType? type, bool isPaused)
    {
        AddCertificate("www.contoso.com", "www.contoso.com", $"Le_Alt='contoso.com'\nLe_Webroot='{way}'\n");

        ForeignRenewal renewal = Assert.Single(Read().Certificates).Renewal!;

        Assert.Equal((type, isPaused), (renewal.ChallengeType, renewal.IsPaused));
        Assert.NotNull(renewal.ProofByHand!.Remedy);
        Assert.Null(renewal.DnsAccount);
        Assert.Null(renewal.WebRootPath);
    }

    [Fact]
    public void Hooks_are_listed_with_the_way_of_doing_it_here()
    {
        AddCertificate(
            "www.contoso.com",
            "www.contoso.com",
            $"Le_Alt='no'\nLe_Webroot='/var/www'\nLe_PreHook='{Encode("service haproxy stop")}'\nLe_RenewHook='{Encode("curl -H Authorization:Bearer-hush https://x")}'\nLe_RealKeyPath='/etc/nginx/k.pem'\n"
            + $"Le_RealFullChainPath='/etc/nginx/c.pem'\nLe_ReloadCmd='{Encode("systemctl reload nginx && echo 'it'")}'\nLe_DeployHook='haproxy,ssh,'\nSAVED_DEPLOY_SSH_USER='hush2'\nLe_PFXPassword='{Encode("hush3")}'\n");

        ForeignState state = Read();
        ForeignRemark[] hooks = [.. Assert.Single(state.Certificates).Renewal!.Hooks];

        Assert.Equal(7, hooks.Length);
        Assert.All(hooks, h => Assert.Equal((MigrationKind.DeployHook, false, true), (h.Kind, h.IsProblem, h.Remedy!.Contains("New-KmDeployTarget"))));
        Assert.Contains("the key to '/etc/nginx/k.pem', the full chain to '/etc/nginx/c.pem'", hooks[0].Detail);
        Assert.Contains("'systemctl reload nginx && echo 'it''", hooks[1].Detail);
        Assert.Contains("'curl ...'", hooks[3].Detail);
        Assert.Contains("SAVED_DEPLOY_SSH_USER", hooks[4].Detail);
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void An_end_that_was_fixed_is_not_renewed()
    {
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Alt='no'\nLe_Webroot='/var/www'\nLe_Valid_To='2026-12-01T00:00:00Z'\n");

        ForeignState state = Read();

        Assert.True(Assert.Single(state.Certificates).Renewal!.IsPaused);
        Assert.Single(state.Remarks);
    }

    [Fact]
    public void A_certificate_that_was_removed_comes_without_a_renewal()
    {
        AddCertificate("old.contoso.com", "old.contoso.com", "");
        System.IO.File.Move(Home.File("old.contoso.com/old.contoso.com.conf"), Home.File("old.contoso.com/old.contoso.com.conf.removed"));

        ForeignState state = Read();

        Assert.Null(Assert.Single(state.Certificates).Renewal);
        Assert.Empty(state.Remarks);
    }

    [Fact]
    public void A_certificate_of_a_request_comes_without_a_key()
    {
        AddCertificate("csr.contoso.com", "csr.contoso.com", "Le_Webroot='/var/www'\n");
        Home.Delete("csr.contoso.com/csr.contoso.com.key");
        Home.Write("csr.contoso.com/csr.contoso.com.csr", "-----BEGIN CERTIFICATE REQUEST-----");

        ForeignState state = Read();

        ForeignCertificate certificate = Assert.Single(state.Certificates);
        Assert.Null(ForeignHome.Import(certificate).Key);
        Assert.Null(certificate.Renewal);
        ForeignRemark remark = Assert.Single(state.Remarks);
        Assert.Equal((MigrationKind.Renewal, false), (remark.Kind, remark.IsProblem));
        Assert.Contains("-CsrPath", remark.Remedy);
    }

    [Fact]
    public void Twins_of_two_kinds_of_key_have_a_name_each_and_what_has_run_out_is_listed()
    {
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Webroot='/var/www'\n");
        KeyPair key = TestPki.NewKey();
        byte[] expired = TestPki.Issue("CN=www.contoso.com", key, TestPki.Intermediate, dnsName: "www.contoso.com", notAfter: new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc)).Der;
        AddCertificate("www.contoso.com_ecc", "www.contoso.com", "Le_Webroot='/var/www'\n", new KeystoreEntry { Alias = "x", Key = key, Certificates = [expired, TestPki.Intermediate.Der] });

        Assert.Equal(["www.contoso.com", "www.contoso.com_ecc"], Read().Certificates.Select(c => c.Name));
    }

    [Fact]
    public void Certificates_that_lie_elsewhere_are_found()
    {
        using ForeignHome elsewhere = new();
        Home.Write("account.conf", $"CERT_HOME='{elsewhere.Path}'\nNOTIFY_HOOK='mail'\n");
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Webroot='/var/www'\n", home: elsewhere);

        ForeignState state = Read();

        Assert.Single(state.Certificates);
        Assert.Equal(MigrationKind.Task, Assert.Single(state.Remarks).Kind);
    }

    [Theory]
    [InlineData("bad.contoso.com/bad.contoso.com.key", "", MigrationKind.Certificate, true)]
    [InlineData("bad.contoso.com/bad.contoso.com.key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE", MigrationKind.Certificate, true)]
    [InlineData("bad.contoso.com/bad.contoso.com.key", null, MigrationKind.Certificate, true)]
    [InlineData("bad.contoso.com/bad.contoso.com.key", "other", MigrationKind.Certificate, true)]
    [InlineData("bad.contoso.com/fullchain.cer", "", MigrationKind.Certificate, false)]
    [InlineData("bad.contoso.com/fullchain.cer", "not a certificate", MigrationKind.Certificate, false)]
    [InlineData("bad.contoso.com/bad.contoso.com.conf", "", MigrationKind.Renewal, true)]
    [InlineData("bad.contoso.com/bad.contoso.com.conf", "Le_Webroot='/var/www'", MigrationKind.Renewal, true)]
    [InlineData("bad.contoso.com/bad.contoso.com.conf", "Le_Domain='bad.contoso.com'\nLe_Webroot='/var/www'\nLe_ReloadCmd='__ACME_BASE64__START_c3lz'", MigrationKind.Renewal, true)]
    [InlineData("ca/127.0.0.1/dir/account.key", null, MigrationKind.Account, true)]
    [InlineData("ca/127.0.0.1/dir/account.key", "rubbish", MigrationKind.Account, true)]
    [InlineData("ca/127.0.0.1/dir/account.json", """{"contact":["mailto:""", MigrationKind.Account, true)]
    [InlineData("account.conf", "", MigrationKind.Account, true)]
    public void What_is_broken_is_one_remark_and_the_rest_is_read(string file, string? content, MigrationKind kind, bool isListed)
    {
        AddCertificate("good.contoso.com", "good.contoso.com", "Le_Webroot='/var/www'\n");
        AddCertificate("bad.contoso.com", "bad.contoso.com", "Le_Webroot='/var/www'\n");
        Spoil(file, content, "other", () => ForeignHome.Key(TestPki.Entry("other")));

        ForeignState state = Read();

        ForeignRemark remark = Assert.Single(state.Remarks);
        Assert.Equal((kind, true), (remark.Kind, remark.IsProblem));
        Assert.NotNull(remark.Remedy);
        Assert.Equal(isListed ? 2 : 1, state.Certificates.Count);
        Assert.NotNull(state.Certificates.Single(c => c.Name == "good.contoso.com").Renewal);
        Assert.Equal(file.EndsWith("account.key", StringComparison.Ordinal) ? 0 : 1, state.Accounts.Count);
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Webroot='/var/www'\n");
        Home.Write("www.contoso.com/fullchain.cer", new byte[(4 * 1024 * 1024) + 1]);

        ForeignState state = Read();

        Assert.Contains("4 MiB", Assert.Single(state.Remarks).Detail);
        Assert.Empty(state.Certificates);
    }

    [Fact]
    public void An_order_that_was_begun_and_never_ended_is_said()
    {
        Home.Write("new.contoso.com_ecc/new.contoso.com.conf", "Le_Domain='new.contoso.com'\nLe_Webroot='dns'\n").Write("new.contoso.com_ecc/new.contoso.com.key", ForeignHome.Key(Web));

        ForeignRemark remark = Assert.Single(Read().Remarks);

        Assert.Contains("never got a certificate", remark.Detail);
    }

    [Fact]
    public void Another_folder_is_none_of_it()
    {
        using ForeignHome other = new();
        other.Write("notes/readme.txt", "hello").Write("www.contoso.com/index.html", "<html>");

        Assert.Equal(ErrorIds.ForeignDataNotFound, Assert.Throws<NotFoundException>(() => NewTool().Read(other.Path)).ErrorId);
    }

    [Fact]
    public void Its_usual_folders_are_known()
    {
        TestEnvironment machine = new(MachinePath) { Windows = false };
        machine.Variables["LE_CONFIG_HOME"] = "/srv/acme";

        Assert.Equal(
            ["/srv/acme", System.IO.Path.Combine(MachinePath, "home", ".acme.sh"), "/root/.acme.sh", "/etc/acme.sh"],
            new AcmeShTool(ForeignHome.Keys, ForeignHome.Certificates, machine).Description.Folders);
    }

    [Fact]
    public void Quotes_in_values_are_read_as_they_were_meant()
    {
        AcmeShConf conf = AcmeShConf.Parse("A='tok'en'\nB=\"two words\"\n export C=plain # said\n#D='no'\nE=''\nF='it'\"'\"'s'\n");

        Assert.Equal(("tok'en", "two words", "plain", null, null, "it's"), (conf["A"], conf["B"], conf["C"], conf["D"], conf["E"], conf["F"]));
    }

    [Fact]
    public void No_bytes_make_it_fail()
    {
        AddCertificate("www.contoso.com", "www.contoso.com", "Le_Alt='contoso.com'\nLe_Webroot='dns_cf'\nLe_ReloadCmd='" + Encode("reload") + "'\n");
        string[] files = ["account.conf", "ca/127.0.0.1/dir/ca.conf", "ca/127.0.0.1/dir/account.json", "ca/127.0.0.1/dir/account.key", "www.contoso.com/www.contoso.com.conf", "www.contoso.com/www.contoso.com.key", "www.contoso.com/fullchain.cer"];
        AssertSurvives(files);
    }

    private static string Encode(string text) => "__ACME_BASE64__START_" + Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) + "__ACME_BASE64__END_";

    private void AddCertificate(string folder, string domain, string settings, KeystoreEntry? entry = null, ForeignHome? home = null)
    {
        entry ??= Web;
        (home ?? Home).Write($"{folder}/{domain}.conf", $"Le_Domain='{domain}'\nLe_API='{Directory}'\nLe_CertCreateTime='1795341350'\n{settings}")
            .Write($"{folder}/{domain}.key", ForeignHome.Key(entry))
            .Write($"{folder}/{domain}.cer", ForeignHome.Leaf(entry))
            .Write($"{folder}/ca.cer", ForeignHome.Above(entry))
            .Write($"{folder}/fullchain.cer", ForeignHome.Full(entry));
    }

    protected override IForeignTool NewTool() => new AcmeShTool(ForeignHome.Keys, ForeignHome.Certificates, new TestEnvironment(MachinePath));
}
