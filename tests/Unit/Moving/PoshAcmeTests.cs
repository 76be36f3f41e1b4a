using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Moving.PoshAcme;
using KeyManager.Tests.Support;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>Layouts as Posh-ACME 4.32 wrote them when it was run against Pebble.</summary>
public sealed class PoshAcmeTests : ForeignToolTests
{
    private const string Server = "127.0.0.1_14000";
    private const string Account = Server + "/3e93641d9d716029";

    // "cf-töken", as PowerShell 7.6 encrypted it with this key.
    private const string AesKey = "r1HG1UhMlmQZP0DgzWG4LG3Za8lrbAieELCyXQTlSeE";
    private const string AesText =
        "76492d1116743f0423413b16050a5345MgB8AHcAawBHAHQAVABlAFQAbgBHAEoAbwBQADkAcABHAEMAMAB1ADQAWQBNAGcAPQA9AHwAOQAwADIAOQBkAGMAYQA4AGQANAA0ADgANQBiADQAYwBkAGUAZgBlADEAMgBhADUAOQA2"
        + "ADcAZQBlAGYAMwA1AGQAOQBhADkAOQBhADEAYgBkAGUANQA0AGEAYQBjADAANAA5AGIAYwBlAGUANwA4ADgAOAA3AGMAYwA0AGUAOAA=";

    // The same as it stands where Windows does not encrypt.
    private const string HexText = "630066002d007400f6006b0065006e00";

    // How everything begins that Windows encrypts.
    private const string DpapiText = "01000000d08c9ddf0115d1118c7a00c04fc297eb010000005e1f";

    private readonly TestEnvironment _environment;

    public PoshAcmeTests()
    {
        _environment = new TestEnvironment(MachinePath) { Windows = false };
        Home.Write("current-server.txt", "https://127.0.0.1:14000/dir\n")
            .Write(Server + "/dir.json", """{"location":"https://127.0.0.1:14000/dir","DisableARI":false,"newOrder":"https://127.0.0.1:14000/order-plz","meta":{"externalAccountRequired":false}}""")
            .Write(Server + "/current-account.txt", "3e93641d9d716029\n");
        WriteAccount(Account, null);
    }

    [Fact]
    public void Accounts_and_certificates_with_their_renewals_are_read()
    {
        AddOrder("a.test", """{"Plugin":["WebRoot","WebRoot"],"SANs":["b.test"],"KeyLength":"2048","AlwaysNewKey":false,"PreferredChain":"ISRG Root X1","profile":"tlsserver","PfxPassB64U":"cG9zaGFjbWU"}""", """{"WRPath":"/var/www/html"}""");

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignAccount account = Assert.Single(state.Accounts);
        Assert.Equal((Account, "127.0.0.1", "https://127.0.0.1:14000/dir", "https://127.0.0.1:14000/my-account/1"), (account.Id, account.Name, account.DirectoryUrl, account.AuthorityAddress));
        Assert.Equal(["admin@contoso.com"], account.Contact);
        Assert.Equal(Web.Key!.Pkcs8, JsonWebKey.ReadPrivate(JObject.Parse(Encoding.UTF8.GetString(account.Key))));
        ForeignCertificate certificate = Assert.Single(state.Certificates);
        KeystoreEntry entry = ForeignHome.Import(certificate);
        Assert.Equal(Web.Key.SubjectPublicKeyInfo, entry.Key!.SubjectPublicKeyInfo);
        Assert.Equal(Web.Certificates.Take(2), entry.Certificates);
        ForeignRenewal renewal = certificate.Renewal!;
        Assert.Equal((Account, ChallengeType.Http01, "/var/www/html", KeyOnRenewal.Same), (renewal.AccountId, renewal.ChallengeType, renewal.WebRootPath, renewal.KeyOnRenewal));
        Assert.Equal(("RSA 2048", "ISRG Root X1", "tlsserver"), (renewal.KeySpec.ToString(), renewal.PreferredChain, renewal.Profile));
        Assert.Empty(renewal.Hooks);
    }

    [Theory]
    [InlineData(null, HexText)]
    [InlineData(AesKey, AesText)]
    public void Secrets_of_plug_ins_are_read(string? key, string text)
    {
        WriteAccount(Account, key);
        AddOrder("c.test", """{"Plugin":["Cloudflare"],"SANs":["*.c.test"],"DnsAlias":["x.alias.test"],"AlwaysNewKey":true}""", Secure("CFToken", text));

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignRenewal renewal = Assert.Single(state.Certificates).Renewal!;
        Assert.Equal((ChallengeType.Dns01, KeyOnRenewal.New), (renewal.ChallengeType, renewal.KeyOnRenewal));
        Assert.Equal(("posh-acme-cloudflare", "Cloudflare", "cf-töken"), (renewal.DnsAccount!.Name, renewal.DnsAccount.Provider, Encoding.UTF8.GetString(renewal.DnsAccount.Secrets["ApiToken"])));
        ForeignHome.AssertHidden(state, "cf-t", text);
    }

