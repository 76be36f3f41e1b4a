using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Verifies RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 bytes of salt (RFC 8017 §8.1.2, §9.1.2), written down from the RFC, so that it shares nothing with the code that signs.</summary>
internal static class PssSignature
{
    private const int HashLength = 32;

    /// <param name="subjectPublicKeyInfo">An RSA key with the exponent 65537.</param>
    /// <param name="message">What is signed.</param>
    /// <param name="signature">The signature.</param>
    public static bool IsValid(byte[] subjectPublicKeyInfo, byte[] message, byte[] signature)
    {
        // The key ends in the modulus, then INTEGER 3 bytes 01 00 01.
        byte[] tail = [2, 3, 1, 0, 1];
        int bytes = signature.Length;
        if (!subjectPublicKeyInfo.Skip(subjectPublicKeyInfo.Length - tail.Length).SequenceEqual(tail))
        {
            return false;
        }

        byte[] modulus = [.. subjectPublicKeyInfo.Skip(subjectPublicKeyInfo.Length - tail.Length - bytes).Take(bytes)];
        byte[] recovered = Big(BigInteger.ModPow(Number(signature), 65537, Number(modulus)), bytes);

        // A modulus of whole octets: emBits is one less, so the first bit is zero.
        byte[] mask = [.. recovered.Take(bytes - HashLength - 1)];
        byte[] hash = [.. recovered.Skip(bytes - HashLength - 1).Take(HashLength)];
        if (recovered[bytes - 1] != 0xBC || (mask[0] & 0x80) != 0)
        {
            return false;
        }

        byte[] block = [.. mask.Zip(Mask(hash, mask.Length), (a, b) => (byte)(a ^ b))];
        block[0] &= 0x7F;
        int zeros = mask.Length - HashLength - 1;
        return block.Take(zeros).All(b => b == 0) && block[zeros] == 1
            && Hash([.. new byte[8], .. Hash(message), .. block.Skip(zeros + 1)]).SequenceEqual(hash);
    }

    private static byte[] Mask(byte[] seed, int length) =>
        [.. Enumerable.Range(0, (length + HashLength - 1) / HashLength).SelectMany(i => Hash([.. seed, 0, 0, (byte)(i >> 8), (byte)i])).Take(length)];

    private static BigInteger Number(byte[] big) => new([.. Enumerable.Reverse(big), 0]);

    private static byte[] Big(BigInteger number, int length)
    {
        byte[] little = number.ToByteArray();
        byte[] big = new byte[length];
        for (int i = 0; i < Math.Min(length, little.Length); i++)
        {
            big[length - 1 - i] = little[i];
        }

        return big;
    }

    private static byte[] Hash(byte[] data)
    {
        using SHA256 sha256 = SHA256.Create();
        return sha256.ComputeHash(data);
    }
}
