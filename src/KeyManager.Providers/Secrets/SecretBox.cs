using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Secrets;

/// <summary>
/// AES-256-GCM with a subkey per purpose (HKDF-SHA256) and the place of the value bound in as associated data, so that a value moved to
/// another row, column or store no longer opens. One managed implementation on every platform keeps stores portable.
/// </summary>
/// <remarks>A box is: version (1), identifier of the key (12 ASCII), nonce (12), ciphertext, tag (16).</remarks>
internal static class SecretBox
{
    private const byte Version = 1;
    private const int KeyIdLength = 12;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + KeyIdLength + NonceLength;

    /// <summary>Encrypts <paramref name="value"/> for one place.</summary>
    /// <param name="key">The key that opens the box again, with its identifier.</param>
    /// <param name="purpose">What the key is used for here; makes the subkey.</param>
    /// <param name="storeId">The store.</param>
    /// <param name="place">Table and row, and whatever else must not change.</param>
    /// <param name="value">The secret; stays the caller's.</param>
    public static byte[] Seal(DataKey key, string purpose, string storeId, string[] place, byte[] value)
    {
        byte[] nonce = new byte[NonceLength];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(nonce);
        }

        byte[] box = new byte[HeaderLength + value.Length + TagLength];
        box[0] = Version;
        _ = Encoding.ASCII.GetBytes(key.Id, 0, KeyIdLength, box, 1);
        Buffer.BlockCopy(nonce, 0, box, 1 + KeyIdLength, NonceLength);

        using SecretBytes subkey = Derive(key.Key.Bytes, purpose, storeId);
        GcmBlockCipher cipher = Cipher(forEncryption: true, subkey.Bytes, nonce, AssociatedData(purpose, storeId, place, key.Id));
        int length = cipher.ProcessBytes(value, 0, value.Length, box, HeaderLength);
        _ = cipher.DoFinal(box, HeaderLength + length);
        return box;
    }

    /// <summary>The secret; <c>null</c> when the box was changed, moved, or belongs to another key.</summary>
    public static byte[]? Open(DataKey key, string purpose, string storeId, string[] place, byte[] box)
    {
        if (KeyIdOf(box) != key.Id)
        {
            return null;
        }

        byte[] nonce = new byte[NonceLength];
        Buffer.BlockCopy(box, 1 + KeyIdLength, nonce, 0, NonceLength);
        using SecretBytes subkey = Derive(key.Key.Bytes, purpose, storeId);
        GcmBlockCipher cipher = Cipher(forEncryption: false, subkey.Bytes, nonce, AssociatedData(purpose, storeId, place, key.Id));
        byte[] value = new byte[box.Length - HeaderLength - TagLength];
        try
        {
            int length = cipher.ProcessBytes(box, HeaderLength, box.Length - HeaderLength, value, 0);
            _ = cipher.DoFinal(value, length);
            return value;
        }
        catch (InvalidCipherTextException)
        {
            Array.Clear(value, 0, value.Length);
            return null;
        }
    }

    /// <summary>Which key opens a box; <c>null</c> when it is no box of a version known here.</summary>
    public static string? KeyIdOf(byte[] box) =>
        box.Length < HeaderLength + TagLength || box[0] != Version ? null : Encoding.ASCII.GetString(box, 1, KeyIdLength);

    /// <summary>HKDF-SHA256 (RFC 5869) with the store as salt and the purpose as info.</summary>
    private static SecretBytes Derive(byte[] key, string purpose, string storeId)
    {
        HkdfBytesGenerator generator = new(new Sha256Digest());
        generator.Init(new HkdfParameters(key, Encoding.UTF8.GetBytes(storeId), Encoding.UTF8.GetBytes(purpose)));
        SecretBytes subkey = new(DataKey.Length);
        _ = generator.GenerateBytes(subkey.Bytes, 0, subkey.Bytes.Length);
        return subkey;
    }

    private static GcmBlockCipher Cipher(bool forEncryption, byte[] key, byte[] nonce, byte[] associatedData)
    {
        GcmBlockCipher cipher = new(new AesEngine());
        cipher.Init(forEncryption, new AeadParameters(new KeyParameter(key), TagLength * 8, nonce, associatedData));
        return cipher;
    }

    /// <summary>Every part with its length before it, so that no two places are the same bytes.</summary>
    private static byte[] AssociatedData(string purpose, string storeId, string[] place, string keyId)
    {
        using MemoryStream bytes = new();
        bytes.WriteByte(Version);
        foreach (string part in (string[])[purpose, storeId, keyId, .. place])
        {
            byte[] text = Encoding.UTF8.GetBytes(part);
            bytes.Write([(byte)(text.Length >> 24), (byte)(text.Length >> 16), (byte)(text.Length >> 8), (byte)text.Length], 0, 4);
            bytes.Write(text, 0, text.Length);
        }

        return bytes.ToArray();
    }
}
