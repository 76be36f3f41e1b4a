using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>Each rule of RFC 8555 that the server watches is broken once.</summary>
public sealed class StrictnessTests
{
    private static readonly string Order = "{" + RawAcmeClient.Identifiers("www.contoso.com") + "}";

    /// <summary>What is wrong with a newOrder request that is right otherwise, and the type of the error.</summary>
    private static readonly Dictionary<string, (string Problem, Action<RawDraft> Spoil)> Requests = new()
    {
        ["algorithm none"] = ("badSignatureAlgorithm", draft => draft.Header["alg"] = "\"none\""),
        ["a MAC"] = ("badSignatureAlgorithm", draft => draft.Header["alg"] = "\"HS256\""),
        ["EdDSA when it is not served"] = ("badSignatureAlgorithm", draft => draft.Header["alg"] = "\"EdDSA\""),
        ["the algorithm of another key"] = ("malformed", draft => draft.Header["alg"] = "\"RS256\""),
        ["no algorithm"] = ("malformed", draft => draft.Header.Remove("alg")),
        ["padding in the header"] = ("malformed", draft => draft.Protected = text => text + "="),
        ["a line break in the payload"] = ("malformed", draft => draft.EncodedPayload = text => text.Insert(8, "\\n")),
        ["the other alphabet in the signature"] = ("malformed", draft => draft.EncodedSignature = text => "+" + text.Substring(1)),
        ["left-over bits in the payload"] = ("malformed", draft =>
        {
            draft.Payload = "{}";
            draft.EncodedPayload = _ => "e31";
        }),
        ["an unknown nonce"] = ("badNonce", draft => draft.Header["nonce"] = "\"abcdefgh\""),
        ["no nonce"] = ("badNonce", draft => draft.Header.Remove("nonce")),
        ["a nonce that is not base64url"] = ("malformed", draft => draft.Header["nonce"] = "\"a b\""),
        ["another address"] = ("unauthorized", draft => draft.Header["url"] = "\"http://127.0.0.1/v9/ask\""),
        ["no address"] = ("malformed", draft => draft.Header.Remove("url")),
        ["one more member in the header"] = ("malformed", draft => draft.Header["typ"] = "\"JWT\""),
        ["a member of the header twice"] = ("malformed", draft => draft.Header["alg"] += ",\"alg\":\"ES256\""),
        ["kid and jwk"] = ("malformed", draft => draft.Header["jwk"] = RawKey.Ec().Jwk),
        ["neither kid nor jwk"] = ("malformed", draft => draft.Header.Remove("kid")),
        ["jwk in place of kid"] = ("malformed", draft =>
        {
            draft.Header.Remove("kid");
            draft.Header["jwk"] = RawKey.Ec().Jwk;
        }),
        ["a wrong signature"] = ("malformed", draft => draft.Signature = octets => [.. octets.Skip(1), (byte)(octets[0] ^ 1)]),
        ["a signature in DER"] = ("malformed", draft => draft.Signature = octets => [0x30, 0x44, 2, 32, .. octets.Take(32), 2, 32, .. octets.Skip(32)]),
        ["a short signature"] = ("malformed", draft => draft.Signature = octets => [.. octets.Take(63)]),
        ["JSON's media type"] = ("malformed", draft => draft.ContentType = "application/json"),
        ["a parameter of the media type"] = ("malformed", draft => draft.ContentType = "application/jose+json; charset=utf-8"),
        ["no user agent"] = ("malformed", draft => draft.UserAgent = ""),
        ["an unprotected header"] = ("malformed", draft => draft.Body = text => text.Replace("\"payload\"", "\"header\":{},\"payload\"")),
        ["general serialization"] = ("malformed", draft => draft.Body = text => text.Replace("\"signature\"", "\"signatures\"")),
        ["a message that is no JSON"] = ("malformed", draft => draft.Body = text => text + ","),
        ["an unknown member of the payload"] = ("malformed", draft => draft.Payload = Order.Replace("}]}", "}],\"resource\":\"new-order\"}")),
        ["a member of the payload with another type"] = ("malformed", draft => draft.Payload = "{\"identifiers\":\"www.contoso.com\"}"),
        ["a comment in the payload"] = ("malformed", draft => draft.Payload = Order + "/* thanks */"),
        ["an empty payload"] = ("malformed", draft => draft.Payload = ""),
        ["no identifier"] = ("malformed", draft => draft.Payload = "{\"identifiers\":[]}"),
        ["an identifier twice"] = ("malformed", draft => draft.Payload = "{" + RawAcmeClient.Identifiers("a.example", "a.example") + "}"),
        ["upper case"] = ("malformed", draft => draft.Payload = "{" + RawAcmeClient.Identifiers("WWW.contoso.com") + "}"),
        ["Unicode"] = ("malformed", draft => draft.Payload = "{" + RawAcmeClient.Identifiers("b\u00fccher.example") + "}"),
        ["a final dot"] = ("malformed", draft => draft.Payload = "{" + RawAcmeClient.Identifiers("www.contoso.com.") + "}"),
        ["an address as a DNS name"] = ("malformed", draft => draft.Payload = "{" + RawAcmeClient.Identifiers("192.0.2.1") + "}"),
        ["an address in another form"] = ("malformed", draft => draft.Payload = "{\"identifiers\":[{\"type\":\"ip\",\"value\":\"2001:0DB8::1\"}]}"),
        ["a date without a zone"] = ("malformed", draft => draft.Payload = Order.Replace("}]}", "}],\"notAfter\":\"2026-03-02T00:00:00\"}")),
    };

