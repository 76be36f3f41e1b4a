using System;
using System.Formats.Asn1;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Keys;

/// <summary>
/// ECDSA by the platform, ten and more times faster than managed code. Not every platform has it: Mono does not implement it, Wine cannot make
/// keys. So each method may answer that it cannot, and the caller then does it in managed code; the results are the same.
/// </summary>
internal static class PlatformEcdsa
{
    // Asked once: a platform that fails would fail each time, slowly, with an exception.
    private static readonly Lazy<bool> Works = new(Probe);

    /// <summary>A new private value with its uncompressed public point; <c>null</c> when the platform cannot.</summary>
    public static (BigInteger Value, byte[] Point)? Generate(EcCurve curve)
    {
        if (!Works.Value)
        {
            return null;
        }

        using ECDsa ecdsa = ECDsa.Create(ECCurve.CreateFromValue(curve.Oid));
        ECParameters numbers = ecdsa.ExportParameters(includePrivateParameters: true);
        try
        {
            return (new BigInteger(1, numbers.D), Point(numbers.Q));
        }
        finally
        {
            Array.Clear(numbers.D!, 0, numbers.D!.Length); // asked for
        }
    }

    /// <summary>A signature as X.509 has it (RFC 3279 §2.2.3); <c>null</c> when the platform cannot.</summary>
    public static byte[]? Sign(PrivateKey key, string hashOid, byte[] data)
    {
        if (Hash(hashOid) is not { } hash)
        {
            return null;
        }

        using ECDsa? ecdsa = Open(key);
        if (ecdsa is null)
        {
            return null;
        }

        byte[] pair = ecdsa.SignData(data, hash);
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            Der.WriteUnsigned(writer, new BigInteger(1, pair, 0, pair.Length / 2));
            Der.WriteUnsigned(writer, new BigInteger(1, pair, pair.Length / 2, pair.Length / 2));
        }

        return writer.Encode();
    }

    /// <summary>The key for many signatures, R and S side by side; <c>null</c> when the platform cannot, or it is no key on a curve.</summary>
    public static ECDsa? Open(PrivateKey key)
    {
        if (!Works.Value || key.Parameters is not ECPrivateKeyParameters parameters || !TryReadPoint(key.SubjectPublicKeyInfo, out EcCurve? curve, out byte[] point))
        {
            return null;
        }

        byte[] value = Fixed(parameters.D.ToByteArrayUnsigned(), curve!.ByteLength);
        try
        {
            return ECDsa.Create(Parameters(curve, point, value));
        }
        finally
        {
            Array.Clear(value, 0, value.Length);
        }
    }

    /// <summary>Whether the signature is right; <c>null</c> when the platform cannot tell.</summary>
    public static bool? Verify(byte[] subjectPublicKeyInfo, string hashOid, byte[] data, byte[] signature)
    {
        if (!Works.Value || Hash(hashOid) is not { } hash || !TryReadPoint(subjectPublicKeyInfo, out EcCurve? curve, out byte[] point))
        {
            return null;
        }

        AsnReader sequence = Der.OpenSequence(signature);
        byte[] first = Der.ReadUnsigned(sequence).ToByteArrayUnsigned();
        byte[] second = Der.ReadUnsigned(sequence).ToByteArrayUnsigned();
        if (sequence.HasData || first.Length > curve!.ByteLength || second.Length > curve.ByteLength)
        {
            return false;
        }

        byte[] pair = new byte[2 * curve.ByteLength];
        first.CopyTo(pair, curve.ByteLength - first.Length);
        second.CopyTo(pair, pair.Length - second.Length);
        try
        {
            using ECDsa ecdsa = ECDsa.Create(Parameters(curve, point, null));
            return ecdsa.VerifyData(data, pair, hash);
        }
        catch (CryptographicException)
        {
            // The point is not on the curve: no such key can have signed anything.
            return false;
        }
    }

    /// <summary>What the platform calls a hash.</summary>
    public static HashAlgorithmName Name(SignatureHash hash) => hash switch
    {
        SignatureHash.SHA384 => HashAlgorithmName.SHA384,
        SignatureHash.SHA512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static HashAlgorithmName? Hash(string oid) => oid switch
    {
        Oids.Sha256 => HashAlgorithmName.SHA256,
        Oids.Sha384 => HashAlgorithmName.SHA384,
        Oids.Sha512 => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static bool TryReadPoint(byte[] subjectPublicKeyInfo, out EcCurve? curve, out byte[] point)
    {
        AsnReader sequence = Der.OpenSequence(subjectPublicKeyInfo);
        AsnReader algorithm = sequence.ReadSequence();
        bool isNamed = algorithm.ReadObjectIdentifier() == Oids.EcPublicKey && Der.NextIs(algorithm, UniversalTagNumber.ObjectIdentifier);
        curve = isNamed ? EcCurve.Find(algorithm.ReadObjectIdentifier()) : null;
        point = sequence.ReadBitString(out _);
        return curve is not null && point.Length == 1 + (2 * curve.ByteLength) && point[0] == 4;
    }

    private static ECParameters Parameters(EcCurve curve, byte[] point, byte[]? value)
    {
        byte[] x = new byte[curve.ByteLength];
        byte[] y = new byte[curve.ByteLength];
        Array.Copy(point, 1, x, 0, x.Length);
        Array.Copy(point, 1 + x.Length, y, 0, y.Length);
        return new ECParameters { Curve = ECCurve.CreateFromValue(curve.Oid), Q = new ECPoint { X = x, Y = y }, D = value };
    }

    private static byte[] Point(ECPoint point) => [4, .. point.X!, .. point.Y!]; // an exported key has its point

    private static byte[] Fixed(byte[] number, int length)
    {
        byte[] padded = new byte[length];
        number.CopyTo(padded, length - number.Length);
        Array.Clear(number, 0, number.Length);
        return padded;
    }

    private static bool Probe()
    {
        try
        {
            return TryOut();
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException or NotImplementedException or MissingMethodException or TypeLoadException)
        {
            return false;
        }
    }

    // Apart, so that a method that the platform does not have is missed here and not where nobody catches it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryOut()
    {
        using ECDsa made = ECDsa.Create(ECCurve.CreateFromValue(Oids.P256));
        ECParameters numbers = made.ExportParameters(includePrivateParameters: true);
        using ECDsa read = ECDsa.Create(numbers);
        byte[] data = [1, 2, 3];
        return numbers.D?.Length == 32 && made.VerifyData(data, read.SignData(data, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
    }
}
