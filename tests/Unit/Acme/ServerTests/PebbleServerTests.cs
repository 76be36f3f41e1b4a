using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;
using Xunit;

namespace KeyManager.Tests.Acme.ServerTests;

public sealed class PebbleServerTests
{
    [Fact]
    public async Task It_starts_and_shows_its_directory_under_our_root()
    {
        using PebbleServer server = new();
        using HttpClient client = server.NewClient();

        string directory = await client.GetStringAsync(server.DirectoryUrl);

        Assert.Contains($"https://127.0.0.1:{server.DirectoryUrl.Port}/order-plz", directory);
        Assert.Contains("BEGIN CERTIFICATE", System.IO.File.ReadAllText(server.RootPath));
        Assert.Equal(directory.Contains("renewalInfo"), server.HasRenewalInfo);
        Assert.Equal(directory.Contains("\"profiles\""), server.HasProfiles);
        Assert.Contains("BEGIN CERTIFICATE", server.IssuingRoot());
    }

    [Fact]
    public async Task Another_root_is_not_trusted()
    {
        using PebbleServer first = new();
        using PebbleServer second = new();
        using HttpClient client = first.NewClient();

        await client.GetStringAsync(first.DirectoryUrl);
        await Assert.ThrowsAnyAsync<Exception>(() => client.GetStringAsync(second.DirectoryUrl));
    }

    [Fact]
    public void Two_run_side_by_side_and_end()
    {
        PebbleServer first = new();
        PebbleServer second = new();

        Assert.NotEqual(first.DirectoryUrl, second.DirectoryUrl);
        Assert.NotEqual(first.IssuingRoot(), second.IssuingRoot());
        first.Dispose();
        Assert.False(LoopbackPorts.IsOpen(first.DirectoryUrl.Port));
        Assert.Contains("BEGIN CERTIFICATE", second.IssuingRoot());
        second.Dispose();
        Assert.False(LoopbackPorts.IsOpen(second.DirectoryUrl.Port));
    }

    [Fact]
    public async Task Options_reach_it()
    {
        using PebbleServer server = new(new PebbleOptions
        {
            IsStrict = true,
            RequiresExternalAccount = true,
            ExternalAccounts = new Dictionary<string, byte[]> { ["kid-1"] = [.. Enumerable.Range(0, 32).Select(i => (byte)i)] },
            AlternateRoots = 1,
            Profiles = new Dictionary<string, AcmeProfile> { ["brief"] = new("A day", TimeSpan.FromDays(1)) },
            NeverSleeps = true,
            PercentOfNoncesRefused = 0,
        });
        using HttpClient client = server.NewClient();
        string directory = await client.GetStringAsync(server.DirectoryUrl);

        Assert.Matches("\"externalAccountRequired\": ?true", directory);
        Assert.NotEqual(server.IssuingRoot(0), server.IssuingRoot(1));
        Assert.True(!server.HasProfiles || directory.Contains("A day"), directory);
    }

    [Fact]
    public void It_issues_to_the_raw_client_for_a_TXT_record()
    {
        using PebbleServer server = new(new PebbleOptions { NeverSleeps = true, PercentOfNoncesRefused = 0, PercentOfAuthorizationsReused = 0 });
        using RawAcmeClient client = new(server.DirectoryUrl, http: server.NewClient());
        AsymmetricCipherKeyPair pair = CertificateForge.NewKey();
        Assert.Equal(201, client.Register().Status);
        RawReply order = client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("www.contoso.com") + "}");
        RawReply authorization = client.Read(order.Texts("authorizations")[0]);
        RawReply challenge = client.Read(authorization.Challenge("dns-01"));
        AcmeValidation expected = new("dns-01", "dns", "www.contoso.com", false, challenge.Text("token"), challenge.Text("token") + "." + client.Key.Thumbprint, client.Account!);

        server.Dns.SetTxt(expected.RecordName, expected.RecordValue);
        client.Post(challenge.Text("url"), "{}");
        Wait(server, client, order.Location, "ready");
        client.Finalize(order, RawAcmeClient.Csr(pair, null, RawAcmeClient.Dns("www.contoso.com")));
        RawReply done = Wait(server, client, order.Location, "valid");

        X509Certificate certificate = new X509CertificateParser().ReadCertificate(System.Text.Encoding.ASCII.GetBytes(client.Read(done.Text("certificate")).Body));
        Assert.Equal(pair.Public, certificate.GetPublicKey());
        Assert.Contains("\"Valid\"", server.CertificateStatus(certificate.SerialNumber.ToString(16)));
        Assert.Contains("_acme-challenge.www.contoso.com", server.Dns.DnsHistory(expected.RecordName));
    }

    private static RawReply Wait(PebbleServer server, RawAcmeClient client, string order, string status)
    {
        RawReply reply = client.Read(order);
        for (int i = 0; i < 200 && reply.Text("status") is "pending" or "processing"; i++)
        {
            System.Threading.Thread.Sleep(50);
            reply = client.Read(order);
        }

        Assert.True(reply.Text("status") == status, reply.Body + "\n" + server.Log);
        return reply;
    }
}