    /// <summary>What is wrong with a registration.</summary>
    private static readonly Dictionary<string, (string Problem, Action<RawDraft> Spoil)> Registrations = new()
    {
        ["a private member in the key"] = ("malformed", draft => draft.Header["jwk"] = draft.Header["jwk"].Replace("}", ",\"d\":\"AAAA\"}")),
        ["a member of no use in the key"] = ("malformed", draft => draft.Header["jwk"] = draft.Header["jwk"].Replace("}", ",\"use\":\"sig\"}")),
        ["a short coordinate"] = ("malformed", draft => draft.Header["jwk"] = Regex.Replace(draft.Header["jwk"], "\"x\":\"[^\"]*", "\"x\":\"AAAA")),
        ["a point off the curve"] = ("badPublicKey", draft => draft.Header["jwk"] = "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"" + new string('A', 42) + "E\",\"y\":\"" + new string('A', 42) + "E\"}"),
        ["an unknown curve"] = ("badPublicKey", draft => draft.Header["jwk"] = draft.Header["jwk"].Replace("P-256", "secp256k1")),
        ["a symmetric key"] = ("badPublicKey", draft => draft.Header["jwk"] = "{\"kty\":\"oct\",\"k\":\"AAAA\"}"),
        ["kid"] = ("malformed", draft =>
        {
            draft.Header.Remove("jwk");
            draft.Header["kid"] = "\"http://127.0.0.1/who/1\"";
        }),
        ["text for true"] = ("malformed", draft => draft.Payload = "{\"termsOfServiceAgreed\":\"true\"}"),
        ["contact as text"] = ("malformed", draft => draft.Payload = "{\"termsOfServiceAgreed\":true,\"contact\":\"mailto:a@b.example\"}"),
        ["a status"] = ("malformed", draft => draft.Payload = "{\"termsOfServiceAgreed\":true,\"status\":\"valid\"}"),
    };

    public static TheoryData<string> RequestNames => [.. Requests.Keys];

    public static TheoryData<string> RegistrationNames => [.. Registrations.Keys];

    [Theory]
    [MemberData(nameof(RequestNames))]
    public void A_request_is_refused_for(string what)
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();

        RawReply reply = client.Post(client.Url("newOrder"), Order, Requests[what].Spoil);

