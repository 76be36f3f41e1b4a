using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;

namespace KeyManager.Providers.Keys;

/// <summary>Reads the parts of an X.509 certificate (RFC 5280 §4.1) that KeyManager asks for.</summary>
internal static class CertificateReader
{
    /// <summary>Reads one certificate. Fast, because an inventory reads a hundred thousand: a signature is verified only where subject and issuer are the same.</summary>
    public static CertificateContent Read(byte[] der)
    {
        SignedStructure certificate = SignedStructure.Read(der);
        AsnReader content = Der.OpenSequence(certificate.Content);
        SkipVersion(content);
        byte[] serialNumber = content.ReadIntegerBytes().ToArray();
        content.ReadEncodedValue(); // the algorithm once more
        ReadOnlyMemory<byte> issuer = content.ReadEncodedValue();
        AsnReader validity = content.ReadSequence();
        DateTimeOffset notBefore = ReadTime(validity);
        DateTimeOffset notAfter = ReadTime(validity);
        ReadOnlyMemory<byte> subject = content.ReadEncodedValue();
        byte[] key = content.ReadEncodedValue().ToArray();
        string keyDescription = PublicKey.Describe(key);
        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> extensions = ReadExtensions(content);
        string subjectText = DistinguishedName.ToText(subject);
        string issuerText = DistinguishedName.ToText(issuer);
        string sha256 = Hashes.ToHex(Hashes.Sha256(der));
        return new CertificateContent
        {
            Der = der,
            Subject = subjectText,
            Issuer = issuerText,
            SerialNumber = SerialToText(serialNumber),
            Thumbprint = Hashes.ToHex(Hashes.Sha1(der)),
            Sha256Thumbprint = sha256,
            NotBefore = notBefore,
            NotAfter = notAfter,
            DomainNames = ReadNames(subject, extensions),
            KeyDescription = keyDescription,
            SignatureAlgorithm = SignatureAlgorithm.NameOf(certificate.Algorithm),
            SubjectPublicKeyInfo = key,
            IsAuthority = extensions.TryGetValue(Oids.BasicConstraints, out ReadOnlyMemory<byte> constraints) && SaysAuthority(constraints),
            IsSelfSigned = subjectText == issuerText && AuthoritySignatures.IsSignedBy(certificate, sha256, key),
        };
    }

    /// <summary>The key identifiers of a certificate and of its issuer's key, as hexadecimal; <c>null</c> where it has none.</summary>
    public static (string? Own, string? Issuer) ReadKeyIdentifiers(byte[] der)
    {
        AsnReader content = Der.OpenSequence(SignedStructure.Read(der).Content);
        SkipVersion(content);
        for (int i = 0; i < 6; i++)
        {
            content.ReadEncodedValue(); // serial number, algorithm, issuer, validity, subject, key
        }

        IReadOnlyDictionary<string, ReadOnlyMemory<byte>> extensions = ReadExtensions(content);
        string? own = extensions.TryGetValue(Oids.SubjectKeyIdentifier, out ReadOnlyMemory<byte> value) ? Hashes.ToHex(Der.Open(value).ReadOctetString()) : null;
        return (own, ReadIssuerKey(extensions) is byte[] issuer ? Hashes.ToHex(issuer) : null);
    }

    /// <summary>The key identifier of the issuer, <c>null</c> when there is none, and the serial number as it stands in the certificate.</summary>
    public static (byte[]? IssuerKey, byte[] SerialNumber) ReadIssuance(byte[] der)
    {
        AsnReader content = Der.OpenSequence(SignedStructure.Read(der).Content);
        SkipVersion(content);
        byte[] serialNumber = content.ReadIntegerBytes().ToArray();
        for (int i = 0; i < 5; i++)
        {
            content.ReadEncodedValue(); // algorithm, issuer, validity, subject, key
        }

        return (ReadIssuerKey(ReadExtensions(content)), serialNumber);
    }

    /// <summary>keyIdentifier of the authority key identifier (RFC 5280 §4.2.1.1); <c>null</c> when there is none.</summary>
    private static byte[]? ReadIssuerKey(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> extensions)
    {
        AsnReader? identifier = extensions.TryGetValue(Oids.AuthorityKeyIdentifier, out ReadOnlyMemory<byte> value) ? Der.OpenSequence(value) : null;
        return identifier is not null && Der.NextIs(identifier, 0) ? identifier.ReadOctetString(new Asn1Tag(TagClass.ContextSpecific, 0)) : null;
    }

    private static void SkipVersion(AsnReader content)
    {
        if (Der.NextIs(content, 0))
        {
            content.ReadEncodedValue();
        }
    }

    private static DateTimeOffset ReadTime(AsnReader validity) => Der.NextIs(validity, UniversalTagNumber.UtcTime)
        ? validity.ReadUtcTime().ToUniversalTime()
        : validity.ReadGeneralizedTime().ToUniversalTime();

    private static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ReadExtensions(AsnReader content)
    {
        Dictionary<string, ReadOnlyMemory<byte>> extensions = new(StringComparer.Ordinal);
        while (content.HasData && !Der.NextIs(content, 3))
        {
            content.ReadEncodedValue(); // the unique identifiers of version 2
        }

        if (!content.HasData)
        {
            return extensions;
        }

        AsnReader list = content.ReadSequence(Der.Tag(3)).ReadSequence();
        while (list.HasData)
        {
            (string oid, ReadOnlyMemory<byte> value) = ReadExtension(list);
            extensions[oid] = value;
        }

        return extensions;
    }

    /// <summary>Reads one Extension (RFC 5280 §4.1.2.9).</summary>
    public static (string Oid, ReadOnlyMemory<byte> Value) ReadExtension(AsnReader list)
    {
        AsnReader extension = list.ReadSequence();
        string oid = extension.ReadObjectIdentifier();
        if (Der.NextIs(extension, UniversalTagNumber.Boolean))
        {
            extension.ReadBoolean();
        }

        return (oid, extension.ReadOctetString());
    }

    private static IReadOnlyList<DomainName> ReadNames(ReadOnlyMemory<byte> subject, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> extensions) =>
        (extensions.TryGetValue(Oids.SubjectAltName, out ReadOnlyMemory<byte> names) ? SubjectAltName.Read(names) : DistinguishedName.DomainNames(subject))
        .Distinct().ToList();

    private static bool SaysAuthority(ReadOnlyMemory<byte> constraints)
    {
        AsnReader sequence = Der.OpenSequence(constraints);
        return Der.NextIs(sequence, UniversalTagNumber.Boolean) && sequence.ReadBoolean();
    }

    private static string SerialToText(byte[] number) =>
        Hashes.ToHex(number.Length > 1 && number[0] == 0 ? number.Skip(1).ToArray() : number);
}
