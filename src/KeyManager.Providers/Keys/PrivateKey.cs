using System;
using System.Formats.Asn1;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Keys;

/// <summary>
/// A private key ready to sign, and its one canonical writing: PKCS#8 version 1 with a named curve. Version 2, which carries the public
/// key of an Ed25519 key (RFC 8410 §7), is read but not written, because OpenSSL 3.0 refuses it.
/// </summary>
internal sealed record PrivateKey(KeySpec Spec, AsymmetricKeyParameter Parameters, byte[] Pkcs8, byte[] SubjectPublicKeyInfo)
{
    /// <summary>Reads PKCS#8 (RFC 5208, RFC 5958), PKCS#1 (RFC 8017 A.1.2) or SEC1 (RFC 5915) DER, whichever it is.</summary>
    /// <param name="der">The key.</param>
    /// <param name="isOurs">
    /// True for a key that <see cref="Pkcs8"/> wrote and nobody can have changed since: its public key is then taken as it stands instead of being
    /// calculated again, which is most of the work.
    /// </param>
    /// <exception cref="UnusableBytesException">KmKeyTooWeak, or no key of ours.</exception>
    public static PrivateKey Decode(byte[] der, bool isOurs = false)
    {
        AsnReader sequence = Der.OpenSequence(der);
        int version = Der.ReadNumber(sequence);
        if (Der.NextIs(sequence, UniversalTagNumber.Integer))
        {
            return DecodeRsa(version, sequence);
        }

        if (Der.NextIs(sequence, UniversalTagNumber.OctetString))
        {
            return DecodeEc(version, sequence, null, isOurs);
        }

        AsnReader algorithm = sequence.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        byte[] key = sequence.ReadOctetString();
        switch (oid)
        {
            case Oids.Rsa:
                AsnReader rsa = Der.OpenSequence(key);
                return DecodeRsa(Der.ReadNumber(rsa), rsa);
            case Oids.EcPublicKey:
                EcCurve curve = PublicKey.ReadCurve(algorithm);
                AsnReader ec = Der.OpenSequence(key);
                return DecodeEc(Der.ReadNumber(ec), ec, curve, isOurs);
            case Oids.Ed25519:
                return FromEd25519(Der.Open(key).ReadOctetString());
            default:
                throw PublicKey.NotOurs(PublicKey.NameOfAlgorithm(oid));
        }
    }

    public static PrivateKey FromRsa(RsaPrivateCrtKeyParameters key)
    {
        AsnWriter inner = Der.Writer();
        using (inner.PushSequence())
        {
            inner.WriteInteger(0);
            foreach (BigInteger number in new[] { key.Modulus, key.PublicExponent, key.Exponent, key.P, key.Q, key.DP, key.DQ, key.QInv })
            {
                Der.WriteUnsigned(inner, number);
            }
        }

        byte[] pkcs8 = Wrap(w => Der.WriteAlgorithm(w, Oids.Rsa, withNull: true), inner.Encode());
        return new PrivateKey(PublicKey.RsaSpec(key.Modulus), key, pkcs8, PublicKey.EncodeRsa(key.Modulus, key.PublicExponent));
    }

    /// <param name="curve">The curve.</param>
    /// <param name="value">The private value.</param>
    /// <param name="point">The uncompressed public point; <c>null</c> to calculate it.</param>
    public static PrivateKey FromEc(EcCurve curve, BigInteger value, byte[]? point = null)
    {
        point ??= curve.Domain.G.Multiply(value).Normalize().GetEncoded(false);
        byte[] unsigned = value.ToByteArrayUnsigned();
        byte[] padded = new byte[curve.ByteLength];
        unsigned.CopyTo(padded, padded.Length - unsigned.Length);
        AsnWriter inner = Der.Writer();
        using (inner.PushSequence())
        {
            inner.WriteInteger(1);
            inner.WriteOctetString(padded);
            using (inner.PushSequence(Der.Tag(1)))
            {
                inner.WriteBitString(point);
            }
        }

        byte[] pkcs8 = Wrap(w => PublicKey.WriteEcAlgorithm(w, curve), inner.Encode());
        return new PrivateKey(
            KeySpec.Create(KeyAlgorithm.Ecdsa, curve.Length), new ECPrivateKeyParameters(value, curve.Domain), pkcs8, PublicKey.EncodeEc(curve, point));
    }

