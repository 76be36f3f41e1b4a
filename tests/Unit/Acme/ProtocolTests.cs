using System;
using System.Linq;
using System.Text;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using KeyManager.Tests.Support;
using Newtonsoft.Json.Linq;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>The protocol layer against the examples of the standards.</summary>
public sealed class ProtocolTests
{
    // RFC 7515 A.2 and A.3 sign the same text.
    private const string Text = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void RSA_signs_as_in_RFC_7515_A_2()
    {
        BigInteger p = Number("4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc");
        BigInteger q = Number("uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc");
        BigInteger d = Number("Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ");
        JObject jwk = new()
        {
            ["kty"] = "RSA",
            ["n"] = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
            ["e"] = "AQAB",
            ["d"] = Text64(d),
            ["p"] = Text64(p),
            ["q"] = Text64(q),
            ["dp"] = Text64(d.Mod(p.Subtract(BigInteger.One))),
            ["dq"] = Text64(d.Mod(q.Subtract(BigInteger.One))),
            ["qi"] = Text64(q.ModInverse(p)),
        };
        AccountKey key = AccountKey.FromPkcs8(JsonWebKey.ReadPrivate(jwk));
        Assert.Equal("RS256", key.Algorithm);
        Assert.Equal(
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            Base64Url.Encode(key.Sign(Encoding.ASCII.GetBytes("eyJhbGciOiJSUzI1NiJ9." + Text))));
        Assert.Equal(jwk.Properties().OrderBy(m => m.Name, StringComparer.Ordinal), JsonWebKey.WritePrivate(JsonWebKey.ReadPrivate(jwk)).Properties().OrderBy(m => m.Name, StringComparer.Ordinal), JToken.EqualityComparer);
    }

    [Fact]
    public void ECDSA_signs_as_in_RFC_7515_A_3()
    {
        JObject jwk = new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            ["y"] = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
            ["d"] = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
        };
        AccountKey key = AccountKey.FromPkcs8(JsonWebKey.ReadPrivate(jwk));
        Assert.Equal(("ES256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), (key.Algorithm, (string?)key.Jwk["x"]));
        byte[] signed = Encoding.ASCII.GetBytes("eyJhbGciOiJFUzI1NiJ9." + Text);
        Assert.True(Verifies(key, signed, Base64Url.Decode("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")));
        for (int i = 0; i < 300; i++)
        {
            // Among so many there are numbers that are shorter than the curve.
            byte[] signature = key.Sign(signed);
            Assert.Equal(64, signature.Length);
            Assert.True(Verifies(key, signed, signature));
        }
    }

    [Fact]
    public void Ed25519_signs_as_in_RFC_8037_A()
    {
        JObject jwk = new() { ["kty"] = "OKP", ["crv"] = "Ed25519", ["d"] = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", ["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
        AccountKey key = AccountKey.FromPkcs8(JsonWebKey.ReadPrivate(jwk));
        Assert.Equal(("EdDSA", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"), (key.Algorithm, key.Thumbprint));
        Assert.Equal(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            Base64Url.Encode(key.Sign(Encoding.ASCII.GetBytes("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"))));
    }

    [Fact]
    public void A_thumbprint_is_that_of_RFC_7638()
    {
        const string Modulus = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        byte[] key = PublicKey.EncodeRsa(Number(Modulus), Number("AQAB"));
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Base64Url.Encode(JsonWebKey.Thumbprint(JsonWebKey.WritePublic(key))));
    }

    [Fact]
    public void A_certificate_is_named_as_in_RFC_9773()
    {
        byte[] der = Convert.FromBase64String(
            "MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFtcGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDASBgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu"
            + "7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFfqzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4ByNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb"
            + "+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK");
        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", RenewalInfoResource.Identify(der));
    }

    [Fact]
    public void An_account_has_the_label_of_the_draft() => Assert.Equal(
        "_ujmmovf2vn55tgye._acme-challenge.example.org", ProofText.AccountRecordName("example.org", "https://example.com/acme/acct/ExampleAccount"));

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 0 ", 0)]
    [InlineData("Sat, 21 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Sat, 21 Nov 2026 11:59:30 GMT", -30)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Retry_After_is_read_in_both_forms(string? value, int? seconds) =>
        Assert.Equal(seconds is int s ? Now.AddSeconds(s) : null, RetryAfter.Read(value, Now));

    [Fact]
    public void Links_are_found_by_their_relation()
    {
        string[] values = ["<https://ca/dir>;rel=\"index\", </alt/1>; rel=\"alternate\"", "<alt/2>;title=\"a, b\"; rel=alternate", "nonsense"];
        Assert.Equal(["https://ca/alt/1", "https://ca/cert/alt/2"], HeaderValues.ReadLinks(values, "alternate", new Uri("https://ca/cert/7")).Select(u => u.AbsoluteUri));
    }

    [Fact]
    public void A_directory_puts_up_with_what_it_does_not_know()
    {
        JObject json = JObject.Parse("{\"newNonce\": \"/nonce\", \"newOrder\": 7, \"newAccount\": \"mailto:x\", \"xyz\": {\"a\": 1}, \"meta\": {\"caaIdentities\": [\"ca.test\", 5], \"profiles\": {\"p\": {}, \"q\": \"Q\"}, \"externalAccountRequired\": \"yes\"}}");
        DirectoryResource directory = DirectoryResource.Read(json, new Uri("https://ca/directory"));
        Assert.Equal(("https://ca/nonce", null, null, false), (directory.NewNonce?.AbsoluteUri, directory.NewOrder, directory.NewAccount, directory.ExternalAccountRequired));
        Assert.Equal("ca.test", Assert.Single(directory.CaaIdentities));
        Assert.Equal(("", "Q"), (directory.Profiles["p"], directory.Profiles["q"]));
    }

    [Theory]
    [InlineData("{\"suggestedWindow\": {\"start\": \"2026-12-01T00:00:00Z\", \"end\": \"2026-12-03T00:00:00Z\"}}", true)]
    [InlineData("{\"suggestedWindow\": {\"start\": \"2026-12-03T00:00:00Z\", \"end\": \"2026-12-01T00:00:00Z\"}}", false)]
    [InlineData("{\"suggestedWindow\": {\"start\": \"whenever\", \"end\": 5}}", false)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("<html>", false)]
    public void A_window_is_one_or_it_is_none(string body, bool isWindow)
    {
        RenewalWindow? window = RenewalInfoResource.Read(JsonReading.Parse(Encoding.UTF8.GetBytes(body)), null, Now);
        Assert.Equal(isWindow, window is not null);
        Assert.Equal(isWindow ? Now.AddHours(6) : null, window?.AskAgainAt);
    }

    [Fact]
    public void Nested_and_endless_JSON_is_no_answer()
    {
        Assert.Null(JsonReading.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)))));
        Assert.Null(JsonReading.Parse([]));
        Assert.Null(JsonReading.Parse([0xFF, 0xFE, 0x00]));
    }

