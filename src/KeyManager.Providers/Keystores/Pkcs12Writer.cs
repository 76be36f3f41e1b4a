using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Text;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// Writes a PFX (RFC 7292 §4) as OpenSSL and Java lay it out: one encrypted safe of certificates, one plain safe of shrouded keys, a MAC over both.
/// Written by hand because BouncyCastle 1.8 has neither PBES2 nor a SHA-256 MAC here.
/// </summary>
/// <param name="password">Not empty.</param>
/// <param name="isLegacy">3DES and SHA-1 instead of AES-256 and SHA-256.</param>
/// <param name="iterations">Of every key derivation in the file.</param>
/// <param name="keyProvider">Name of the provider that is to keep the keys on Windows, as it writes it itself (PKCS12_PREFER_CNG_KSP of PFXImportCertStore: the one named in the file goes before); <c>null</c> for none.</param>
internal sealed class Pkcs12Writer(string password, bool isLegacy, int iterations, string? keyProvider = null)
{
    public byte[] Write(IReadOnlyList<KeystoreEntry> entries)
    {
        AsnWriter safes = Der.Writer();
        using (safes.PushSequence())
        {
            WriteEncryptedSafe(safes, EncodeCertificates(entries));
            WritePlainSafe(safes, EncodeKeys(entries));
        }

        byte[] content = safes.Encode();
        AsnWriter pfx = Der.Writer();
        using (pfx.PushSequence())
        {
            pfx.WriteInteger(3);
            WritePlainSafe(pfx, content);
            WriteMac(pfx, content);
        }

        return pfx.Encode();
    }

    private (byte[] Algorithm, byte[] Data) Encrypt(byte[] plain) =>
        isLegacy ? Pbes1.EncryptTripleDes(plain, password, iterations) : Pbes2.Encrypt(plain, password, iterations);

    private byte[] EncodeKeys(IReadOnlyList<KeystoreEntry> entries)
    {
        AsnWriter bags = Der.Writer();
        using (bags.PushSequence())
        {
            foreach (KeystoreEntry entry in entries)
            {
                if (entry.Key is { } key)
                {
                    byte[] shrouded = EncryptedKey.Encode(Encrypt(key.Pkcs8));
                    WriteBag(bags, Oids.ShroudedKeyBag, w => w.WriteEncodedValue(shrouded), entry.Alias, LocalKeyId(entry), false, keyProvider);
                }
            }
        }

        return bags.Encode();
    }

    private static byte[] EncodeCertificates(IReadOnlyList<KeystoreEntry> entries)
    {
        AsnWriter bags = Der.Writer();
        HashSet<string> chained = new(StringComparer.Ordinal);
        using (bags.PushSequence())
        {
            foreach (KeystoreEntry entry in entries)
            {
                for (int i = 0; i < entry.Certificates.Count; i++)
                {
                    byte[] certificate = entry.Certificates[i];
                    if (i == 0)
                    {
                        // Java takes a certificate without a key for an entry only when it is marked as trusted.
                        WriteCertificate(bags, certificate, entry.Alias, LocalKeyId(entry), isTrusted: entry.Key is null);
                    }
                    else if (chained.Add(Convert.ToBase64String(Hashes.Sha256(certificate))))
                    {
                        WriteCertificate(bags, certificate, "", null, isTrusted: false);
                    }
                }
            }
        }

        return bags.Encode();
    }

    /// <summary>Ties key and certificate together; the certificate's SHA-1, as OpenSSL does.</summary>
    private static byte[]? LocalKeyId(KeystoreEntry entry) =>
        entry.Key is null || entry.Certificates.Count == 0 ? null : Hashes.Sha1(entry.Certificates[0]);

    private static void WriteCertificate(AsnWriter bags, byte[] certificate, string alias, byte[]? localKeyId, bool isTrusted) =>
        WriteBag(
            bags,
            Oids.CertificateBag,
            w =>
            {
                using (w.PushSequence())
                {
                    w.WriteObjectIdentifier(Oids.X509Certificate);
                    using (w.PushSequence(Der.Tag(0)))
                    {
                        w.WriteOctetString(certificate);
                    }
                }
            },
            alias,
            localKeyId,
            isTrusted);

    private static void WriteBag(AsnWriter bags, string type, Action<AsnWriter> writeValue, string alias, byte[]? localKeyId, bool isTrusted, string? keyProvider = null)
    {
        using (bags.PushSequence())
        {
            bags.WriteObjectIdentifier(type);
            using (bags.PushSequence(Der.Tag(0)))
            {
                writeValue(bags);
            }

            if (alias.Length == 0 && localKeyId is null && !isTrusted && keyProvider is null)
            {
                return;
            }

            using (bags.PushSetOf())
            {
                if (alias.Length > 0)
                {
                    WriteAttribute(bags, Oids.FriendlyName, w => w.WriteEncodedValue(EncodeBmpString(alias)));
                }

                if (localKeyId is not null)
                {
                    WriteAttribute(bags, Oids.LocalKeyId, w => w.WriteOctetString(localKeyId));
                }

                if (keyProvider is not null)
                {
                    WriteAttribute(bags, Oids.KeyProviderName, w => w.WriteEncodedValue(EncodeBmpString(keyProvider)));
                }

                if (isTrusted)
                {
                    WriteAttribute(bags, Oids.JavaTrustedKeyUsage, w => w.WriteObjectIdentifier(Oids.AnyExtendedKeyUsage));
                }
            }
        }
    }

    /// <summary>By hand, because the ASN.1 library's BMPString refuses the surrogate pairs that every reader takes.</summary>
    private static byte[] EncodeBmpString(string text)
    {
        AsnWriter writer = Der.Writer();
        writer.WriteOctetString(Encoding.BigEndianUnicode.GetBytes(text));
        byte[] encoded = writer.Encode();
        encoded[0] = (byte)UniversalTagNumber.BMPString;
        return encoded;
    }

    private static void WriteAttribute(AsnWriter writer, string oid, Action<AsnWriter> writeValue)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            using (writer.PushSetOf())
            {
                writeValue(writer);
            }
        }
    }

    private void WriteEncryptedSafe(AsnWriter writer, byte[] bags)
    {
        (byte[] algorithm, byte[] data) = Encrypt(bags);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pkcs7EncryptedData);
            using (writer.PushSequence(Der.Tag(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Pkcs7Data);
                    writer.WriteEncodedValue(algorithm);
                    writer.WriteOctetString(data, new Asn1Tag(TagClass.ContextSpecific, 0));
                }
            }
        }
    }

    private static void WritePlainSafe(AsnWriter writer, byte[] content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pkcs7Data);
            using (writer.PushSequence(Der.Tag(0)))
            {
                writer.WriteOctetString(content);
            }
        }
    }

    private void WriteMac(AsnWriter writer, byte[] content)
    {
        string digest = isLegacy ? Oids.Sha1 : Oids.Sha256;
        byte[] salt = SecureRandomness.Bytes(16);
        byte[] mac = Pkcs12Password.ComputeMac(digest, password, salt, iterations, content);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                Der.WriteAlgorithm(writer, digest, withNull: true);
                writer.WriteOctetString(mac);
            }

            writer.WriteOctetString(salt);
            writer.WriteInteger(iterations);
        }
    }
}