    public static PrivateKey FromEd25519(byte[] seed)
    {
        if (seed.Length != Ed25519PrivateKeyParameters.KeySize)
        {
            throw new FormatException("An Ed25519 key has 32 bytes.");
        }

        Ed25519PrivateKeyParameters key = new(seed, 0);
        AsnWriter inner = Der.Writer();
        inner.WriteOctetString(seed);
        byte[] pkcs8 = Wrap(w => Der.WriteAlgorithm(w, Oids.Ed25519, withNull: false), inner.Encode());
        return new PrivateKey(KeySpec.Create(KeyAlgorithm.Ed25519), key, pkcs8, PublicKey.EncodeEd25519(key.GeneratePublicKey().GetEncoded()));
    }

    public KeyPair ToKeyPair() => new(Spec, Pkcs8, SubjectPublicKeyInfo);

    private static PrivateKey DecodeRsa(int version, AsnReader key)
    {
        if (version != 0)
        {
            throw PublicKey.NotOurs("RSA with more than two primes");
        }

        BigInteger modulus = Der.ReadUnsigned(key);
        PublicKey.RsaSpec(modulus);
        BigInteger publicExponent = Der.ReadUnsigned(key);
        BigInteger exponent = Der.ReadUnsigned(key);
        BigInteger p = Der.ReadUnsigned(key);
        BigInteger q = Der.ReadUnsigned(key);
        BigInteger dp = Der.ReadUnsigned(key);
        BigInteger dq = Der.ReadUnsigned(key);
        BigInteger inverse = Der.ReadUnsigned(key);

        // A key with one changed bit still signs, wrongly, and a wrong CRT signature gives the factors away. So the numbers must agree.
        BigInteger one = BigInteger.One;
        if (p.CompareTo(one) <= 0 || q.CompareTo(one) <= 0 || !p.Multiply(q).Equals(modulus)
            || !publicExponent.Multiply(dp).Mod(p.Subtract(one)).Equals(one)
            || !publicExponent.Multiply(dq).Mod(q.Subtract(one)).Equals(one)
            || !inverse.Multiply(q).Mod(p).Equals(one)
            || !exponent.Mod(p.Subtract(one)).Equals(dp) || !exponent.Mod(q.Subtract(one)).Equals(dq))
        {
            throw Inconsistent();
        }

        return FromRsa(new RsaPrivateCrtKeyParameters(modulus, publicExponent, exponent, p, q, dp, dq, inverse));
    }

    private static PrivateKey DecodeEc(int version, AsnReader key, EcCurve? curve, bool isOurs)
    {
        if (version != 1)
        {
            throw new FormatException("An EC key has version 1.");
        }

        byte[] value = key.ReadOctetString();
        if (Der.NextIs(key, 0))
        {
            AsnReader parameters = key.ReadSequence(Der.Tag(0));
            curve ??= PublicKey.ReadCurve(parameters);
        }

        if (curve is null)
        {
            throw new UnusableBytesException(null, "holds an EC key that does not say on which curve it is", "Write it as PKCS#8: openssl pkcs8 -topk8 -nocrypt -in key.pem");
        }

        BigInteger number = new(1, value);
        if (number.SignValue <= 0 || number.CompareTo(curve.Domain.N) >= 0)
        {
            throw Inconsistent();
        }

        byte[]? point = Der.NextIs(key, 1) ? key.ReadSequence(Der.Tag(1)).ReadBitString(out _) : null;
        if (isOurs && point is not null)
        {
            return FromEc(curve, number, point);
        }

        PrivateKey result = FromEc(curve, number);
        if (point is not null)
        {
            if (!Hashes.AreEqual(PublicKey.EncodeEc(curve, curve.Domain.Curve.DecodePoint(point).Normalize().GetEncoded(false)), result.SubjectPublicKeyInfo))
            {
                throw Inconsistent();
            }
        }

        return result;
    }

    private static UnusableBytesException Inconsistent() =>
        new(null, "holds a private key whose numbers do not fit together, so it is damaged", "Get the key again from where it was made.");

    private static byte[] Wrap(Action<AsnWriter> writeAlgorithm, byte[] key)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writeAlgorithm(writer);
            writer.WriteOctetString(key);
        }

        Array.Clear(key, 0, key.Length);
        return writer.Encode();
    }
}
