using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>
/// Reads the text that ConvertFrom-SecureString writes: encrypted with the account's own key (AES), else by Windows for the user who wrote it; on other systems it is UTF-16 in
/// the clear, as hexadecimal digits.
/// </summary>
internal sealed class PoshAcmeSecrets(string? key, HostEnvironment environment)
{
    /// <summary>Begins every text that is encrypted with a key.</summary>
    private const string WithKey = "76492d1116743f0423413b16050a5345";

    private const string InVault = "VAULT";

    /// <summary>The secret.</summary>
    /// <exception cref="FormatException">Why it cannot be read, in a sentence.</exception>
    public string Read(string text)
    {
        try
        {
            return text.StartsWith(WithKey, StringComparison.OrdinalIgnoreCase) ? Decrypt(text.Substring(WithKey.Length)) : FromHex(text) is byte[] bytes ? ReadBytes(bytes) : throw Damaged();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw Damaged();
        }
    }

    private static FormatException Damaged() => new("A secret of it is damaged, or does not fit the key of its account.");

    private static byte[]? FromHex(string text)
    {
        if (text.Length % 2 != 0 || !text.All(Uri.IsHexDigit))
        {
            return null;
        }

        byte[] bytes = new byte[text.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = Convert.ToByte(text.Substring(2 * i, 2), 16);
        }

        return bytes;
    }

    private string ReadBytes(byte[] bytes)
    {
        // The first bytes of everything that Windows encrypts: version 1 and the identifier of its provider.
        bool isEncrypted = bytes.Length > 20 && bytes[0] == 1 && bytes[4] == 0xD0 && bytes[5] == 0x8C;
        if (!isEncrypted)
        {
            return bytes.Length % 2 == 0 ? Encoding.Unicode.GetString(bytes) : throw Damaged();
        }

        const string ByWhom = "A secret of it is encrypted by Windows, and only the user who wrote it can read it, on the machine where it was written.";
        if (!environment.IsWindows)
        {
            throw new FormatException(ByWhom);
        }

        try
        {
            return Encoding.Unicode.GetString(ProtectedData.Unprotect(bytes, null, DataProtectionScope.CurrentUser));
        }
        catch (Exception error) when (error is CryptographicException or PlatformNotSupportedException)
        {
            throw new FormatException(ByWhom, error);
        }
    }

    // Base64 of UTF-16: a version, the initialization vector as base64, and the AES-CBC ciphertext as hexadecimal digits, with bars between them.
    private string Decrypt(string text)
    {
        if (key is null or InVault)
        {
            throw new FormatException(key is null ? "A secret of it is encrypted with a key that the account does not have." : "The key of its secrets lies in a vault of SecretManagement.");
        }

        (byte[] secretKey, byte[] vector, byte[] encrypted) = Split(text, key);
        using Aes aes = Aes.Create();
        aes.Key = secretKey;
        aes.IV = vector;
        using ICryptoTransform decryptor = aes.CreateDecryptor();
        return Encoding.Unicode.GetString(decryptor.TransformFinalBlock(encrypted, 0, encrypted.Length));
    }

    private static (byte[] Key, byte[] Vector, byte[] Encrypted) Split(string text, string key)
    {
        try
        {
            string[] parts = Encoding.Unicode.GetString(Convert.FromBase64String(text)).Split('|');
            return parts.Length == 3 && FromHex(parts[2]) is { Length: > 0 } encrypted ? (Base64Url.Decode(key), Convert.FromBase64String(parts[1]), encrypted) : throw Damaged();
        }
        catch (FormatException)
        {
            throw Damaged();
        }
    }
}
