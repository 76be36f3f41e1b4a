using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;

namespace KeyManager.Providers.Keys;

/// <summary>Hashes by object identifier, and fingerprints as hexadecimal text.</summary>
internal static class Hashes
{
    /// <summary>The hash with this identifier; <c>null</c> when it is not one that is in use for keys and certificates.</summary>
    public static IDigest? Find(string oid) => oid switch
    {
        Oids.Md5 => new MD5Digest(),
        Oids.Sha1 => new Sha1Digest(),
        Oids.Sha224 => new Sha224Digest(),
        Oids.Sha256 => new Sha256Digest(),
        Oids.Sha384 => new Sha384Digest(),
        Oids.Sha512 => new Sha512Digest(),
        _ => null,
    };

    public static byte[] Sha1(byte[] data)
    {
        // Fingerprints and Java's keystore are defined with SHA-1; nothing is trusted because of it.
#pragma warning disable CA5350
        using SHA1 sha1 = SHA1.Create();
#pragma warning restore CA5350
        return sha1.ComputeHash(data);
    }

    public static byte[] Sha256(byte[] data)
    {
        using SHA256 sha256 = SHA256.Create();
        return sha256.ComputeHash(data);
    }

    /// <summary>Upper-case hexadecimal.</summary>
    public static string ToHex(byte[] bytes)
    {
        const string Digits = "0123456789ABCDEF";
        StringBuilder text = new(bytes.Length * 2);
        foreach (byte b in bytes)
        {
            text.Append(Digits[b >> 4]).Append(Digits[b & 15]);
        }

        return text.ToString();
    }

    /// <summary>Compares without telling by its duration where the first difference is.</summary>
    public static bool AreEqual(byte[] left, byte[] right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        int difference = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
    }
}
