using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>Reads a PFX (RFC 7292 §4): authenticated safe, safe contents, bags. One instance reads one file.</summary>
internal sealed class Pkcs12Reader(string? password)
{
    // SafeContents may hold SafeContents; no program goes deeper than one.
    private const int MaximumDepth = 8;

    private static readonly Asn1Tag EncryptedContent = new(TagClass.ContextSpecific, 0);

    private readonly Pkcs12Password _password = new(password);
    private readonly List<FoundKey> _keys = [];
    private readonly List<FoundCertificate> _certificates = [];

    /// <exception cref="UnusableBytesException">Whatever is wrong.</exception>
    public IReadOnlyList<KeystoreEntry> Read(byte[] data)
    {
        try
        {
            ReadPfx(data);
            return EntryGrouping.Group(_keys, _certificates);
        }
        catch
        {
            KeystoreErrors.Dispose(_keys.Select(k => k.Key));
            throw;
        }
    }

    private void ReadPfx(byte[] data)
    {
        // Only the first element: some programs pad the file behind it.
        AsnReader pfx = Der.Open(data).ReadSequence();
        int version = Der.ReadNumber(pfx);
        if (version != 3)
        {
            throw new UnusableBytesException(null, $"is PKCS#12 of version {version}; only 3 is in use");
        }

        AsnReader contentInfo = pfx.ReadSequence();
        if (contentInfo.ReadObjectIdentifier() != Oids.Pkcs7Data)
        {
            throw new UnusableBytesException(
                null, "is PKCS#12 protected by a certificate instead of a password", "Export it again with a password.");
        }

        byte[] content = contentInfo.ReadSequence(Der.Tag(0)).ReadOctetString();
        if (pfx.HasData)
        {
            _password.CheckMac(pfx.ReadSequence(), content);
        }

        AsnReader safes = Der.Open(content).ReadSequence();
        while (safes.HasData)
        {
            ReadSafe(safes.ReadSequence());
        }
    }

    private void ReadSafe(AsnReader contentInfo)
    {
        switch (contentInfo.ReadObjectIdentifier())
        {
            case Oids.Pkcs7Data:
                ReadBags(Der.Open(contentInfo.ReadSequence(Der.Tag(0)).ReadOctetString()).ReadSequence(), 0);
                break;
            case Oids.Pkcs7EncryptedData:
                AsnReader encryptedData = contentInfo.ReadSequence(Der.Tag(0)).ReadSequence();
                Der.ReadNumber(encryptedData);
                AsnReader encrypted = encryptedData.ReadSequence();
                encrypted.ReadObjectIdentifier();
                ReadOnlyMemory<byte> algorithm = encrypted.ReadEncodedValue();
                ReadBags(Der.Open(_password.Decrypt(algorithm, encrypted.ReadOctetString(EncryptedContent))).ReadSequence(), 0);
                break;
            default:
                throw new UnusableBytesException(
                    null, "is PKCS#12 encrypted for a certificate instead of with a password", "Export it again with a password.");
        }
    }

    private void ReadBags(AsnReader bags, int depth)
    {
        while (bags.HasData)
        {
            AsnReader bag = bags.ReadSequence();
            string type = bag.ReadObjectIdentifier();
            AsnReader value = bag.ReadSequence(Der.Tag(0));
            (string alias, string? localKeyId, bool standsAlone) = bag.HasData ? ReadAttributes(bag) : ("", null, false);
            switch (type)
            {
                case Oids.KeyBag:
                    _keys.Add(new FoundKey(PrivateKey.Decode(value.ReadEncodedValue().ToArray()).ToKeyPair(), alias, localKeyId));
                    break;
                case Oids.ShroudedKeyBag:
                    _keys.Add(new FoundKey(ReadShroudedKey(value.ReadSequence()), alias, localKeyId));
                    break;
                case Oids.CertificateBag:
                    if (ReadCertificate(value.ReadSequence()) is { } certificate)
                    {
                        _certificates.Add(new FoundCertificate(certificate, alias, localKeyId, standsAlone));
                    }

                    break;
                case Oids.SafeContentsBag when depth < MaximumDepth:
                    ReadBags(value.ReadSequence(), depth + 1);
                    break;
                default:
                    break; // revocation lists and secrets: nothing that KeyManager keeps
            }
        }
    }

    private KeyPair ReadShroudedKey(AsnReader encryptedKey)
    {
        ReadOnlyMemory<byte> algorithm = encryptedKey.ReadEncodedValue();
        byte[] plain = _password.Decrypt(algorithm, encryptedKey.ReadOctetString());
        KeyPair key = PrivateKey.Decode(plain).ToKeyPair();
        Array.Clear(plain, 0, plain.Length);
        return key;
    }

    private static CertificateContent? ReadCertificate(AsnReader certificateBag) => certificateBag.ReadObjectIdentifier() == Oids.X509Certificate
        ? CertificateReader.Read(certificateBag.ReadSequence(Der.Tag(0)).ReadOctetString())
        : null; // SDSI, which died before it lived

    private static (string Alias, string? LocalKeyId, bool StandsAlone) ReadAttributes(AsnReader bag)
    {
        string alias = "";
        string? localKeyId = null;
        bool standsAlone = false;
        AsnReader attributes = bag.ReadSetOf(skipSortOrderValidation: true);
        while (attributes.HasData)
        {
            AsnReader attribute = attributes.ReadSequence();
            string oid = attribute.ReadObjectIdentifier();
            AsnReader values = attribute.ReadSetOf(skipSortOrderValidation: true);
            switch (oid)
            {
                case Oids.FriendlyName when values.HasData:
                    alias = Der.TryReadText(values.ReadEncodedValue(), out string text) ? text : "";
                    break;
                case Oids.LocalKeyId when values.HasData:
                    localKeyId = Hashes.ToHex(values.ReadOctetString());
                    break;
                case Oids.JavaTrustedKeyUsage:
                    standsAlone = true;
                    break;
                default:
                    break; // Windows adds the name of its key provider
            }
        }

        return (alias, localKeyId, standsAlone);
    }
}
