using System;
using System.Formats.Asn1;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Keys;

/// <summary>Reads and writes SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 5480, RFC 8410).</summary>
internal static class PublicKey
{
    // Beyond what any authority uses. A larger modulus would only serve to make us calculate.
    private const int MaximumModulusBits = 16_384;

    /// <summary>What the key is, for people: "RSA 2048", "ECDSA P-256", "Ed25519"; cheap, does not check the key.</summary>
    public static string Describe(byte[] subjectPublicKeyInfo)
    {
        (string oid, AsnReader algorithm, byte[] key) = Open(subjectPublicKeyInfo);
        switch (oid)
        {
            case Oids.Rsa or Oids.RsaPss:
                return (oid == Oids.Rsa ? "RSA " : "RSA-PSS ") + Der.ReadUnsigned(Der.OpenSequence(key)).BitLength;
            case Oids.EcPublicKey:
                return Der.NextIs(algorithm, UniversalTagNumber.ObjectIdentifier)
                    ? "ECDSA " + EcCurve.NameOf(algorithm.ReadObjectIdentifier())
                    : "ECDSA with explicit parameters";
            case Oids.Ed25519:
                return "Ed25519";
            default:
                return NameOfAlgorithm(oid);
        }
    }

    /// <summary>The specification of a key that KeyManager works with.</summary>
    /// <exception cref="UnusableBytesException">KmKeyTooWeak, or a kind that is not one of ours.</exception>
    public static KeySpec ReadSpec(byte[] subjectPublicKeyInfo)
    {
        (string oid, AsnReader algorithm, byte[] key) = Open(subjectPublicKeyInfo);
        return oid switch
        {
            Oids.Rsa => RsaSpec(Der.ReadUnsigned(Der.OpenSequence(key))),
            Oids.EcPublicKey => KeySpec.Create(KeyAlgorithm.Ecdsa, ReadCurve(algorithm).Length),
            Oids.Ed25519 => KeySpec.Create(KeyAlgorithm.Ed25519),
            _ => throw NotOurs(NameOfAlgorithm(oid)),
        };
    }

    /// <summary>A key to verify signatures with; any curve that is known. <c>null</c> for other algorithms.</summary>
    public static AsymmetricKeyParameter? Decode(byte[] subjectPublicKeyInfo)
    {
        (string oid, AsnReader algorithm, byte[] key) = Open(subjectPublicKeyInfo);
        switch (oid)
        {
            case Oids.Rsa or Oids.RsaPss:
                AsnReader sequence = Der.OpenSequence(key);
                BigInteger modulus = Der.ReadUnsigned(sequence);
                BigInteger exponent = Der.ReadUnsigned(sequence);
                return modulus.BitLength is >= 512 and <= MaximumModulusBits && exponent.BitLength <= 64
                    ? new RsaKeyParameters(false, modulus, exponent)
                    : null;
            case Oids.EcPublicKey when Der.NextIs(algorithm, UniversalTagNumber.ObjectIdentifier):
                return EcCurve.FindDomain(algorithm.ReadObjectIdentifier()) is { } domain
                    ? new ECPublicKeyParameters(domain.Curve.DecodePoint(key), domain)
                    : null;
            case Oids.Ed25519 when key.Length == Ed25519PublicKeyParameters.KeySize:
                return new Ed25519PublicKeyParameters(key, 0);
            default:
                return null;
        }
    }

    public static byte[] EncodeRsa(BigInteger modulus, BigInteger exponent)
    {
        AsnWriter key = Der.Writer();
        using (key.PushSequence())
        {
            Der.WriteUnsigned(key, modulus);
            Der.WriteUnsigned(key, exponent);
        }

        return Encode(w => Der.WriteAlgorithm(w, Oids.Rsa, withNull: true), key.Encode());
    }

    /// <param name="curve">The curve.</param>
    /// <param name="point">The uncompressed point.</param>
    public static byte[] EncodeEc(EcCurve curve, byte[] point) => Encode(w => WriteEcAlgorithm(w, curve), point);

    public static byte[] EncodeEd25519(byte[] key) => Encode(w => Der.WriteAlgorithm(w, Oids.Ed25519, withNull: false), key);

    public static void WriteEcAlgorithm(AsnWriter writer, EcCurve curve)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.EcPublicKey);
            writer.WriteObjectIdentifier(curve.Oid);
        }
    }

    /// <summary>Reads ECParameters (RFC 5480 §2.1.1), which must be a named curve.</summary>
    public static EcCurve ReadCurve(AsnReader parameters) => Der.NextIs(parameters, UniversalTagNumber.ObjectIdentifier)
        ? EcCurve.Require(parameters.ReadObjectIdentifier())
        : throw new UnusableBytesException(
            null,
            "describes its curve by numbers instead of by name, which RFC 5480 forbids",
            "Write the key with its curve's name: openssl ec -in key.pem -param_enc named_curve -out named.pem");

    /// <exception cref="UnusableBytesException">KmKeyTooWeak, or a length that is not one of ours.</exception>
    public static KeySpec RsaSpec(BigInteger modulus)
    {
        int bits = modulus.BitLength;
        if (bits < 2048)
        {
            throw new UnusableBytesException(
                ErrorIds.KeyTooWeak, $"holds an RSA key of {bits} bits; 2048 is the least that any authority signs", "Make a new key, for example with -KeyAlgorithm Ecdsa.");
        }

        return bits <= 8192 && bits % 8 == 0
            ? KeySpec.Create(KeyAlgorithm.Rsa, bits)
            : throw new UnusableBytesException(
                null, $"holds an RSA key of {bits} bits; KeyManager works with 2048 to 8192 in steps of 8", "Make a new key of a usual length, for example RSA 3072.");
    }

    public static UnusableBytesException NotOurs(string name) => new(
        null, $"holds a key of the kind {name}; KeyManager works with RSA, ECDSA and Ed25519", "Make a new key of one of these kinds.");

    public static string NameOfAlgorithm(string oid) => oid switch
    {
        Oids.Rsa => "RSA",
        Oids.RsaPss => "RSA-PSS",
        Oids.EcPublicKey => "ECDSA",
        Oids.Ed25519 => "Ed25519",
        "1.3.101.113" => "Ed448",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.3.1" or "1.2.840.10046.2.1" => "DH",
        "2.16.840.1.101.3.4.3.17" => "ML-DSA-44",
        "2.16.840.1.101.3.4.3.18" => "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19" => "ML-DSA-87",
        _ => oid,
    };

    private static (string Oid, AsnReader Parameters, byte[] Key) Open(byte[] subjectPublicKeyInfo)
    {
        AsnReader sequence = Der.OpenSequence(subjectPublicKeyInfo);
        AsnReader algorithm = sequence.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        return (oid, algorithm, sequence.ReadBitString(out _));
    }

    private static byte[] Encode(Action<AsnWriter> writeAlgorithm, byte[] key)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writeAlgorithm(writer);
            writer.WriteBitString(key);
        }

        return writer.Encode();
    }
}
