using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Keystores;
using KeyManager.Providers.Moving.WinAcme;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.Moving;

/// <summary>Layouts as the source of simple-acme 2.3 writes them; it does not run here.</summary>
public sealed class WinAcmeTests : ForeignToolTests
{
    private const string Server = "acme-v02.api.letsencrypt.org";
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";
    private const string Password = "pfx hush";
    private const string FileSystem = "1c77b3a4-5310-4c46-92c6-00d866e84d6b";
    private const string Cloudflare = "73af2c2e-4cf1-4198-a4c8-1129003cfb75";

    private readonly TestEnvironment _environment;

    public WinAcmeTests()
    {
        _environment = new TestEnvironment(MachinePath) { Windows = false };
        AddAccount("", EcSigner());
    }

    [Fact]
    public void Accounts_and_certificates_with_their_renewals_are_read()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/var/www/html"}""", r => r["CsrPluginOptions"]!["ReusePrivateKey"] = true);
        Home.Write(Server + "/settings.json", """{"Acme":{"PreferredIssuer":"ISRG Root X1","CertificateProfile":"tlsserver"}}""");

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignAccount account = Assert.Single(state.Accounts);
        Assert.Equal((Server, Server, "https://acme-v02.api.letsencrypt.org/directory", "https://acme-v02.api.letsencrypt.org/acme/acct/1"), (account.Id, account.Name, account.DirectoryUrl, account.AuthorityAddress));
        Assert.Equal(["admin@contoso.com"], account.Contact);
        Assert.Equal(Web.Key!.Pkcs8, JsonWebKey.ReadPrivate(JObject.Parse(Encoding.UTF8.GetString(account.Key))));
        ForeignCertificate certificate = Assert.Single(state.Certificates);
        Assert.Equal(("my site", Password), (certificate.Name, certificate.Password));
        Assert.Equal(Web.Key.SubjectPublicKeyInfo, ForeignHome.Import(certificate).Key!.SubjectPublicKeyInfo);
        ForeignRenewal renewal = certificate.Renewal!;
        Assert.Equal((account.Id, ChallengeType.Http01, "/var/www/html", KeyOnRenewal.Same), (renewal.AccountId, renewal.ChallengeType, renewal.WebRootPath, renewal.KeyOnRenewal));
        Assert.Equal(("ISRG Root X1", "tlsserver", null), (renewal.PreferredChain, renewal.Profile, renewal.KeySpec));
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void A_key_as_XML_is_taken_and_names_of_accounts_are_kept()
    {
        KeyPair rsa = TestPki.Key("RSA 2048");
        AddAccount("second.", RsaSigner(rsa));
        AddRenewal("abc", FileSystem, """{"Path":"/var/www"}""", r => r["Account"] = "second");

        ForeignState state = Read();

        ForeignAccount account = state.Accounts.Single(a => a.Id == Server + "/second");
        Assert.Equal("second", account.Name);
        Assert.Equal(JsonWebKey.ReadPrivate(JsonWebKey.WritePrivate(rsa.Pkcs8)), JsonWebKey.ReadPrivate(JObject.Parse(Encoding.UTF8.GetString(account.Key))));
        Assert.Equal(account.Id, Assert.Single(state.Certificates).Renewal!.AccountId);
    }

    [Fact]
    public void The_newest_copy_counts_and_parts_of_a_split_renewal_are_told_apart()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/var/www"}""");
        AddCopy($"abc-www.contoso.com-{Hash}-temp.pfx", Web, Password);
        string old = AddCopy("abc-cache.pfx", TestPki.Entry("old"), Password);
        System.IO.File.SetLastWriteTimeUtc(old, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        AddCopy("abcdef-cache.pfx.tmp", Web, Password);

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        Assert.Equal(["my site", "my site (www.contoso.com)"], state.Certificates.Select(c => c.Name));
        Assert.Equal(Web.Key!.SubjectPublicKeyInfo, ForeignHome.Import(state.Certificates[0]).Key!.SubjectPublicKeyInfo);
    }

    [Theory]
    [InlineData("clear-")]
    [InlineData("base64")]
    [InlineData("vault://json/cf")]
    public void Secrets_that_are_not_encrypted_are_read(string form)
    {
        Home.Write(Server + "/secrets.json", """{"Entries":[{"Key":"CF","Secret":"clear-cf hush"}]}""");
        string value = form == "base64" ? Convert.ToBase64String(Encoding.UTF8.GetBytes("cf hush")) : form == "clear-" ? "clear-cf hush" : form;
        AddRenewal("abc", Cloudflare, new JObject { ["ApiToken"] = value }.ToString());

        ForeignState state = Read();

        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;
        Assert.Equal(("win-acme-cloudflare", "Cloudflare", "cf hush"), (account.Name, account.Provider, Encoding.UTF8.GetString(account.Secrets["ApiToken"])));
        ForeignHome.AssertHidden(state, "hush");
    }

    [Theory]
    [InlineData("enc-AAAA", "on that machine only")]
    [InlineData("vault://environment/CF", "at each run")]
    [InlineData("vault://json/none", "not in secrets.json")]
    [InlineData("not base64!", "damaged")]
    public void A_secret_that_cannot_be_read_leaves_the_DNS_account_to_people(string value, string because)
    {
        AddRenewal("abc", Cloudflare, new JObject { ["ApiToken"] = value }.ToString());

        ForeignRenewal renewal = Assert.Single(Read().Certificates).Renewal!;

        Assert.Null(renewal.DnsAccount);
        Assert.Equal(MigrationKind.DnsAccount, renewal.ProofByHand!.Kind);
        Assert.Contains(because, renewal.ProofByHand.Detail);
        Assert.Contains("New-KmDnsAccount win-acme-cloudflare", renewal.ProofByHand.Remedy);
    }

    [Fact]
    public void What_Windows_encrypted_for_this_machine_is_read()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            Assert.Skip("Windows data protection exists on Windows only.");
            return;
        }

        byte[] encrypted = ProtectedData.Protect(Encoding.UTF8.GetBytes("cf hush"), null, DataProtectionScope.LocalMachine);

        Assert.Equal("cf hush", new WinAcmeSecrets(new TestEnvironment(MachinePath) { Windows = true }, null).Read("enc-" + Convert.ToBase64String(encrypted)));
    }

    [Theory]
    [InlineData("4e5dc595-45c7-4461-929a-8f96a0c96b3d", """{"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKeySafe":"clear-hush","ARNRole":"arn:aws:iam::123456789012:role/dns","Region":"eu-west-1"}""", "Route53", "AccessKeyId=AKIAIOSFODNN7EXAMPLE,Region=eu-west-1,RoleArn=arn:aws:iam::123456789012:role/dns", "SecretAccessKey")]
    [InlineData("4e5dc595-45c7-4461-929a-8f96a0c96b3d", """{"IAMRole":"dns"}""", "Route53", "CredentialSource=Ec2InstanceMetadata", "")]
    [InlineData("AA57B028-45FB-4ACA-9CAC-A63D94C76B4A", """{"AzureEnvironment":"AzureCloud","UseMsi":false,"ClientId":"c","SecretSafe":"clear-hush","TenantId":"t","SubscriptionId":"s","ResourceGroupName":"g"}""", "Azure", "ClientId=c,Environment=AzureCloud,ResourceGroup=g,SubscriptionId=s,TenantId=t", "ClientSecret")]
    [InlineData("aa57b028-45fb-4aca-9cac-a63d94c76b4a", """{"UseMsi":true,"SubscriptionId":"s"}""", "Azure", "ManagedIdentity=Auto,SubscriptionId=s", "")]
    [InlineData("966c4c3d-1572-44c7-9134-5e2bc8fa021d", """{"SecretSafe":"clear-k","ApiSecret":"clear-hush"}""", "GoDaddy", "Key=k", "Secret")]
    [InlineData("13993334-2d74-4ff6-801b-833b99bf231d", """{"ApiKey":"clear-k","ApiSecret":"clear-hush"}""", "DnsMadeEasy", "", "ApiKey,SecretKey")]
    [InlineData("ed5dc9d1-739c-4f6a-854f-238bf65b63ee", """{"ServerHost":"ns1","ServerPort":53,"TsigKeyName":"k","TsigKeySecret":"clear-hush","TsigKeyAlgorithm":"Sha256"}""", "Rfc2136", "KeyAlgorithm=hmac-sha256,KeyName=k,Server=ns1", "KeySecret")]
    [InlineData("c13acc1b-7571-432b-9652-7a68a5f506c5", """{"BaseUri":"https://auth.contoso.com/"}""", "AcmeDns", "BaseUrl=https://auth.contoso.com,FullDomain=sub.auth.contoso.com,Subdomain=sub,Username=u", "Password")]
    public void Options_get_the_names_of_our_providers(string plugin, string options, string provider, string settings, string secrets)
    {
        Home.Write("acme-dns/auth.contoso.com/www.contoso.com.json", """{"username":"u","password":"hush","fulldomain":"sub.auth.contoso.com","subdomain":"sub"}""");
        AddRenewal("abc", plugin, options);

        ForeignState state = Read();
        ForeignDnsAccount account = Assert.Single(state.Certificates).Renewal!.DnsAccount!;

        AssertAccount(provider, settings, secrets, account);
        ForeignHome.AssertHidden(state, "hush");
    }

    [Theory]
    [InlineData("c7d5e050-9363-4ba1-b3a8-931b31c618b7", "{}", ChallengeType.Http01, "*:80")]
    [InlineData("c7d5e050-9363-4ba1-b3a8-931b31c618b7", """{"Port":8080}""", ChallengeType.Http01, "*:8080")]
    [InlineData("a1565064-b208-4467-8ca1-1bd3c08aa500", "{}", ChallengeType.TlsAlpn01, "*:443")]
    public void What_it_answered_itself_is_answered_here(string plugin, string options, ChallengeType type, string address)
    {
        AddRenewal("abc", plugin, options);

        Assert.Equal((type, address), Assert.Single(Read().Certificates).Renewal is { } renewal ? (renewal.ChallengeType, renewal.ListenAddress) : default);
    }

    [Theory]
    [InlineData(FileSystem, """{"SiteId":1}""", ChallengeType.Http01, false)]
    [InlineData(FileSystem, """{"Path":"/a","IsRootPath":false}""", ChallengeType.Http01, false)]
    [InlineData("c7d5e050-9363-4ba1-b3a8-931b31c618b7", """{"Https":true}""", ChallengeType.Http01, false)]
    [InlineData("e45d62b9-f9a8-441e-b95f-c5ee0dcd8040", "{}", null, true)]
    [InlineData("a37b41dc-b45a-42fe-8d81-82ca409a5491", "{}", null, false)]
    [InlineData("8f1da72e-f727-49f0-8546-ef69e5ecec32", """{"Script":"C:\\a.ps1"}""", ChallengeType.Dns01, false)]
    [InlineData("8f1da72e-f727-49f0-8546-ef69e5ecec32", """{"CreateScript":"C:\\a.ps1","ChallengeType":"http-01"}""", ChallengeType.Http01, false)]
    [InlineData("048aa2e7-2bce-4d3e-b731-6e0ed8b8170d", """{"Path":"sftp://web","Credential":{"UserName":"u","PasswordSafe":"clear-hush"}}""", ChallengeType.Http01, false)]
    [InlineData("bc27d719-dcf2-41ff-bf08-54db7ea49c48", "{}", ChallengeType.Http01, false)]
    [InlineData("7176cc8f-ba08-4b07-aa39-2f5d012c1d5a", "{}", ChallengeType.Dns01, false)]
    [InlineData("00000000-0000-0000-0000-000000000001", "{}", null, false)]
    [InlineData(Cloudflare, "{}", ChallengeType.Dns01, false)]
    [InlineData("c13acc1b-7571-432b-9652-7a68a5f506c5", """{"BaseUri":"https://auth.contoso.com/"}""", ChallengeType.Dns01, false)]
    public void Proofs_that_have_no_counterpart_are_left_to_people(string plugin, string options, ChallengeType? type, bool isPaused)
    {
        AddRenewal("abc", plugin, options);

        ForeignState state = Read();
        ForeignRenewal renewal = Assert.Single(state.Certificates).Renewal!;

        Assert.Equal((type, isPaused), (renewal.ChallengeType, renewal.IsPaused));
        Assert.NotNull(renewal.ProofByHand!.Remedy);
        Assert.Null(renewal.DnsAccount);
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void Where_certificates_go_is_listed_with_the_way_of_doing_it_here()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""", renewal =>
        {
            renewal["StorePluginOptions"] = JArray.Parse("""
                [{"Plugin":"E30ADC8E-D756-4E16-A6F2-450F784B1A97","StoreName":"WebHosting"},{"Plugin":"e57c70e4-cd60-4ba6-80f6-a41703e21031","Path":"C:\\pem","PemPassword":"clear-hush"},
                 {"Plugin":"2a2c576f-7637-4ade-b8db-e8613b0bb33e","Path":"C:\\pfx"},{"Plugin":"af1f77b6-4e7b-4f96-bba5-c2eeb4d0dd42","Path":"\\\\ccs"},{"Plugin":"221310a3-14d8-4478-a0f1-3c6d90f2ea51"},
                 {"Plugin":"dbfa91e2-28c0-4b37-857c-df6575dbb388"},{"Plugin":"95ee94e7-c8e2-40e6-a26f-c9fc3afa9fa5"},{"Plugin":"cfdd7caa-ba34-4e9e-b9de-2a3d64c4f4ec"},{"Plugin":"unknown"}]
                """);
            renewal["InstallationPluginOptions"] = JArray.Parse("""
                [{"Plugin":"ea6a5be3-f8de-4d27-a6bd-750b619b2ee2","SiteId":1},{"Plugin":"13058a79-5084-48af-b047-634e0ee222f4"},{"Plugin":"aecc502c-5f75-43d2-b578-f95d50c79ea1"},
                 {"Plugin":"3bb22c70-358d-4251-86bd-11858363d913","Script":"C:\\deploy.ps1","ScriptParameters":"-Password hush"},{"Plugin":"unknown"}]
                """);
        });

        ForeignState state = Read();
        ForeignRemark[] hooks = [.. Assert.Single(state.Certificates).Renewal!.Hooks];

        Assert.Equal(12, hooks.Length);
        Assert.All(hooks, h => Assert.Equal((MigrationKind.DeployHook, false, true), (h.Kind, h.IsProblem, h.Remedy!.Contains("New-KmDeployTarget"))));
        Assert.Contains("'WebHosting'", hooks[0].Detail);
        Assert.Contains(hooks, h => h.Detail.Contains(@"'C:\deploy.ps1 ...'"));
        ForeignHome.AssertHidden(state, "hush");
    }

    [Theory]
    [InlineData("abc-main-" + Hash)]
    [InlineData("abc")]
    public void A_key_that_is_used_again_is_found_beside_its_copy(string file)
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""", r => r["CsrPluginOptions"]!["ReusePrivateKey"] = true);
        AddCopy($"abc-main-{Hash}-temp.pfx", Web with { Key = null }, Password);
        Home.Write($"{Server}/Certificates/{file}.keys", Convert.ToBase64String(ForeignHome.Key(Web)));

        ForeignState state = Read();

        Assert.Empty(state.Remarks);
        ForeignCertificate certificate = Assert.Single(state.Certificates);
        Assert.Equal((null, KeyOnRenewal.Same), (certificate.Password, certificate.Renewal!.KeyOnRenewal));
        Assert.Equal(Web.Key!.SubjectPublicKeyInfo, ForeignHome.Import(certificate).Key!.SubjectPublicKeyInfo);
    }

    [Fact]
    public void Names_that_come_from_IIS_stay_as_they_are_now()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""", r => r["TargetPluginOptions"] = JObject.Parse("""{"Plugin":"54deb3ee-b5df-4381-8485-fe386054055b","IncludeSiteIds":[1]}"""));

        ForeignRemark remark = Assert.Single(Read().Remarks);

        Assert.Equal((MigrationKind.Renewal, false), (remark.Kind, remark.IsProblem));
    }

    [Fact]
    public void A_certificate_of_a_request_comes_without_a_renewal()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""", r => r["TargetPluginOptions"] = JObject.Parse("""{"Plugin":"5c3db0fb-840b-469f-b5a7-0635d8e9a93d","CsrFile":"C:\\a.csr"}"""));
        AddCopy($"abc-main-{Hash}-temp.pfx", Web with { Key = null }, Password);

        ForeignState state = Read();

        Assert.Null(Assert.Single(state.Certificates).Renewal);
        Assert.Contains(@"-CsrPath 'C:\a.csr'", Assert.Single(state.Remarks).Remedy);
    }

    [Theory]
    [InlineData("bad.renewal.json", "{\"Id\":", MigrationKind.Renewal, 1, 1)]
    [InlineData("bad.renewal.json", "", MigrationKind.Renewal, 1, 1)]
    [InlineData("bad.renewal.json", """{"Id":"bad","LastFriendlyName":"my site","PfxPasswordProtected":"clear-pfx hush"}""", MigrationKind.Renewal, 2, 1)]
    [InlineData("bad.renewal.json", """{"Id":"bad","PfxPasswordProtected":"clear-wrong"}""", MigrationKind.Certificate, 1, 1)]
    [InlineData("bad.renewal.json", """{"Id":"bad","PfxPasswordProtected":"enc-AAAA"}""", MigrationKind.Certificate, 1, 1)]
    [InlineData("Certificates/bad-main-" + Hash + "-temp.pfx", "", MigrationKind.Certificate, 1, 1)]
    [InlineData("Certificates/bad-main-" + Hash + "-temp.pfx", "rubbish", MigrationKind.Certificate, 1, 1)]
    [InlineData("Certificates/bad-main-" + Hash + "-temp.pfx", null, MigrationKind.Certificate, 1, 1)]
    [InlineData("Certificates/bad-main-" + Hash + "-temp.pfx", "keyless", MigrationKind.Certificate, 2, 1)]
    [InlineData("Signer_v2", null, MigrationKind.Account, 2, 0)]
    [InlineData("Signer_v2", "", MigrationKind.Account, 2, 0)]
    [InlineData("Signer_v2", "enc-AAAA", MigrationKind.Account, 2, 0)]
    [InlineData("Signer_v2", "clear-{\"KeyType\":\"ES256\",\"KeyExport\":\"{}\"}", MigrationKind.Account, 2, 0)]
    [InlineData("Signer_v2", "clear-{\"KeyType\":\"RS256\",\"KeyExport\":\"<a>\"}", MigrationKind.Account, 2, 0)]
    [InlineData("Signer_v2", "clear-{\"KeyType\":\"PS256\",\"KeyExport\":\"x\"}", MigrationKind.Account, 2, 0)]
    [InlineData("Registration_v2", "[", MigrationKind.Account, 2, 0)]
    [InlineData("settings.json", "{", MigrationKind.Renewal, 2, 1)]
    [InlineData("secrets.json", "{", MigrationKind.DnsAccount, 2, 1)]
    public void What_is_broken_is_one_remark_and_the_rest_is_read(string file, string? content, MigrationKind kind, int certificates, int accounts)
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""");
        AddRenewal("bad", FileSystem, """{"Path":"/a"}""");
        Spoil($"{Server}/{file}", content, "keyless", () => Pfx(Web with { Key = null }, Password));

        ForeignState state = Read();

        ForeignRemark remark = Assert.Single(state.Remarks);
        Assert.Equal((kind, true), (remark.Kind, remark.IsProblem));
        Assert.Equal((certificates, accounts), (state.Certificates.Count, state.Accounts.Count));
        Assert.Contains(state.Certificates, c => c.Renewal is not null);
        ForeignHome.AssertHidden(state, "hush");
    }

    [Fact]
    public void The_folder_of_one_server_will_do_and_another_folder_is_none_of_it()
    {
        AddRenewal("abc", FileSystem, """{"Path":"/a"}""");
        using ForeignHome other = new();
        other.Write("notes/readme.json", "{}");

        Assert.Single(NewTool().Read(Home.File(Server)).Certificates);
        Assert.Equal(ErrorIds.ForeignDataNotFound, Assert.Throws<NotFoundException>(() => NewTool().Read(other.Path)).ErrorId);
    }

    [Fact]
    public void No_bytes_make_it_fail()
    {
        AddRenewal("abc", Cloudflare, """{"ApiToken":"vault://json/cf"}""");
        Home.Write(Server + "/secrets.json", """{"Entries":[{"Key":"cf","Secret":"clear-x"}]}""").Write(Server + "/settings.json", """{"Acme":{"PreferredIssuer":"X"},"Cache":{"Path":"/nowhere"}}""");
        string[] files = ["Registration_v2", "Signer_v2", "abc.renewal.json", "secrets.json", "settings.json", $"Certificates/abc-main-{Hash}-temp.pfx"];
        AssertSurvives([.. files.Select(f => $"{Server}/{f}")]);
    }

    private static byte[] Pfx(KeystoreEntry entry, string password) => new Pkcs12Format(16).Write([entry], new KeystoreOptions { Password = password });

    private static string Base64(JObject jwk, string member)
    {
        string text = ((string)jwk[member]!).Replace('-', '+').Replace('_', '/');
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }

    private static string RsaSigner(KeyPair key)
    {
        JObject jwk = JsonWebKey.WritePrivate(key.Pkcs8);
        string xml = "<RSAKeyValue>" + string.Concat(new[]
        {
            ("Modulus", "n"), ("Exponent", "e"), ("P", "p"), ("Q", "q"), ("DP", "dp"), ("DQ", "dq"), ("InverseQ", "qi"), ("D", "d"),
        }.Select(m => $"<{m.Item1}>{Base64(jwk, m.Item2)}</{m.Item1}>")) + "</RSAKeyValue>";
        return new JObject { ["KeyType"] = "RS256", ["KeyExport"] = xml }.ToString();
    }

    private string EcSigner()
    {
        JObject jwk = JsonWebKey.WritePrivate(Web.Key!.Pkcs8);
        JObject export = new() { ["HashSize"] = 256, ["D"] = Base64(jwk, "d"), ["X"] = Base64(jwk, "x"), ["Y"] = Base64(jwk, "y") };
        return new JObject { ["KeyType"] = "ES256", ["KeyExport"] = export.ToString() }.ToString();
    }

    private void AddAccount(string prefix, string signer) => Home
        .Write($"{Server}/{prefix}Registration_v2", """{"Payload":{"Contact":["mailto:admin@contoso.com"],"Status":"valid"},"Kid":"https://acme-v02.api.letsencrypt.org/acme/acct/1","TosLink":"https://letsencrypt.org/"}""")
        .Write($"{Server}/{prefix}Signer_v2", Convert.ToBase64String(Encoding.UTF8.GetBytes(signer)));

    private string AddCopy(string file, KeystoreEntry entry, string password)
    {
        Home.Write($"{Server}/Certificates/{file}", Pfx(entry, password));
        return Home.File($"{Server}/Certificates/{file}");
    }

    private void AddRenewal(string id, string plugin, string options, Action<JObject>? change = null)
    {
        JObject validation = JObject.Parse(options);
        validation["Plugin"] = plugin;
        JObject renewal = new()
        {
            ["$schema"] = "https://simple-acme.com/schema/renewal.json",
            ["Id"] = id,
            ["EndPoint"] = "https://acme-v02.api.letsencrypt.org/",
            ["LastFriendlyName"] = "[Manual] my site",
            ["PfxPasswordProtected"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password)),
            ["TargetPluginOptions"] = JObject.Parse("""{"Plugin":"e239db3b-b42f-48aa-b64f-46d4f3e9941b","CommonName":"www.contoso.com","AlternativeNames":["www.contoso.com"]}"""),
            ["ValidationPluginOptions"] = validation,
            ["CsrPluginOptions"] = JObject.Parse("""{"Plugin":"9aadcf71-5241-4c4f-aee1-bfe3f6be3489"}"""),
            ["StorePluginOptions"] = new JArray(),
            ["InstallationPluginOptions"] = new JArray(),
            ["History"] = JArray.Parse("""[{"Date":"2026-11-01T00:00:00Z","Success":true}]"""),
        };
        change?.Invoke(renewal);
        Home.Write($"{Server}/{id}.renewal.json", renewal.ToString());
        AddCopy($"{id}-main-{Hash}-temp.pfx", Web, Password);
    }

    protected override IForeignTool NewTool() => new WinAcmeTool(new Pkcs12Format(16), ForeignHome.Keys, ForeignHome.Certificates, _environment);
}
