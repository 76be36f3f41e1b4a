using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>Keys as JSON (RFC 7517, RFC 7518 §6, RFC 8037 §2).</summary>
internal static class JsonWebKey
{
    private static readonly string[] Curves = ["P-256", "P-384", "P-521"];

    /// <summary>The public key; its members are in the order that a thumbprint wants (RFC 7638 §3.2), so that its text is what is hashed.</summary>
    public static JObject WritePublic(byte[] subjectPublicKeyInfo) => PublicKey.Decode(subjectPublicKeyInfo) switch
    {
        ECPublicKeyParameters ec => new JObject
        {
            ["crv"] = "P-" + ec.Parameters.Curve.FieldSize,
            ["kty"] = "EC",
            ["x"] = Base64Url.Encode(ec.Q.Normalize().AffineXCoord.GetEncoded()),
            ["y"] = Base64Url.Encode(ec.Q.Normalize().AffineYCoord.GetEncoded()),
        },
        RsaKeyParameters rsa => new JObject { ["e"] = Number(rsa.Exponent), ["kty"] = "RSA", ["n"] = Number(rsa.Modulus) },
        Ed25519PublicKeyParameters ed => new JObject { ["crv"] = "Ed25519", ["kty"] = "OKP", ["x"] = Base64Url.Encode(ed.GetEncoded()) },
        _ => throw new ArgumentException("The key is of no kind that JSON Web Keys write.", nameof(subjectPublicKeyInfo)),
    };

    /// <summary>SHA-256 over the public members (RFC 7638).</summary>
    public static byte[] Thumbprint(JObject publicKey) => Hashes.Sha256(Encoding.UTF8.GetBytes(publicKey.ToString(Formatting.None)));

    /// <summary>The private key.</summary>
    public static JObject WritePrivate(byte[] pkcs8)
    {
        PrivateKey key = PrivateKey.Decode(pkcs8, isOurs: true);
        JObject jwk = WritePublic(key.SubjectPublicKeyInfo);
        switch (key.Parameters)
        {
            case ECPrivateKeyParameters ec:
                byte[] value = ec.D.ToByteArrayUnsigned();
                byte[] padded = new byte[EcCurve.OfLength(key.Spec.Length).ByteLength];
                value.CopyTo(padded, padded.Length - value.Length);
                jwk["d"] = Base64Url.Encode(padded);
                break;
            case Ed25519PrivateKeyParameters ed:
                jwk["d"] = Base64Url.Encode(ed.GetEncoded());
                break;
            case RsaPrivateCrtKeyParameters rsa:
                jwk["d"] = Number(rsa.Exponent);
                jwk["p"] = Number(rsa.P);
                jwk["q"] = Number(rsa.Q);
                jwk["dp"] = Number(rsa.DP);
                jwk["dq"] = Number(rsa.DQ);
                jwk["qi"] = Number(rsa.QInv);
                break;
        }

        return jwk;
    }

    /// <summary>Reads a private key; PKCS#8.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="UnusableBytesException">KmKeyTooWeak, or numbers that do not fit together.</exception>
    public static byte[] ReadPrivate(JObject jwk)
    {
        switch ((string?)jwk["kty"])
        {
            case "EC":
                int curve = Array.IndexOf(Curves, (string?)jwk["crv"]);
                return curve < 0
                    ? throw new FormatException("The curve of the key is not P-256, P-384 or P-521.")
                    : PrivateKey.FromEc(EcCurve.OfLength(curve == 0 ? 256 : curve == 1 ? 384 : 521), ReadNumber(jwk, "d")).Pkcs8;
            case "OKP" when (string?)jwk["crv"] == "Ed25519":
                return PrivateKey.FromEd25519(ReadBytes(jwk, "d")).Pkcs8;
            case "RSA":
                RsaPrivateCrtKeyParameters rsa = new(
                    ReadNumber(jwk, "n"), ReadNumber(jwk, "e"), ReadNumber(jwk, "d"), ReadNumber(jwk, "p"), ReadNumber(jwk, "q"), ReadNumber(jwk, "dp"), ReadNumber(jwk, "dq"), ReadNumber(jwk, "qi"));

                // Written and read again: reading is what finds numbers that do not fit together.
                return PrivateKey.Decode(PrivateKey.FromRsa(rsa).Pkcs8).Pkcs8;
            default:
                throw new FormatException("The kind of the key is not EC, RSA or OKP.");
        }
    }

    private static string Number(BigInteger number) => Base64Url.Encode(number.ToByteArrayUnsigned());

    private static BigInteger ReadNumber(JObject jwk, string name) => new(1, ReadBytes(jwk, name));

    private static byte[] ReadBytes(JObject jwk, string name) =>
        jwk[name] is JValue { Value: string text } && text.Length > 0 ? Base64Url.Decode(text) : throw new FormatException($"The key has no member '{name}'.");
}
