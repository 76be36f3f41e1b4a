using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>The key of an account, or of a certificate, as JSON Web Signatures use it (RFC 7518 §3, RFC 8037 §3.1).</summary>
internal sealed class AccountKey
{
    private readonly PrivateKey _key;
    private readonly SignatureHash _hash;

    // Made once: the platform checks each key that it is given, which costs more than a signature. Its finalizer gives it back.
    private readonly Lazy<ECDsa?> _platform;

    private AccountKey(PrivateKey key)
    {
        _key = key;
        (Algorithm, _hash) = key.Spec switch
        {
            { Algorithm: KeyAlgorithm.Ecdsa, Length: 384 } => ("ES384", SignatureHash.SHA384),
            { Algorithm: KeyAlgorithm.Ecdsa, Length: 521 } => ("ES512", SignatureHash.SHA512),
            { Algorithm: KeyAlgorithm.Ecdsa } => ("ES256", SignatureHash.SHA256),
            { Algorithm: KeyAlgorithm.Ed25519 } => ("EdDSA", SignatureHash.SHA512),
            _ => ("RS256", SignatureHash.SHA256),
        };
        _platform = new Lazy<ECDsa?>(() => PlatformEcdsa.Open(key));
        Jwk = JsonWebKey.WritePublic(key.SubjectPublicKeyInfo);
        Thumbprint = Base64Url.Encode(JsonWebKey.Thumbprint(Jwk));
    }

    /// <summary>The "alg" of its signatures.</summary>
    public string Algorithm { get; }

    /// <summary>The public key.</summary>
    public JObject Jwk { get; }

    /// <summary>RFC 7638 thumbprint of the public key, base64url: the second half of every key authorization.</summary>
    public string Thumbprint { get; }

    /// <param name="pkcs8">A key that KeyManager wrote.</param>
    public static AccountKey FromPkcs8(byte[] pkcs8) => new(PrivateKey.Decode(pkcs8, isOurs: true));

    /// <summary>The same; the bytes are overwritten.</summary>
    public static AccountKey TakePkcs8(byte[] pkcs8)
    {
        try
        {
            return FromPkcs8(pkcs8);
        }
        finally
        {
            Array.Clear(pkcs8, 0, pkcs8.Length);
        }
    }

    /// <summary>What is published to prove control of a name (RFC 8555 §8.1).</summary>
    public string Authorize(string token) => token + "." + Thumbprint;

    /// <summary>Signs in the form of JOSE: ECDSA as R and S side by side, each as long as the curve.</summary>
    public byte[] Sign(byte[] data)
    {
        if (_platform.Value is ECDsa platform)
        {
            lock (platform)
            {
                return platform.SignData(data, PlatformEcdsa.Name(_hash));
            }
        }

        byte[] signature = SignatureAlgorithm.Sign(_key, _hash, data);
        if (_key.Spec.Algorithm != KeyAlgorithm.Ecdsa)
        {
            return signature;
        }

        int length = EcCurve.OfLength(_key.Spec.Length).ByteLength;
        byte[] pair = new byte[2 * length];
        AsnReader numbers = Der.OpenSequence(signature);
        foreach (int end in new[] { length, 2 * length })
        {
            byte[] number = Der.ReadUnsigned(numbers).ToByteArrayUnsigned();
            number.CopyTo(pair, end - number.Length);
        }

        return pair;
    }
}