    [Theory]
    [InlineData(null, DpapiText, "only the user who wrote it")]
    [InlineData(null, AesText, "a key that the account does not have")]
    [InlineData("VAULT", AesText, "a vault")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA", AesText, "damaged")]
    [InlineData("x", AesText, "damaged")]
    [InlineData(AesKey, "76492d1116743f0423413b16050a5345AAAA", "damaged")]
    [InlineData(null, "6300zz", "damaged")]
    [InlineData(null, "630066", "damaged")]
    public void A_secret_that_cannot_be_read_leaves_the_DNS_account_to_people(string? key, string text, string because)
    {
        WriteAccount(Account, key);
        AddOrder("c.test", """{"Plugin":["Cloudflare"]}""", Secure("CFToken", text));

        ForeignState state = Read();

        ForeignRenewal renewal = Assert.Single(state.Certificates).Renewal!;
        Assert.Null(renewal.DnsAccount);
        Assert.Equal((ChallengeType.Dns01, MigrationKind.DnsAccount), (renewal.ChallengeType, renewal.ProofByHand!.Kind));
        Assert.Contains(because, renewal.ProofByHand.Detail);
        Assert.Contains("New-KmDnsAccount posh-acme-cloudflare", renewal.ProofByHand.Remedy);
        ForeignHome.AssertHidden(state, text);
    }

    [Fact]
    public void What_Windows_encrypted_for_this_user_is_read()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            Assert.Skip("Windows data protection exists on Windows only.");
            return;
        }

        byte[] encrypted = ProtectedData.Protect(Encoding.Unicode.GetBytes("cf-töken"), null, DataProtectionScope.CurrentUser);

