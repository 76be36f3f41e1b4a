using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A public key as RFC 7517 and RFC 8037 write it, with its only signature algorithm in ACME.</summary>
internal sealed class Jwk
{
    private static readonly Dictionary<string, (int Size, string Algorithm, string Digest)> Curves = new()
    {
        ["P-256"] = (32, "ES256", "SHA-256"),
        ["P-384"] = (48, "ES384", "SHA-384"),
        ["P-521"] = (66, "ES512", "SHA-512"),
    };

    private readonly AsymmetricKeyParameter _key;
    private readonly string _curve;

    private Jwk(AsymmetricKeyParameter key, string algorithm, string curve, Dictionary<string, object?> members)
    {
        _key = key;
        _curve = curve;
        Algorithm = algorithm;
        Members = members;
        Thumbprint = Base64Url.Encode(SHA256Of(StrictJson.Write(members)));
    }

    public string Algorithm { get; }

    /// <summary>The members that RFC 7638 counts, in its order.</summary>
    public IReadOnlyDictionary<string, object?> Members { get; }

    public string Thumbprint { get; }

    /// <summary>"EC P-256", "RSA 2048" or "OKP Ed25519".</summary>
    public string Description => _key is RsaKeyParameters rsa ? "RSA " + rsa.Modulus.BitLength : _curve == "Ed25519" ? "OKP Ed25519" : "EC " + _curve;

    public static Jwk Parse(object? value, string what)
    {
        string type = (value as Dictionary<string, object?>)?.TryGetValue("kty", out object? kty) == true ? kty as string ?? "" : "";
        string[] names = type switch
        {
            "EC" => ["kty", "crv", "x", "y"],
            "RSA" => ["kty", "n", "e"],
            "OKP" => ["kty", "crv", "x"],
            _ => throw ServerProblem.Violation("badPublicKey", $"The {what} has key type '{type}'."),
        };
        JsonMembers members = JsonMembers.Of(value, what, names);
        try
        {
            return type switch { "EC" => ReadEc(members), "RSA" => ReadRsa(members), _ => ReadOkp(members) };
        }
        catch (ArgumentException error)
        {
            throw ServerProblem.Violation("badPublicKey", $"The {what} is not a key: {error.Message}");
        }
    }

    /// <summary>The key of a request or certificate; null when ACME has no name for its kind.</summary>
    public static Jwk? Of(AsymmetricKeyParameter key)
    {
        switch (key)
        {
            case RsaKeyParameters rsa:
                return FromRsa(rsa);
            case Ed25519PublicKeyParameters ed:
                return FromEd25519(ed);
            case ECPublicKeyParameters ec:
                string? curve = Curves.Keys.FirstOrDefault(name => NistNamedCurves.GetByName(name).Curve.Equals(ec.Parameters.Curve));
                return curve is null ? null : FromEc(ec, curve);
            default:
                return null;
        }
    }

    public bool Verifies(byte[] signed, byte[] signature)
    {
        if (_key is ECPublicKeyParameters ec)
        {
            (int size, _, string digest) = Curves[_curve];
            if (signature.Length != 2 * size)
            {
                throw ServerProblem.Malformed($"An {Algorithm} signature is R and S, {2 * size} octets; this one has {signature.Length}.");
            }

            ECDsaSigner verifier = new();
            verifier.Init(false, ec);
            return verifier.VerifySignature(
                DigestUtilities.CalculateDigest(digest, signed), new BigInteger(1, [.. signature.Take(size)]), new BigInteger(1, [.. signature.Skip(size)]));
        }

        ISigner signer = _key is RsaKeyParameters ? SignerUtilities.GetSigner("SHA-256withRSA") : new Ed25519Signer();
        signer.Init(false, _key);
        signer.BlockUpdate(signed, 0, signed.Length);
        return signer.VerifySignature(signature);
    }

    private static Jwk ReadEc(JsonMembers members)
    {
        string curve = members.Text("crv");
        if (!Curves.TryGetValue(curve, out (int Size, string Algorithm, string Digest) known))
        {
            throw ServerProblem.Violation("badPublicKey", $"Curve '{curve}' is not for signing here.");
        }

        byte[] x = members.Bytes("x");
        byte[] y = members.Bytes("y");
        if (x.Length != known.Size || y.Length != known.Size)
        {
            throw ServerProblem.Malformed($"A coordinate of {curve} has {known.Size} octets, leading zeros and all.");
        }

        X9ECParameters named = NistNamedCurves.GetByName(curve);
        ECPublicKeyParameters key = new(
            named.Curve.DecodePoint([4, .. x, .. y]), new ECDomainParameters(named.Curve, named.G, named.N, named.H));
        return FromEc(key, curve);
    }

    private static Jwk ReadRsa(JsonMembers members)
    {
        byte[] modulus = members.Bytes("n");
        byte[] exponent = members.Bytes("e");
        if (modulus is [] or [0, ..] || exponent is [] or [0, ..])
        {
            throw ServerProblem.Malformed("A number in a JWK has no leading zero octet (RFC 7518 §2).");
        }

        BigInteger n = new(1, modulus);
        return n.BitLength is >= 2048 and <= 4096
            ? FromRsa(new RsaKeyParameters(false, n, new BigInteger(1, exponent)))
            : throw ServerProblem.Violation("badPublicKey", $"RSA keys have 2048 to 4096 bits, not {n.BitLength}.");
    }

    private static Jwk ReadOkp(JsonMembers members)
    {
        byte[] x = members.Bytes("x");
        return members.Text("crv") == "Ed25519" && x.Length == 32
            ? FromEd25519(new Ed25519PublicKeyParameters(x, 0))
            : throw ServerProblem.Violation("badPublicKey", "Of the kind OKP only Ed25519, with 32 octets, is for signing here.");
    }

    private static Jwk FromEc(ECPublicKeyParameters key, string curve)
    {
        byte[] point = key.Q.GetEncoded(false);
        int size = Curves[curve].Size;
        return new Jwk(key, Curves[curve].Algorithm, curve, new()
        {
            ["crv"] = curve,
            ["kty"] = "EC",
            ["x"] = Base64Url.Encode([.. point.Skip(1).Take(size)]),
            ["y"] = Base64Url.Encode([.. point.Skip(1 + size)]),
        });
    }

    private static Jwk FromRsa(RsaKeyParameters key) => new(key, "RS256", "", new()
    {
        ["e"] = Base64Url.Encode(key.Exponent.ToByteArrayUnsigned()),
        ["kty"] = "RSA",
        ["n"] = Base64Url.Encode(key.Modulus.ToByteArrayUnsigned()),
    });

    private static Jwk FromEd25519(Ed25519PublicKeyParameters key) => new(key, "EdDSA", "Ed25519", new()
    {
        ["crv"] = "Ed25519",
        ["kty"] = "OKP",
        ["x"] = Base64Url.Encode(key.GetEncoded()),
    });

    private static byte[] SHA256Of(string text) => DigestUtilities.CalculateDigest("SHA-256", Encoding.UTF8.GetBytes(text));
}
