using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using KeyManager.Providers.Keys;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// The password for reading one PKCS#12 file. "No password" is written in two ways, as an empty one and as none at all
/// (Windows and OpenSSL differ), so both are tried when none is given.
/// </summary>
internal sealed class Pkcs12Password(string? password)
{
    private readonly IReadOnlyList<string?> _candidates = string.IsNullOrEmpty(password) ? ["", null] : [password];

    private bool IsGiven => !string.IsNullOrEmpty(password);

    /// <summary>Checks MacData (RFC 7292 §4).</summary>
    /// <exception cref="UnusableBytesException">KmWrongPassword, KmKeystorePasswordRequired, or a MAC of another kind.</exception>
    public void CheckMac(AsnReader macData, byte[] content)
    {
        AsnReader digestInfo = macData.ReadSequence();
        string oid = digestInfo.ReadSequence().ReadObjectIdentifier();
        byte[] expected = digestInfo.ReadOctetString();
        byte[] salt = macData.ReadOctetString();
        int iterations = macData.HasData ? PasswordEncryption.ReadIterations(macData) : 1;
        if (oid == Oids.Pbmac1)
        {
            throw new UnusableBytesException(
                null, "is protected with PBMAC1 (RFC 9579), which KeyManager does not read yet", "Write it anew without it: openssl pkcs12 -export, without -pbmac1_pbkdf2.");
        }

        if (oid == Oids.Md5 || Hashes.Find(oid) is null)
        {
            throw new UnusableBytesException(null, $"is protected with a MAC that KeyManager does not know ({oid})");
        }

        if (!_candidates.Any(c => Hashes.AreEqual(ComputeMac(oid, c, salt, iterations, content), expected)))
        {
            throw Wrong();
        }
    }

    /// <summary>Decrypts something that is a DER sequence in the clear, which tells a wrong password that happened to leave a valid padding.</summary>
    /// <exception cref="UnusableBytesException">KmWrongPassword, KmKeystorePasswordRequired, or a scheme that is not known.</exception>
    public byte[] Decrypt(ReadOnlyMemory<byte> algorithm, byte[] data)
    {
        foreach (string? candidate in _candidates)
        {
            try
            {
                byte[] plain = PasswordEncryption.Decrypt(Der.Open(algorithm), data, candidate);
                Der.Open(plain).ReadSequence();
                return plain;
            }
            catch (UnusableBytesException e) when (e.ErrorId == ErrorIds.WrongPassword)
            {
                // The next one, or the error below.
            }
            catch (AsnContentException)
            {
                // Nonsense: a wrong password too.
            }
        }

        throw Wrong();
    }

    public static byte[] ComputeMac(string digestOid, string? password, byte[] salt, int iterations, byte[] content)
    {
        IDigest digest = Hashes.Find(digestOid)!; // callers ask only for what Find knows
        HMac mac = new(digest);
        mac.Init(new KeyParameter(Pbes1.DeriveMacKey(Hashes.Find(digestOid)!, PasswordBytes.Bmp(password), salt, iterations)));
        mac.BlockUpdate(content, 0, content.Length);
        byte[] result = new byte[mac.GetMacSize()];
        mac.DoFinal(result, 0);
        return result;
    }

    private UnusableBytesException Wrong() => IsGiven
        ? BlockCiphers.WrongPassword()
        : new UnusableBytesException(ErrorIds.KeystorePasswordRequired, "is protected with a password", "Give its password.");
}
