using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;

namespace KeyManager.Providers.Keys;

/// <summary>PKCS#10 requests. Has no state; safe for several threads.</summary>
public sealed class CertificateRequestTools : ICertificateRequestTools
{
    // RFC 5280 appendix A.1, ub-common-name: authorities refuse a longer one, and no client reads it where there is a subjectAltName.
    private const int MaximumCommonName = 64;

    private const string Remedy = "Give a PKCS#10 request as PEM (-----BEGIN CERTIFICATE REQUEST-----) or DER, or make one with New-KmCsr.";

    /// <exception cref="InvalidRequestException">KmInvalidParameter: there is no name, or a part of the subject is too long.</exception>
    public byte[] Create(KeyPair key, IReadOnlyList<DomainName> names, SubjectName? subject, SignatureHash hash)
    {
        Guard.NotNull(key);
        IReadOnlyList<DomainName> distinct = Guard.NotNull(names).Distinct().ToList();
        string? commonName = string.IsNullOrWhiteSpace(subject?.CommonName)
            ? distinct.FirstOrDefault(n => n.Kind != DomainNameKind.IpAddress && n.Ascii.Length <= MaximumCommonName) is { Ascii.Length: > 0 } name ? name.Ascii : null
            : subject!.CommonName;
        if (distinct.Count == 0 && commonName is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "A certificate request needs at least one name.") { Remedy = "Give -DomainName." };
        }

        SubjectLimits.Check(subject, commonName);
        AsnWriter subjectWriter = Der.Writer();
        DistinguishedName.Write(subjectWriter, subject, commonName);
        byte[] subjectDer = subjectWriter.Encode();
        AsnWriter info = Der.Writer();
        using (info.PushSequence())
        {
            info.WriteInteger(0);
            info.WriteEncodedValue(subjectDer);
            info.WriteEncodedValue(key.SubjectPublicKeyInfo);
            using (info.PushSetOf(Der.Tag(0)))
            {
                if (distinct.Count > 0)
                {
                    // An empty sequence is two bytes. RFC 5280 §4.2.1.6: without a subject the names are all there is, so they are critical.
                    WriteExtensionRequest(info, SubjectAltName.Encode(distinct), critical: subjectDer.Length == 2);
                }
            }
        }

        PrivateKey privateKey = UntrustedBytes.Read(
            "The private key", ErrorIds.PrivateKeyUnreadable, "a private key", "Make a new key.", () => PrivateKey.Decode(key.Pkcs8, isOurs: true));
        return SignedStructure.Sign(info.Encode(), privateKey, hash);
    }

    public CertificateRequestContent Read(byte[] data, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(source, ErrorIds.CsrUnreadable, "a certificate request", Remedy, () => Decode(FindRequest(data), verify: true));
    }

    public CertificateRequestContent ReadStored(byte[] der, string source)
    {
        Guard.NotNull(der);
        return UntrustedBytes.Read(source, ErrorIds.CsrUnreadable, "a certificate request", "Restore the store from a backup.", () => Decode(der, verify: false));
    }

    private static byte[] FindRequest(byte[] data)
    {
        if (data.Length == 0)
        {
            throw new UnusableBytesException(null, "is empty");
        }

        if (!PemText.IsIn(data))
        {
            return data;
        }

        IReadOnlyList<PemBlock> blocks = PemText.Read(data);
        return blocks.FirstOrDefault(b => b.IsCertificateRequest)?.Data
            ?? throw new UnusableBytesException(null, $"holds no certificate request, only: {string.Join(", ", blocks.Select(b => b.Label).Distinct())}");
    }

    private static CertificateRequestContent Decode(byte[] der, bool verify)
    {
        SignedStructure request = SignedStructure.Read(der);
        AsnReader info = Der.OpenSequence(request.Content);
        if (!Der.NextIs(info, UniversalTagNumber.Integer) || Der.ReadNumber(info) != 0)
        {
            throw new FormatException("A request has version 0.");
        }

        ReadOnlyMemory<byte> subject = info.ReadEncodedValue();
        byte[] key = info.ReadEncodedValue().ToArray();
        CertificateRequestContent content = new()
        {
            Der = der,
            Subject = DistinguishedName.ToText(subject),
            DomainNames = DistinguishedName.DomainNames(subject).Concat(ReadRequestedNames(info)).Distinct().ToList(),
            KeySpec = PublicKey.ReadSpec(key),
            SignatureAlgorithm = SignatureAlgorithm.NameOf(request.Algorithm),
            SubjectPublicKeyInfo = key,
        };
        return !verify || request.IsSignedBy(key)
            ? content
            : throw new UnusableBytesException(
                null, "has a signature that its own key does not verify, so it was changed or damaged after it was made", "Make the request again.");
    }

    private static IReadOnlyList<DomainName> ReadRequestedNames(AsnReader info)
    {
        List<DomainName> names = [];
        if (!Der.NextIs(info, 0))
        {
            return names; // RFC 2986 wants the attributes even when there are none; some programs leave them out
        }

        AsnReader attributes = info.ReadSetOf(skipSortOrderValidation: true, Der.Tag(0));
        while (attributes.HasData)
        {
            AsnReader attribute = attributes.ReadSequence();
            if (attribute.ReadObjectIdentifier() != Oids.ExtensionRequest)
            {
                continue;
            }

            AsnReader extensions = attribute.ReadSetOf(skipSortOrderValidation: true).ReadSequence();
            while (extensions.HasData)
            {
                (string oid, ReadOnlyMemory<byte> value) = CertificateReader.ReadExtension(extensions);
                if (oid == Oids.SubjectAltName)
                {
                    names.AddRange(SubjectAltName.Read(value));
                }
            }
        }

        return names;
    }

    private static void WriteExtensionRequest(AsnWriter writer, byte[] names, bool critical)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.ExtensionRequest);
            using (writer.PushSetOf())
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.SubjectAltName);
                if (critical)
                {
                    writer.WriteBoolean(true);
                }

                writer.WriteOctetString(names);
            }
        }
    }
}
