using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Nist;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>A key of the raw client: its JWK as text and how it signs.</summary>
internal sealed record RawKey(string Algorithm, string Jwk, Func<byte[], byte[]> Sign)
{
    /// <summary>The JWKs here are written with their members as RFC 7638 orders them.</summary>
    public string Thumbprint => RawAcmeClient.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Jwk)));

    public static RawKey Rsa(int bits = 2048)
    {
        // RSA.Create(int) of Mono forgets the length.
        RSACryptoServiceProvider rsa = new(bits);
        RSAParameters parameters = rsa.ExportParameters(false);
        string jwk = $$"""{"e":"{{RawAcmeClient.Encode(parameters.Exponent!)}}","kty":"RSA","n":"{{RawAcmeClient.Encode(parameters.Modulus!)}}"}""";
        return new RawKey("RS256", jwk, data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

#if NETFRAMEWORK
    // Mono has no ECDSA.
    public static RawKey Ec(string curve = "P-256")
    {
        Org.BouncyCastle.Crypto.Generators.ECKeyPairGenerator generator = new();
        generator.Init(new ECKeyGenerationParameters(NistNamedCurves.GetOid(curve), new SecureRandom()));
        return Of(generator.GenerateKeyPair(), curve);
    }
#else
    public static RawKey Ec(string curve = "P-256")
    {
        ECDsa key = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : curve == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP521);
        ECParameters parameters = key.ExportParameters(false);
        return new RawKey(Name(curve), Write(curve, parameters.Q.X!, parameters.Q.Y!), data => key.SignData(data, new HashAlgorithmName(Digest(curve).Replace("-", ""))));
    }
#endif

    public static RawKey Ed25519()
    {
        Ed25519PrivateKeyParameters key = new(new SecureRandom());
        string jwk = $$"""{"crv":"Ed25519","kty":"OKP","x":"{{RawAcmeClient.Encode(key.GeneratePublicKey().GetEncoded())}}"}""";
        return new RawKey("EdDSA", jwk, data =>
        {
            Ed25519Signer signer = new();
            signer.Init(true, key);
            signer.BlockUpdate(data, 0, data.Length);
            return signer.GenerateSignature();
        });
    }

    /// <summary>A key that also asks for a certificate or has one.</summary>
    public static RawKey Of(AsymmetricCipherKeyPair pair, string curve = "P-256")
    {
        byte[] point = ((ECPublicKeyParameters)pair.Public).Q.GetEncoded(false);
        int size = point.Length / 2;
        return new RawKey(Name(curve), Write(curve, [.. point.Skip(1).Take(size)], [.. point.Skip(1 + size)]), data =>
        {
            ECDsaSigner signer = new();
            signer.Init(true, pair.Private);
            BigInteger[] numbers = signer.GenerateSignature(DigestUtilities.CalculateDigest(Digest(curve), data));
            return [.. Pad(numbers[0], size), .. Pad(numbers[1], size)];
        });
    }

    private static byte[] Pad(BigInteger number, int size)
    {
        byte[] octets = number.ToByteArrayUnsigned();
        return [.. new byte[size - octets.Length], .. octets];
    }

    private static string Name(string curve) => curve switch { "P-256" => "ES256", "P-384" => "ES384", _ => "ES512" };

    private static string Digest(string curve) => curve switch { "P-256" => "SHA-256", "P-384" => "SHA-384", _ => "SHA-512" };

    private static string Write(string curve, byte[] x, byte[] y) =>
        $$"""{"crv":"{{curve}}","kty":"EC","x":"{{RawAcmeClient.Encode(x)}}","y":"{{RawAcmeClient.Encode(y)}}"}""";
}