    [Fact]
    public void A_problem_says_what_each_name_has()
    {
        ProblemDocument problem = ProblemDocument.Read(JObject.Parse(
            "{\"type\": \"urn:ietf:params:acme:error:malformed\", \"detail\": \"Some of the identifiers requested were rejected\", \"subproblems\": ["
            + "{\"type\": \"urn:ietf:params:acme:error:malformed\", \"detail\": \"Invalid underscore in DNS name\", \"identifier\": {\"type\": \"dns\", \"value\": \"_example.org\"}},"
            + "{\"type\": \"urn:ietf:params:acme:error:rejectedIdentifier\", \"detail\": \"This CA will not issue for \\\"example.net\\\"\", \"identifier\": {\"type\": \"dns\", \"value\": \"example.net\"}}]}"))!;
        Assert.Equal(
            "Some of the identifiers requested were rejected (malformed): _example.org: Invalid underscore in DNS name (malformed); example.net: This CA will not issue for \"example.net\" (rejectedIdentifier)",
            problem.ToString());
    }

    private static bool Verifies(AccountKey key, byte[] data, byte[] signature)
    {
        Org.BouncyCastle.Asn1.X9.X9ECParameters curve = Org.BouncyCastle.Asn1.Sec.SecNamedCurves.GetByName("secp256r1");
        ECDsaSigner signer = new();
        signer.Init(false, new ECPublicKeyParameters(
            curve.Curve.CreatePoint(Number((string)key.Jwk["x"]!), Number((string)key.Jwk["y"]!)), new ECDomainParameters(curve.Curve, curve.G, curve.N, curve.H)));
        return signer.VerifySignature(Hashes.Sha256(data), new BigInteger(1, signature, 0, 32), new BigInteger(1, signature, 32, 32));
    }

    private static BigInteger Number(string text) => new(1, Base64Url.Decode(text));

    private static string Text64(BigInteger number) => Base64Url.Encode(number.ToByteArrayUnsigned());
}
