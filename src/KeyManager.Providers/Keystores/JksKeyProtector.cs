using System;
using System.Formats.Asn1;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// How a JKS keystore hides a private key: XOR with a chain of SHA-1 (sun.security.provider.KeyProtector). It protects badly, a graphics card tries
/// billions of passwords a second; the format has nothing better.
/// </summary>
internal static class JksKeyProtector
{
    private const int HashLength = 20;

    /// <summary>EncryptedPrivateKeyInfo of a PKCS#8 key.</summary>
    public static byte[] Protect(byte[] pkcs8, string password)
    {
        byte[] passwordBytes = PasswordBytes.Java(password);
        byte[] salt = SecureRandomness.Bytes(HashLength);
        AsnWriter algorithm = Der.Writer();
        Der.WriteAlgorithm(algorithm, Oids.JavaKeyProtector, withNull: true);
        return EncryptedKey.Encode(
            (algorithm.Encode(), [.. salt, .. Xor(pkcs8, passwordBytes, salt), .. Hashes.Sha1([.. passwordBytes, .. pkcs8])]));
    }

    /// <exception cref="UnusableBytesException">KmWrongPassword.</exception>
    public static byte[] Recover(byte[] encryptedKey, string password)
    {
        AsnReader sequence = Der.OpenSequence(encryptedKey);
        string algorithm = sequence.ReadSequence().ReadObjectIdentifier();
        byte[] data = sequence.ReadOctetString();
        if (algorithm != Oids.JavaKeyProtector || data.Length < 2 * HashLength)
        {
            throw new FormatException("Not Sun's key protection.");
        }

        byte[] passwordBytes = PasswordBytes.Java(password);
        byte[] salt = new byte[HashLength];
        byte[] hidden = new byte[data.Length - (2 * HashLength)];
        byte[] check = new byte[HashLength];
        Array.Copy(data, 0, salt, 0, HashLength);
        Array.Copy(data, HashLength, hidden, 0, hidden.Length);
        Array.Copy(data, data.Length - HashLength, check, 0, HashLength);
        byte[] plain = Xor(hidden, passwordBytes, salt);
        if (!Hashes.AreEqual(Hashes.Sha1([.. passwordBytes, .. plain]), check))
        {
            throw new UnusableBytesException(
                ErrorIds.WrongPassword,
                "holds a private key whose password is not that of the keystore",
                "Give both the same password: keytool -keypasswd -keystore <file> -alias <alias>");
        }

        return plain;
    }

    private static byte[] Xor(byte[] data, byte[] password, byte[] salt)
    {
        byte[] result = new byte[data.Length];
        byte[] stream = salt;
        for (int i = 0; i < data.Length; i++)
        {
            if (i % HashLength == 0)
            {
                stream = Hashes.Sha1([.. password, .. stream]);
            }

            result[i] = (byte)(data[i] ^ stream[i % HashLength]);
        }

        return result;
    }
}
