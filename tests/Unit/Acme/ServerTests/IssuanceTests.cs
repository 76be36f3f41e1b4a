using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;
using Xunit;

namespace KeyManager.Tests.Acme.ServerTests;

public sealed class IssuanceTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public void The_whole_way_leads_to_a_certificate()
    {
        using StrictAcmeServer server = new(_clock);
        List<AcmeValidation> seen = [];
        server.Validate = validation =>
        {
            seen.Add(validation);
            return null;
        };
        using RawAcmeClient client = new(server.Directory);
        client.Register();

        RawReply order = client.Obtain("contoso.com", "*.contoso.com");

        RawReply chain = client.Read(order.Text("certificate"));
        X509Certificate[] certificates = Read(chain.Body);
        certificates[0].Verify(certificates[1].GetPublicKey());
        certificates[1].Verify(new X509CertificateParser().ReadCertificate(server.Roots[0]).GetPublicKey());
        Assert.Equal(_clock.UtcNow.AddDays(90).AddHours(-1).AddSeconds(-1).UtcDateTime, certificates[0].NotAfter.ToUniversalTime());
        X509Certificate[] alternate = Read(client.Read(chain.Link("alternate")).Body);
        Assert.Equal(certificates[0], alternate[0]);
        alternate[1].Verify(new X509CertificateParser().ReadCertificate(server.Roots[1]).GetPublicKey());

        Assert.Equal([false, true], seen.Select(validation => validation.IsWildcard).Order());
        Assert.All(seen, validation => Assert.Equal(("dns-01", "contoso.com", validation.Token + "." + client.Key.Thumbprint), (validation.Type, validation.Identifier, validation.KeyAuthorization)));
        Assert.Equal("valid", Assert.Single(server.Orders).Status);
        Assert.Equal((1, 2, 1), (server.CountOf(AcmeResource.Finalize), server.Certificates[0].Downloads, server.CountOf(AcmeResource.NewOrder)));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void An_address_is_certified()
    {
        using StrictAcmeServer server = new(_clock);
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.OrderReady("\"identifiers\":[{\"type\":\"ip\",\"value\":\"2001:db8::1\"},{\"type\":\"ip\",\"value\":\"192.0.2.1\"}]", "http-01");

        RawReply done = client.Finalize(order, RawAcmeClient.Csr(
            CertificateForge.NewKey(), null, new GeneralName(GeneralName.IPAddress, "2001:db8::1"), new GeneralName(GeneralName.IPAddress, "192.0.2.1")));

        Assert.Equal("valid", done.Text("status"));
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void Challenges_suit_the_name()
    {
        using StrictAcmeServer server = new(_clock);
        server.Policy.ChallengeTypes.AddRange(["dns-account-01", "dns-persist-01", "device-attest-77"]);
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        string[] Offered(string identifier)
        {
            RawReply order = client.Post(client.Url("newOrder"), $$"""{"identifiers":[{{identifier}}]}""");
            string body = client.Read(order.Texts("authorizations")[0]).Body;
            return [.. Regex.Matches(body, "\"type\":\"([a-z]+-[^\"]*)\"").Cast<Match>().Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        }

        Assert.Equal(["device-attest-77", "dns-01", "dns-account-01", "dns-persist-01", "http-01", "tls-alpn-01"], Offered("{\"type\":\"dns\",\"value\":\"a.example\"}"));
        Assert.Equal(["dns-01", "dns-account-01", "dns-persist-01"], Offered("{\"type\":\"dns\",\"value\":\"*.a.example\"}"));
        Assert.Equal(["http-01", "tls-alpn-01"], Offered("{\"type\":\"ip\",\"value\":\"192.0.2.1\"}"));
    }

    [Fact]
    public void A_failed_challenge_fails_the_order()
    {
        using StrictAcmeServer server = new(_clock) { Validate = validation => validation.Identifier == "b.example" ? "dns: no TXT record" : null };
        using RawAcmeClient client = new(server.Directory);
        client.Register();

        RawReply order = client.Read(client.OrderReady(RawAcmeClient.Identifiers("a.example", "b.example")).Location);

        Assert.Equal("invalid", order.Text("status"));
        Assert.Contains("urn:ietf:params:acme:error:dns", order.Body);
        ServedAuthorization failed = server.Authorizations.Single(known => known.Identifier.Value == "b.example");
        RawReply authorization = client.Read(failed.Url);
        Assert.Equal("no TXT record", authorization.Text("detail"));
        Assert.Equal("", authorization.Challenge("http-01"));
        Assert.Equal("orderNotReady", client.Finalize(order, RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("a.example", "b.example"))).Problem);
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void Time_ends_orders_and_deactivation_ends_authorizations()
    {
        using StrictAcmeServer server = new(_clock);
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply first = client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example") + "}");
        RawReply second = client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("b.example") + "}");

        Assert.Equal("deactivated", client.Post(second.Texts("authorizations")[0], "{\"status\":\"deactivated\"}").Text("status"));
        Assert.Equal("invalid", client.Read(second.Location).Text("status"));
        Assert.Equal("pending", client.Read(first.Location).Text("status"));
        _clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal("invalid", client.Read(first.Location).Text("status"));
    }

    [Fact]
    public void A_valid_authorization_serves_again_when_the_policy_says_so()
    {
        using StrictAcmeServer server = new(_clock) { Policy = { ReusesAuthorizations = true } };
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        client.Obtain("a.example");

        Assert.Equal("ready", client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example") + "}").Text("status"));
        Assert.Equal("pending", client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example", "b.example") + "}").Text("status"));
        Assert.Equal(2, server.Authorizations.Count);
    }

    [Fact]
    public void A_profile_sets_the_life_of_the_certificate()
    {
        using StrictAcmeServer server = new(_clock);
        server.Policy.Profiles["shortlived"] = new AcmeProfile("Six days", TimeSpan.FromDays(6), MostNames: 1, HasCommonName: false);
        using RawAcmeClient client = new(server.Directory);
        client.Register();

        Assert.Contains("\"profiles\":{\"shortlived\":\"Six days\"}", client.Get(server.Directory.AbsoluteUri).Body);
        Assert.Equal("invalidProfile", client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example") + ",\"profile\":\"classic\"}").Problem);
        Assert.Equal("malformed", client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example", "b.example") + ",\"profile\":\"shortlived\"}").Problem);
        RawReply order = client.OrderReady(RawAcmeClient.Identifiers("a.example") + ",\"profile\":\"shortlived\"");
        client.Finalize(order, RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("a.example")));

        ServedCertificate certificate = Assert.Single(server.Certificates);
        Assert.Equal(TimeSpan.FromDays(6), certificate.NotAfter.AddSeconds(1) - certificate.NotBefore);
        Assert.Empty(server.Violations);
    }

    [Fact]
    public void Revocation_takes_the_account_or_the_key_of_the_certificate()
    {
        using StrictAcmeServer server = new(_clock);
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        AsymmetricCipherKeyPair pair = CertificateForge.NewKey();
        client.Finalize(client.OrderReady(RawAcmeClient.Identifiers("a.example")), RawAcmeClient.Csr(pair, null, RawAcmeClient.Dns("a.example")));
        client.Obtain("b.example");
        string Body(int index, string more = "") => $$"""{"certificate":"{{RawAcmeClient.Encode(server.Certificates[index].Der)}}"{{more}}}""";
        using RawAcmeClient stranger = new(server.Directory);
        stranger.Register();

        Assert.Equal("unauthorized", stranger.Post(client.Url("revokeCert"), Body(0)).Problem);
        Assert.Equal("badRevocationReason", client.Post(client.Url("revokeCert"), Body(1, ",\"reason\":7")).Problem);
        Assert.Equal(200, client.Post(client.Url("revokeCert"), Body(1, ",\"reason\":1")).Status);
        Assert.Equal("alreadyRevoked", client.Post(client.Url("revokeCert"), Body(1)).Problem);
        stranger.Key = RawKey.Of(pair);
        Assert.Equal(200, stranger.Post(client.Url("revokeCert"), Body(0), draft =>
        {
            draft.Header.Remove("kid");
            draft.Header["jwk"] = stranger.Key.Jwk;
        }).Status);

        Assert.Equal([(true, null), (true, 1)], server.Certificates.Select(certificate => (certificate.IsRevoked, certificate.RevocationReason)));
        Assert.Empty(server.Violations);
        Assert.Equal("malformed", client.Post(client.Url("revokeCert"), Body(1, ",\"reason\":\"keyCompromise\"")).Problem);
        Assert.Single(server.Violations);
    }

    [Fact]
    public void A_certificate_is_replaced_once()
    {
        using StrictAcmeServer server = new(_clock);
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        client.Obtain("a.example");
        string certId = server.Certificates[0].CertId;
        RawReply Replace(string name, string what) => client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers(name) + $",\"replaces\":\"{what}\"}}");

        Assert.Equal((404, "malformed"), (Replace("a.example", certId.Split('.')[0] + ".AQ").Status, Replace("a.example", certId.Split('.')[0] + ".AQ").Problem));
        Assert.Equal("malformed", Replace("b.example", certId).Problem);
        Assert.Empty(server.Violations);
        RawReply good = Replace("a.example", certId);
        Assert.Equal((201, certId), (good.Status, good.Text("replaces")));
        RawReply again = Replace("a.example", certId);
        Assert.Equal((409, "alreadyReplaced"), (again.Status, again.Problem));
        client.Post(good.Texts("authorizations")[0], "{\"status\":\"deactivated\"}");
        client.Read(good.Location);
        Assert.Equal(201, Replace("a.example", certId).Status);
        Assert.Equal("malformed", Replace("a.example", "abc").Problem);
        Assert.Single(server.Violations);
    }

    private static X509Certificate[] Read(string pem) =>
        [.. Regex.Matches(pem, "-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----").Cast<Match>().Select(match => new X509CertificateParser().ReadCertificate(Convert.FromBase64String(match.Groups[1].Value)))];
}