        Assert.Equal("cf-töken", new PoshAcmeSecrets(null, new TestEnvironment(MachinePath) { Windows = true }).Read(string.Concat(encrypted.Select(b => b.ToString("x2")))));
    }

    [Theory]
    [InlineData("Route53", """{"R53AccessKey":"AKIAIOSFODNN7EXAMPLE","R53SecretKey":$}""", "Route53", "AccessKeyId=AKIAIOSFODNN7EXAMPLE", "SecretAccessKey")]
    [InlineData("Route53", """{"R53UseIAMRole":true}""", "Route53", "CredentialSource=Ec2InstanceMetadata", "")]
    [InlineData("Route53", """{"R53ProfileName":"dns"}""", "Route53", "ProfileName=dns", "")]
    [InlineData("Azure", """{"AZSubscriptionId":"s","AZTenantId":"t","AZAppCred":{"origType":"pscredential","user":"app","pass":"6800"}}""", "Azure", "ClientId=app,SubscriptionId=s,TenantId=t", "ClientSecret")]
    [InlineData("Azure", """{"AZSubscriptionId":"s","AZTenantId":"t","AZAppUsername":"app","AZCertPfx":"/etc/app.pfx","AZPfxPassSecure":$,"AZEnvironment":"AzureChinaCloud"}""", "Azure", "ClientCertificatePath=/etc/app.pfx,ClientId=app,Environment=AzureChinaCloud,SubscriptionId=s,TenantId=t", "ClientCertificatePassword")]
    [InlineData("Azure", """{"AZSubscriptionId":"s","AZUseIMDS":{"IsPresent":true}}""", "Azure", "ManagedIdentity=Auto,SubscriptionId=s", "")]
    [InlineData("Azure", """{"AZSubscriptionId":"s","AZAccessTokenSecure":$}""", "Azure", "SubscriptionId=s", "AccessToken")]
    [InlineData("GoDaddy", """{"GDKey":"k","GDSecretSecure":$,"GDUseOTE":true}""", "GoDaddy", "Environment=Ote,Key=k", "Secret")]
    [InlineData("ClouDNS", """{"CDUserType":"sub-auth-user","CDUsername":"u","CDPassword":$}""", "ClouDns", "SubAuthUser=u", "AuthPassword")]
    [InlineData("DMEasy", """{"DMEKey":"k","DMESecret":$,"DMEUseSandbox":false}""", "DnsMadeEasy", "", "ApiKey,SecretKey")]
    [InlineData("Cloudflare", """{"CFAuthEmail":"a@contoso.com","CFAuthKeySecure":$}""", "Cloudflare", "Email=a@contoso.com", "GlobalApiKey")]
    [InlineData("RFC2136", """{"DDNSNameserver":"ns1","DDNSPort":"5353","DDNSKeyName":"k","DDNSKeyType":"hmac-sha512","DDNSKeyValue":$,"DDNSZone":["contoso.com"]}""", "Rfc2136", "KeyAlgorithm=hmac-sha512,KeyName=k,Server=ns1:5353,Zone=contoso.com", "KeySecret")]
    [InlineData("RFC2136", """{"DDNSNameserver":"ns1"}""", "Rfc2136", "Server=ns1,WithoutKey=True", "")]
    [InlineData("AcmeDns", """{"ACMEServer":"auth.contoso.com","ACMERegistration":{"_acme-challenge.c.test":["sub","user","hush","sub.auth.contoso.com"]}}""", "AcmeDns", "BaseUrl=https://auth.contoso.com,FullDomain=sub.auth.contoso.com,Subdomain=sub,Username=user", "Password")]
    public void Arguments_get_the_names_of_our_providers(string plugin, string arguments, string provider, string settings, string secrets)
    {
        AddOrder("c.test", $$"""{"Plugin":["{{plugin}}"],"SANs":["*.c.test"]}""", arguments.Replace("$", $$"""{"origType":"securestring","value":"{{HexText}}"}"""));

        ForeignState state = Read();
        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;

        AssertAccount(provider, settings, secrets, account);
        ForeignHome.AssertHidden(state, "hush", "cf-t");
    }

    [Fact]
    public void Registrations_with_acme_dns_are_found_with_the_account()
    {
        Home.Write(Account + "/pluginvars.json", """{"ACMEReg":{"_acme-challenge.c.test":["sub","user","hush","sub.auth.contoso.com"],"_acme-challenge.d.test":["x","y","hush","x.auth.contoso.com"]}}""");
        AddOrder("c.test", """{"Plugin":["AcmeDns"],"SANs":["*.c.test"]}""", """{"ACMEServer":"auth.contoso.com"}""");
        AddOrder("d.test", """{"Plugin":["AcmeDns"],"SANs":["c.test"]}""", """{"ACMEServer":"auth.contoso.com"}""");

        ForeignState state = Read();

        Assert.Equal("sub", state.Certificates.Single(c => c.Name == "c.test").Renewal!.DnsAccount!.Settings["Subdomain"]);
        Assert.NotNull(state.Certificates.Single(c => c.Name == "d.test").Renewal!.ProofByHand);
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void Another_plug_in_is_run_as_it_is_where_it_is_installed()
    {
        using ForeignHome modules = new();
        modules.Write("Posh-ACME/4.9.0/Plugins/Linode.ps1", "old").Write("Posh-ACME/4.32.0/Plugins/Linode.ps1", "new");
        _environment.Variables["PSModulePath"] = modules.Path;
        AddOrder("m.test", """{"Plugin":["Linode"]}""", $$$"""{"LIToken":{"origType":"securestring","value":"{{{HexText}}}"},"LICred":{"origType":"pscredential","user":"u\"x","pass":"6800"},"LIPoll":true}""");

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;
        Assert.Equal(("PoshAcme", modules.File("Posh-ACME/4.32.0/Plugins/Linode.ps1")), (account.Provider, account.Settings["PluginPath"]));
        Assert.Equal(("true", "u\"x"), (account.Settings["PluginArgument.LIPoll"], JsonConvert.DeserializeObject<string>(account.Settings["PluginArgument.LICred"])));
        Assert.Equal(("cf-töken", "h"), (Encoding.UTF8.GetString(account.Secrets["PluginArgument.LIToken"]), Encoding.UTF8.GetString(account.Secrets["PluginArgument.LICred"])));
    }

    [Theory]
    [InlineData("""["NoSuchPlugin"]""", """{"A":1}""", ChallengeType.Dns01, false)]
    [InlineData("""["../evil"]""", """{"A":1}""", ChallengeType.Dns01, false)]
    [InlineData("""["Manual"]""", "{}", ChallengeType.Dns01, true)]
    [InlineData("[]", "{}", ChallengeType.Dns01, true)]
    [InlineData("""["Cloudflare","WebRoot"]""", """{"WRPath":"/var/www"}""", null, false)]
    [InlineData("""["WebRoot"]""", """{"WRPath":["/a","/b"]}""", ChallengeType.Http01, false)]
    [InlineData("""["WebRoot"]""", """{"WRPath":"/a","WRExactPath":true}""", ChallengeType.Http01, false)]
    [InlineData("""["WebRoot"]""", "{}", ChallengeType.Http01, false)]
    [InlineData("""["Cloudflare"]""", "{}", ChallengeType.Dns01, false)]
    [InlineData("""["Azure"]""", """{"AZSubscriptionId":"s","AZTenantId":"t","AZAppUsername":"app","AZCertThumbprint":"AA"}""", ChallengeType.Dns01, false)]
    [InlineData("""["RFC2136"]""", "{}", ChallengeType.Dns01, false)]
    [InlineData("""["Linode"]""", """{"X":[{"origType":"securestring","value":"6800"}]}""", ChallengeType.Dns01, false)]
    public void Proofs_that_have_no_counterpart_are_left_to_people(string plugin, string arguments, ChallengeType? type, bool isPaused)
    {
        AddOrder("c.test", $$"""{"Plugin":{{plugin}},"SANs":["d.test"]}""", arguments);

        ForeignRenewal renewal = Assert.Single(Read().Certificates).Renewal!;

        Assert.Equal((type, isPaused), (renewal.ChallengeType, renewal.IsPaused));
        Assert.NotNull(renewal.ProofByHand!.Remedy);
        Assert.Null(renewal.DnsAccount);
    }

    [Theory]
    [InlineData("{}", "*:80")]
    [InlineData("""{"WSHPort":"8080"}""", "*:8080")]
    public void What_it_answered_itself_is_answered_here(string arguments, string address)
    {
        AddOrder("c.test", """{"Plugin":["WebSelfHost"],"DnsVariant":""}""", arguments);

        Assert.Equal((ChallengeType.Http01, address), Assert.Single(Read().Certificates).Renewal is { } renewal ? (renewal.ChallengeType, renewal.ListenAddress) : default);
    }

    [Fact]
    public void What_an_order_asks_for_beside_that_is_said()
    {
        AddOrder("!.c.test", """{"Plugin":["Cloudflare"],"DnsVariant":"dns-account-01","LifetimeDays":30,"OCSPMustStaple":true,"Install":true,"FriendlyName":"my site","PfxPassB64U":"aHVzaA"}""", Secure("CFToken", HexText));
        Home.Write(Server + "/dir.json", """{"location":"https://127.0.0.1:14000/dir","SkipCertificateCheck":true}""");

        ForeignState state = Read();

        ForeignCertificate certificate = Assert.Single(state.Certificates);
        Assert.Equal(("*.c.test", ChallengeType.DnsAccount01), (certificate.Name, certificate.Renewal!.ChallengeType));
        Assert.Equal(3, state.Remarks.Count);
        Assert.All(state.Remarks, r => Assert.False(r.IsProblem));
        Assert.Equal([true, false], certificate.Renewal.Hooks.Select(h => h.Detail.Contains("'my site'")));
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void A_certificate_of_a_request_comes_without_a_key()
    {
        AddOrder("h.test", """{"Plugin":["WebRoot"],"CSRBase64Url":"MIIC"}""", """{"WRPath":"/a"}""");
        Home.Delete(Account + "/h.test/cert.key");

        ForeignState state = Read();

        Assert.Null(Assert.Single(state.Certificates).Renewal);
        Assert.Contains("-CsrPath", Assert.Single(state.Remarks).Remedy);
    }

    [Fact]
    public void An_account_that_is_deactivated_is_left_there_and_its_certificates_are_read()
    {
        WriteAccount(Account, null, "deactivated");
        AddOrder("a.test", """{"Plugin":["WebRoot"]}""", """{"WRPath":"/a"}""");

        ForeignState state = Read();

        Assert.Empty(state.Accounts);
        Assert.Null(Assert.Single(state.Certificates).Renewal!.AccountId);
        Assert.Equal(MigrationKind.Account, Assert.Single(state.Remarks).Kind);
    }

    [Theory]
    [InlineData("bad.test/order.json", """{"Plugin":["Web""", MigrationKind.Renewal, 2, 1)]
    [InlineData("bad.test/order.json", "", MigrationKind.Renewal, 2, 1)]
    [InlineData("bad.test/cert.key", "", MigrationKind.Certificate, 2, 1)]
    [InlineData("bad.test/cert.key", null, MigrationKind.Certificate, 2, 1)]
    [InlineData("bad.test/cert.key", "other", MigrationKind.Certificate, 2, 1)]
    [InlineData("bad.test/fullchain.cer", "rubbish", MigrationKind.Certificate, 1, 1)]
    [InlineData("bad.test/pluginargs.json", "{", MigrationKind.Renewal, 2, 1)]
    [InlineData("acct.json", """{"key":{"kty":""", MigrationKind.Account, 2, 0)]
    [InlineData("acct.json", """{"status":"valid"}""", MigrationKind.Account, 2, 0)]
    [InlineData("acct.json", """{"status":"valid","key":{"kty":"EC","crv":"P-256","d":"AAAA"}}""", MigrationKind.Account, 2, 0)]
    [InlineData("acct.json", null, MigrationKind.Account, 2, 0)]
    [InlineData("../dir.json", "", MigrationKind.Account, 2, 1)]
    [InlineData("../dir.json", null, MigrationKind.Account, 2, 1)]
    public void What_is_broken_is_one_remark_and_the_rest_is_read(string file, string? content, MigrationKind kind, int certificates, int accounts)
    {
        AddOrder("good.test", """{"Plugin":["WebRoot"]}""", """{"WRPath":"/a"}""");
        AddOrder("bad.test", """{"Plugin":["WebRoot"]}""", """{"WRPath":"/a"}""");
        string path = file.StartsWith("../", StringComparison.Ordinal) ? Server + file.Substring(2) : $"{Account}/{file}";
        Spoil(path, content, "other", () => ForeignHome.Key(TestPki.Entry("other")));

        ForeignState state = Read();

        ForeignRemark remark = Assert.Single(state.Remarks);
        Assert.Equal((kind, true), (remark.Kind, remark.IsProblem));
        Assert.Equal((certificates, accounts), (state.Certificates.Count, state.Accounts.Count));
        Assert.NotNull(state.Certificates.Single(c => c.Name == "good.test").Renewal);
    }

    [Fact]
    public void An_order_that_was_begun_and_never_ended_is_said()
    {
        Home.Write(Account + "/new.test/order.json", """{"MainDomain":"new.test","status":"pending","CertExpires":null}""");

        Assert.Contains("never got a certificate", Assert.Single(Read().Remarks).Detail);
    }

    [Fact]
    public void Another_folder_is_none_of_it()
    {
        using ForeignHome other = new();
        other.Write("notes/readme.txt", "hello");

        Assert.Equal(ErrorIds.ForeignDataNotFound, Assert.Throws<NotFoundException>(() => NewTool().Read(other.Path)).ErrorId);
    }

    [Fact]
    public void No_bytes_make_it_fail()
    {
        WriteAccount(Account, AesKey);
        AddOrder("c.test", """{"Plugin":["Cloudflare"],"SANs":["*.c.test"],"KeyLength":"ec-256","LifetimeDays":30}""", Secure("CFToken", AesText));
        string[] files = [Server + "/dir.json", Account + "/acct.json", Account + "/c.test/order.json", Account + "/c.test/pluginargs.json", Account + "/c.test/cert.key", Account + "/c.test/fullchain.cer"];
        AssertSurvives(files);
    }

    private static string Secure(string name, string text) => $$$"""{"{{{name}}}":{"origType":"securestring","value":"{{{text}}}"}}""";

    private void WriteAccount(string folder, string? key, string status = "valid") => Home.Write(
        folder + "/acct.json",
        new JObject
        {
            ["status"] = status,
            ["contact"] = new JArray("mailto:admin@contoso.com"),
            ["location"] = "https://127.0.0.1:14000/my-account/1",
            ["key"] = JsonWebKey.WritePrivate(Web.Key!.Pkcs8),
            ["alg"] = "ES256",
            ["sskey"] = key,
        }.ToString());

    private void AddOrder(string name, string order, string arguments)
    {
        JObject json = JObject.Parse(order);
        json["MainDomain"] = name.Replace('!', '*');
        json["CertExpires"] = "2027-02-20T09:58:18Z";
        Home.Write($"{Account}/{name}/order.json", json.ToString())
            .Write($"{Account}/{name}/pluginargs.json", arguments)
            .Write($"{Account}/{name}/cert.key", ForeignHome.Key(Web))
            .Write($"{Account}/{name}/cert.cer", ForeignHome.Leaf(Web))
            .Write($"{Account}/{name}/chain.cer", ForeignHome.Above(Web))
            .Write($"{Account}/{name}/fullchain.cer", ForeignHome.Full(Web));
    }

    protected override IForeignTool NewTool() => new PoshAcmeTool(ForeignHome.Keys, ForeignHome.Certificates, _environment);
}
