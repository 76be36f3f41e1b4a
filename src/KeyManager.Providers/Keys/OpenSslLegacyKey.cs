using System;
using System.Globalization;
using System.Linq;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keys;

/// <summary>The encryption of "Proc-Type: 4,ENCRYPTED" PEM (RFC 1421, with OpenSSL's EVP_BytesToKey: one round of MD5). Read only; it protects badly.</summary>
internal static class OpenSslLegacyKey
{
    public static bool IsIt(PemBlock block) =>
        block.Headers.TryGetValue("Proc-Type", out string? type) && type.EndsWith("ENCRYPTED", StringComparison.Ordinal);

    /// <exception cref="UnusableBytesException">KmWrongPassword, or unreadable.</exception>
    public static PrivateKey Decrypt(PemBlock block, string password)
    {
        string[] info = (block.Headers.TryGetValue("DEK-Info", out string? text) ? text : "").Split(',');
        if (info.Length != 2)
        {
            throw new FormatException("DEK-Info is missing.");
        }

        (IBlockCipher engine, int keyLength) = info[0].Trim().ToUpperInvariant() switch
        {
            "AES-128-CBC" => ((IBlockCipher)new AesEngine(), 16),
            "AES-192-CBC" => (new AesEngine(), 24),
            "AES-256-CBC" => (new AesEngine(), 32),
            "DES-EDE3-CBC" => (new DesEdeEngine(), 24),
            "DES-CBC" => (new DesEngine(), 8),
            _ => throw PasswordEncryption.Unsupported(info[0].Trim()),
        };
        byte[] iv = FromHex(info[1].Trim());
        byte[] key = DeriveKey(PasswordBytes.Utf8(password), iv.Take(8).ToArray(), keyLength);
        return EncryptedKey.DecodeDecrypted(BlockCiphers.Decrypt(engine, new KeyParameter(key), iv, block.Data));
    }

    private static byte[] DeriveKey(byte[] password, byte[] salt, int length)
    {
        byte[] key = new byte[length];
        byte[] block = [];
        for (int done = 0; done < length; done += block.Length)
        {
            MD5Digest md5 = new();
            md5.BlockUpdate(block, 0, block.Length);
            md5.BlockUpdate(password, 0, password.Length);
            md5.BlockUpdate(salt, 0, salt.Length);
            block = new byte[md5.GetDigestSize()];
            md5.DoFinal(block, 0);
            Array.Copy(block, 0, key, done, Math.Min(block.Length, length - done));
        }

        return key;
    }

    private static byte[] FromHex(string hex) => hex.Length % 2 != 0
        ? throw new FormatException("The initialisation vector is not hexadecimal.")
        : Enumerable.Range(0, hex.Length / 2)
            .Select(i => byte.Parse(hex.Substring(2 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToArray();
}
