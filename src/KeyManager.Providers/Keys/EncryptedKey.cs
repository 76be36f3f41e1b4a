using System;
using System.Formats.Asn1;

namespace KeyManager.Providers.Keys;

/// <summary>EncryptedPrivateKeyInfo (RFC 5208 §6).</summary>
internal static class EncryptedKey
{
    /// <summary>Joins an AlgorithmIdentifier and encrypted data.</summary>
    public static byte[] Encode((byte[] Algorithm, byte[] Data) encrypted)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(encrypted.Algorithm);
            writer.WriteOctetString(encrypted.Data);
        }

        return writer.Encode();
    }

    /// <summary>True when the outline is this: a sequence whose first element is a sequence that starts with an object identifier, then bytes.</summary>
    public static bool IsIt(byte[] der)
    {
        try
        {
            AsnReader sequence = Der.OpenSequence(der);
            if (!Der.NextIs(sequence, UniversalTagNumber.Sequence))
            {
                return false;
            }

            sequence.ReadSequence().ReadObjectIdentifier();
            return Der.NextIs(sequence, UniversalTagNumber.OctetString);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <exception cref="UnusableBytesException">KmWrongPassword, or unreadable.</exception>
    public static PrivateKey Decrypt(byte[] der, string? password)
    {
        AsnReader sequence = Der.OpenSequence(der);
        AsnReader algorithm = Der.Open(sequence.ReadEncodedValue());
        byte[] plain = PasswordEncryption.Decrypt(algorithm, sequence.ReadOctetString(), password);
        return DecodeDecrypted(plain);
    }

    /// <summary>
    /// Reads what a decryption without integrity check gave. One wrong password in 256 leaves a valid padding behind, and then nonsense:
    /// so nonsense here means a wrong password, while a real key that is too weak stays what it is.
    /// </summary>
    public static PrivateKey DecodeDecrypted(byte[] plain)
    {
        try
        {
            return PrivateKey.Decode(plain);
        }
        catch (Exception e) when (e is not UnusableBytesException && UntrustedBytes.IsAboutBytes(e))
        {
            throw BlockCiphers.WrongPassword(e);
        }
        finally
        {
            Array.Clear(plain, 0, plain.Length);
        }
    }
}