        Assert.Equal(Requests[what].Problem, reply.Problem);
        Assert.Single(server.Violations);
        Assert.Empty(server.Orders);
    }

    [Theory]
    [MemberData(nameof(RegistrationNames))]
    public void A_registration_is_refused_for(string what)
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);

        RawReply reply = client.Register(spoil: Registrations[what].Spoil);

        Assert.Equal(Registrations[what].Problem, reply.Problem);
        Assert.Single(server.Violations);
        Assert.Empty(server.Accounts);
    }

    [Fact]
    public void RSA_keys_are_long_enough_and_written_without_leading_zero()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory, RawKey.Rsa(1024));

        Assert.Equal("badPublicKey", client.Register().Problem);

        client.Key = RawKey.Rsa();
        Assert.Equal("malformed", client.Register(spoil: draft => draft.Header["jwk"] = draft.Header["jwk"].Replace("AQAB", "AAEAAQ")).Problem);
        Assert.Equal(2, server.Violations.Count);
        Assert.Equal(201, client.Register().Status);
    }

    [Fact]
    public void A_nonce_is_good_once()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        string nonce = client.TakeNonce();
        void UseIt(RawDraft draft) => draft.Header["nonce"] = $"\"{nonce}\"";

        Assert.Equal(201, client.Post(client.Url("newOrder"), Order, UseIt).Status);
        Assert.Equal("badNonce", client.Post(client.Url("newOrder"), Order, UseIt).Problem);
        Assert.Contains("used before", Assert.Single(server.Violations));
    }

    [Fact]
    public void What_needs_a_signature_is_not_had_with_GET()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.Post(client.Url("newOrder"), Order);

        Assert.Equal(405, client.Get(order.Location).Status);
        Assert.Equal(405, client.Get(order.Texts("authorizations")[0]).Status);
        Assert.Equal(405, client.Get(client.Url("newAccount")).Status);
        Assert.Equal(404, client.Get(order.Location.Replace("/asked/", "/order/")).Status);
        Assert.Equal(4, server.Violations.Count);
    }

    [Fact]
    public void Reading_has_an_empty_payload_and_a_challenge_an_empty_object()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.Post(client.Url("newOrder"), Order);
        string challenge = client.Read(order.Texts("authorizations")[0]).Challenge("dns-01");

        Assert.Equal("malformed", client.Post(order.Location, "{}").Problem);
        Assert.Equal("malformed", client.Post(challenge, "{\"keyAuthorization\":\"a.b\"}").Problem);
        Assert.Equal("malformed", client.Post(challenge, "[]").Problem);
        Assert.Equal("malformed", client.Post(order.Texts("authorizations")[0], "{\"status\":\"valid\"}").Problem);
        Assert.Equal(4, server.Violations.Count);
        Assert.Equal(200, client.Post(challenge, "{}").Status);
    }

    [Fact]
    public void An_order_is_finalized_when_it_is_ready()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.Post(client.Url("newOrder"), Order);

        Assert.Equal("orderNotReady", client.Finalize(order, RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("www.contoso.com"))).Problem);
        Assert.Single(server.Violations);
    }

    [Fact]
    public void A_certificate_request_has_the_names_of_the_order()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.OrderReady(RawAcmeClient.Identifiers("a.example", "b.example"));
        string good = RawAcmeClient.Csr(CertificateForge.NewKey(), "b.example", RawAcmeClient.Dns("a.example", "b.example"));
        string[] bad =
        [
            RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("a.example")),
            RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("a.example", "b.example", "c.example")),
            RawAcmeClient.Csr(CertificateForge.NewKey(), "c.example", RawAcmeClient.Dns("a.example", "b.example")),
            RawAcmeClient.Csr(CertificateForge.NewKey(), "192.0.2.1", RawAcmeClient.Dns("a.example", "b.example")),
            RawAcmeClient.Encode("-----BEGIN CERTIFICATE REQUEST-----"),
            good.Substring(0, good.Length - 8) + "AAAAAAAA",
        ];

        Assert.All(bad, csr => Assert.Equal("badCSR", client.Finalize(order, csr).Problem));
        Assert.Equal("malformed", client.Finalize(order, good + "=").Problem);
        Assert.Equal("malformed", client.Post(order.Text("finalize"), $$"""{"csr":"{{good}}","key":1}""").Problem);
        Assert.Equal(bad.Length + 2, server.Violations.Count);
        Assert.Equal("valid", client.Finalize(order, good).Text("status"));
        Assert.Equal((bad.Length + 3, 1), (server.Orders[0].FinalizeAttempts, server.Orders[0].Finalizations));
    }

    [Fact]
    public void The_key_of_an_account_gets_no_certificate()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        RawReply order = client.OrderReady(RawAcmeClient.Identifiers("a.example"));
        Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair pair = CertificateForge.NewKey();
        using RawAcmeClient other = new(server.Directory, RawKey.Of(pair));
        other.Register();

        Assert.Equal("badCSR", client.Finalize(order, RawAcmeClient.Csr(pair, null, RawAcmeClient.Dns("a.example"))).Problem);
        Assert.Single(server.Violations);
    }

    [Fact]
    public void A_renewal_is_asked_for_by_the_exact_name()
    {
        using StrictAcmeServer server = new();
        using RawAcmeClient client = new(server.Directory);
        client.Register();
        client.Obtain("a.example");
        string url = client.Url("renewalInfo") + "/";
        string name = server.Certificates[0].CertId;

        Assert.Equal(200, client.Get(url + name).Status);
        Assert.All([name + "=", name.Replace(".", "/"), name.Split('.')[0], name.Replace(".", ".AAAA")], wrong => Assert.Equal(400, client.Get(url + wrong).Status));
        Assert.Equal(4, server.Violations.Count);
        Assert.Equal(405, client.Post(url + name, "").Status);
    }
}
