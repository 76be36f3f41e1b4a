using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Moving.Certbot;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Moving;

public sealed class CertbotToolTests : IDisposable
{
    private static readonly Uri Server = new("https://acme-v02.api.letsencrypt.org/directory");

    private readonly TemporaryFolder _folder = new();

    private CertbotFolder Folder => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("authenticator = standalone", ChallengeType.Http01, "*:80", null)]
    [InlineData("authenticator = standalone\nhttp01_address = 192.0.2.1\nhttp01_port = 8080", ChallengeType.Http01, "192.0.2.1:8080", null)]
    [InlineData("authenticator = webroot\nwebroot_path = /var/www/html,\n[[webroot_map]]\nwww.test = /var/www/html\ntest = /var/www/html", ChallengeType.Http01, null, "/var/www/html")]
    [InlineData("authenticator = webroot\nwebroot_path = /srv/a, /srv/b", ChallengeType.Http01, null, "/srv/b")]
    [InlineData("authenticator = webroot\n[[webroot_map]]\nwww.test = /srv/a", ChallengeType.Http01, null, "/srv/a")]
    public void Ways_that_are_ours_too_are_taken_over(string settings, ChallengeType type, string? listen, string? root)
    {
        ForeignRenewal renewal = Read(settings);
        Assert.Equal((type, listen, root), (renewal.ChallengeType, renewal.ListenAddress, renewal.WebRootPath));
        Assert.Null(renewal.ProofByHand);
    }

    [Theory]
    [InlineData("authenticator = nginx\ninstaller = nginx", ChallengeType.Http01, "nginx")]
    [InlineData("authenticator = apache", ChallengeType.Http01, "apache")]
    [InlineData("authenticator = manual\npref_challs = dns-01,\nmanual_auth_hook = /opt/auth.sh s3cret", ChallengeType.Dns01, "manual_auth_hook")]
    [InlineData("authenticator = webroot\n[[webroot_map]]\na.test = /srv/a\nb.test = /srv/b", ChallengeType.Http01, "/srv/a, /srv/b")]
    [InlineData("authenticator = webroot", ChallengeType.Http01, "which folder")]
    [InlineData("authenticator = certbot-dns-hover:dns-hover\ndns_hover_credentials = /root/hover.ini", ChallengeType.Dns01, "dns-hover")]
    [InlineData("authenticator = dns-cloudflare\ndns_cloudflare_credentials = /nowhere/cf.ini", ChallengeType.Dns01, "dns-cloudflare")]
    [InlineData("authenticator = some-plugin", null, "some-plugin")]
    [InlineData("", null, "''")]
    public void Ways_that_are_not_are_said_with_what_to_do(string settings, ChallengeType? type, string named)
    {
        ForeignRenewal renewal = Read(settings);
        Assert.Equal(type, renewal.ChallengeType);
        Assert.Contains(named, renewal.ProofByHand!.Detail, StringComparison.Ordinal);
        Assert.Contains("Set-KmCertificateOrder www.test", renewal.ProofByHand.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", renewal.ProofByHand.Detail + renewal.ProofByHand.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key_type = ecdsa", "ECDSA P-256")]
    [InlineData("key_type = ecdsa\nelliptic_curve = secp384r1", "ECDSA P-384")]
    [InlineData("key_type = rsa\nrsa_key_size = 4096", "RSA 4096")]
    [InlineData("key_type = rsa", "RSA 2048")]
    [InlineData("", "RSA 2048")]
    [InlineData("key_type = rsa\nrsa_key_size = 1024", null)]
    [InlineData("key_type = ecdsa\nelliptic_curve = brainpool", null)]
    public void Keys_are_as_certbot_would_make_them(string settings, string? key) => Assert.Equal(key, Read("authenticator = standalone\n" + settings).KeySpec?.ToString());

    [Fact]
    public void Wishes_are_taken_over()
    {
        ForeignRenewal renewal = Read("authenticator = standalone\nreuse_key = True\npreferred_chain = ISRG Root X1\npreferred_profile = tlsserver\nautorenew = False", "renew_before_expiry = 3 weeks");
        Assert.Equal(
            (KeyOnRenewal.Same, "ISRG Root X1", "tlsserver", 21, true),
            (renewal.KeyOnRenewal, renewal.PreferredChain, renewal.Profile, renewal.DaysBeforeExpiry, renewal.IsPaused));
        Assert.Null(Read("authenticator = standalone", "renew_before_expiry = soon").DaysBeforeExpiry);
        Assert.Null(Read("authenticator = standalone", "renew_before_expiry = 0 days").DaysBeforeExpiry);
    }

    [Fact]
    public void Hooks_are_told_by_their_program_alone()
    {
        ForeignRenewal renewal = Read("authenticator = nginx\ninstaller = nginx\npre_hook = systemctl stop haproxy\ndeploy_hook = /opt/push.sh --token abcdef\nmust_staple = True");
        Assert.Equal(4, renewal.Hooks.Count);
        string all = string.Join("\n", renewal.Hooks);
        Assert.Contains("'push.sh'", all, StringComparison.Ordinal);
        Assert.Contains("'systemctl'", all, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdef", all, StringComparison.Ordinal);

        Directory.CreateDirectory(Folder.File("renewal-hooks", "deploy"));
        File.WriteAllText(Folder.File("renewal-hooks", "deploy", "10-reload"), "#!/bin/sh\n");
        File.WriteAllText(Folder.File("renewal-hooks", "deploy", "10-reload~"), "#!/bin/sh\n");
        using ForeignState state = new CertbotTool().Read(_folder.Path);
        Assert.Equal("10-reload", state.Remarks.Single(r => r.Kind == MigrationKind.DeployHook).Name);
    }

    [Theory]
    [InlineData("dns_rfc2136_server = 192.0.2.53\ndns_rfc2136_name = km.\ndns_rfc2136_secret = c2VjcmV0\ndns_rfc2136_algorithm = HMAC-SHA512", "192.0.2.53", "hmac-sha512")]
    [InlineData("dns_rfc2136_server = 2001:db8::1\ndns_rfc2136_port = 5353\ndns_rfc2136_name = km.\ndns_rfc2136_secret = c2VjcmV0", "[2001:db8::1]:5353", "hmac-md5")]
    public void A_key_for_dynamic_updates_is_taken_over(string credentials, string server, string algorithm)
    {
        ForeignDnsAccount account = Dns("rfc2136", credentials)!;
        Assert.Equal(("Rfc2136", server, "km.", algorithm), (account.Provider, account.Settings["Server"], account.Settings["KeyName"], account.Settings["KeyAlgorithm"]));
        Assert.Equal("c2VjcmV0", Encoding.UTF8.GetString(account.Secrets["KeySecret"]));
        Assert.DoesNotContain("c2VjcmV0", account.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_of_services_are_taken_over_and_lacking_ones_are_said()
    {
        Assert.Equal("me@contoso.com", Dns("cloudflare", "dns_cloudflare_email = me@contoso.com\ndns_cloudflare_api_key = 0123")!.Settings["Email"]);
        Assert.Equal(["ApiKey", "SecretKey"], Dns("dnsmadeeasy", "dns_dnsmadeeasy_api_key = a\ndns_dnsmadeeasy_secret_key = b")!.Secrets.Keys.OrderBy(k => k, StringComparer.Ordinal));
        Assert.Equal("Route53", Read("authenticator = dns-route53").DnsAccount!.Provider);
        Assert.Null(Dns("dnsmadeeasy", "dns_dnsmadeeasy_api_key = a"));
        Assert.Null(Dns("cloudflare", "dns_cloudflare_email = me@contoso.com"));
        Assert.Null(Dns("rfc2136", "dns_rfc2136_server = 192.0.2.53"));
    }

    [Fact]
    public void A_copied_folder_is_read_by_what_lies_below_it_and_without_its_links_from_the_archive()
    {
        KeystoreEntry old = TestPki.Entry("www", "www.test"), fresh = TestPki.Entry("www", "www.test");
        Folder.Add("www.test", Server, old);
        Directory.CreateDirectory(Folder.File("archive", "www.test"));
        foreach ((KeystoreEntry entry, int number) in new[] { (old, 9), (fresh, 10) })
        {
            File.WriteAllBytes(Folder.File("archive", "www.test", $"fullchain{number}.pem"), new KeyManager.Providers.Keys.CertificateTools().ToPem(entry.Certificates));
            File.WriteAllBytes(Folder.File("archive", "www.test", $"privkey{number}.pem"), new KeyManager.Providers.Keys.KeyTools().ToPem(entry.Key!, null));
        }

        Directory.Delete(Folder.File("live"), recursive: true);
        using ForeignState state = new CertbotTool().Read(_folder.Path);
        string pem = Encoding.ASCII.GetString(state.Certificates.Single().Data);
        Assert.Contains(Encoding.ASCII.GetString(new KeyManager.Providers.Keys.CertificateTools().ToPem([fresh.Certificates[0]])).Trim(), pem, StringComparison.Ordinal);
    }

    [Fact]
    public void Accounts_that_nothing_needs_are_told_of_and_not_read()
    {
        Folder.AddAccount(Server, [1, 2, 3]);
        Folder.AddAccount(new Uri("https://acme-staging-v02.api.letsencrypt.org/directory"), [1, 2, 3], "0b");
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"));
        using ForeignState state = new CertbotTool().Read(_folder.Path);
        Assert.Equal("https://acme-v02.api.letsencrypt.org/directory", state.Accounts.Single().DirectoryUrl);
        Assert.Equal("ops@contoso.com", state.Accounts.Single().Contact.Single());
        ForeignRemark unused = state.Remarks.Single(r => r.Kind == MigrationKind.Account);
        Assert.Contains("acme-staging-v02.api.letsencrypt.org", unused.Name, StringComparison.Ordinal);
        Assert.False(unused.IsProblem);
    }

    [Theory]
    [InlineData("account = ../../../etc")]
    [InlineData("account = ..")]
    [InlineData("server = nonsense")]
    public void What_leads_out_of_the_folder_is_not_followed(string line)
    {
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"), "authenticator = standalone\n" + line);
        using ForeignState state = new CertbotTool().Read(_folder.Path);
        Assert.Empty(state.Accounts);
        Assert.Contains(state.Remarks, r => r is { Kind: MigrationKind.Account, IsProblem: true });
        Assert.Single(state.Certificates);
    }

    [Fact]
    public void Secrets_are_overwritten_at_the_end()
    {
        Folder.AddAccount(Server, [1, 2, 3]);
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"));
        ForeignState state = new CertbotTool().Read(_folder.Path);
        state.Dispose();
        Assert.All(state.Certificates.Single().Data, b => Assert.Equal(0, b));
        Assert.All(state.Accounts.Single().Key, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Any_bytes_in_any_file_are_remarks_at_worst()
    {
        Folder.AddAccount(Server, [1, 2, 3]);
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"), "authenticator = dns-cloudflare\ndns_cloudflare_credentials = " + Folder.File("cf.ini"));
        File.WriteAllText(Folder.File("cf.ini"), "dns_cloudflare_api_token = x\n");
        string[] files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);
        Dictionary<string, byte[]> whole = files.ToDictionary(f => f, File.ReadAllBytes);
        uint state = 20261122;
        uint Next() => state = (state * 1664525) + 1013904223;
        for (int round = 0; round < 400; round++)
        {
            string file = files[Next() % files.Length];
            byte[] salad = [.. whole[file]];
            for (int i = 0; i <= Next() % 6 && salad.Length > 0; i++)
            {
                salad[Next() % salad.Length] = (byte)(Next() >> 16);
            }

            File.WriteAllBytes(file, [.. salad.Take((int)(Next() % (salad.Length + 1)))]);
            using (ForeignState read = new CertbotTool().Read(_folder.Path))
            {
                Assert.True(read.Certificates.Count + read.Remarks.Count > 0);
            }

            File.WriteAllBytes(file, whole[file]);
        }
    }

    private ForeignRenewal Read(string settings, string top = "")
    {
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"), settings, top);
        using ForeignState state = new CertbotTool().Read(_folder.Path);
        return state.Certificates.Single().Renewal!;
    }

    private ForeignDnsAccount? Dns(string plugin, string credentials)
    {
        string path = Folder.File(plugin + ".ini");
        File.WriteAllText(path, credentials);
        Folder.Add("www.test", Server, TestPki.Entry("www", "www.test"), $"authenticator = dns-{plugin}\ndns_{plugin}_credentials = {path}");

        // Not disposed: that overwrites what the test looks at.
        return new CertbotTool().Read(_folder.Path).Certificates.Single().Renewal!.DnsAccount;
    }
}
