using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>Builds and signs the certificates of a private authority (RFC 5280, Baseline Requirements §7.1 in spirit).</summary>
internal static class CertificateBuilder
{
    /// <summary>Longest common name (RFC 5280 appendix A, ub-common-name).</summary>
    private const int LongestCommonName = 64;

    private static SecureRandom NewRandom() => new(new CryptoApiRandomGenerator());

    /// <summary>A self-signed root that may have one level of authorities below it.</summary>
    public static byte[] BuildRoot(string name, string? organization, KeyPair key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        X509Name subject = Name(name, organization);
        X509V3CertificateGenerator generator = Start(subject, subject, key.SubjectPublicKeyInfo, notBefore, notAfter, out _);
        generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(1));
        generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
        return Sign(generator, key.Pkcs8, key.Spec, SignatureHash.SHA384);
    }

    /// <summary>An issuing authority below the root; it can sign end-entity certificates only.</summary>
    public static byte[] BuildIssuing(
        string name, string? organization, KeyPair key, byte[] rootDer, byte[] rootKey, KeySpec rootSpec, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        X509Certificate root = Parse(rootDer);
        X509V3CertificateGenerator generator = Start(Name(name, organization), root.SubjectDN, key.SubjectPublicKeyInfo, notBefore, notAfter, out _);
        generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(0));
        generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, KeyIdentifierOf(root));
        return Sign(generator, rootKey, rootSpec, SignatureHash.SHA384);
    }

    /// <summary>An end-entity certificate for servers and clients.</summary>
    public static byte[] BuildLeaf(
        CertificateOrder order, byte[] subjectPublicKeyInfo, byte[] issuerDer, byte[] issuerKey, KeySpec issuerSpec,
        DateTimeOffset notBefore, DateTimeOffset notAfter, string? crlUrl, out string serialNumber)
    {
        X509Certificate issuer = Parse(issuerDer);
        X509Name subject = LeafName(order);
        X509V3CertificateGenerator generator = Start(subject, issuer.SubjectDN, subjectPublicKeyInfo, notBefore, notAfter, out BigInteger serial);
        int usage = order.KeySpec.Algorithm == KeyAlgorithm.Rsa ? KeyUsage.DigitalSignature | KeyUsage.KeyEncipherment : KeyUsage.DigitalSignature;
        generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(false));
        generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(usage));
        generator.AddExtension(X509Extensions.ExtendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeID.IdKPServerAuth, KeyPurposeID.IdKPClientAuth));
        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, KeyIdentifierOf(issuer));

        // RFC 5280 §4.2.1.6: critical when the subject is empty.
        bool emptySubject = subject.GetValueList().Count == 0;
        generator.AddExtension(X509Extensions.SubjectAlternativeName, emptySubject, new GeneralNames([.. order.DomainNames.Select(Name)]));
        if (crlUrl is not null)
        {
            DistributionPointName point = new(new GeneralNames(new GeneralName(GeneralName.UniformResourceIdentifier, crlUrl)));
            generator.AddExtension(X509Extensions.CrlDistributionPoints, false, new CrlDistPoint([new DistributionPoint(point, null, null)]));
        }

        serialNumber = HexSerial(serial);
        return Sign(generator, issuerKey, issuerSpec, order.SignatureAlgorithm);
    }

    /// <summary>A revocation list (RFC 5280 §5) of one issuing authority.</summary>
    public static byte[] BuildRevocationList(
        byte[] issuerDer, byte[] issuerKey, KeySpec issuerSpec, IEnumerable<(string Serial, DateTimeOffset At, RevocationReason Reason)> revoked,
        long number, DateTimeOffset now, DateTimeOffset nextUpdate)
    {
        X509Certificate issuer = Parse(issuerDer);
        X509V2CrlGenerator generator = new();
        generator.SetIssuerDN(issuer.SubjectDN);
        generator.SetThisUpdate(now.UtcDateTime);
        generator.SetNextUpdate(nextUpdate.UtcDateTime);
        foreach ((string serial, DateTimeOffset at, RevocationReason reason) in revoked)
        {
            generator.AddCrlEntry(new BigInteger(serial, 16), at.UtcDateTime, (int)reason);
        }

        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, KeyIdentifierOf(issuer));
        generator.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(BigInteger.ValueOf(number)));
        return generator.Generate(Signer(issuerKey, issuerSpec, SignatureHash.SHA256)).GetEncoded();
    }

    /// <summary>Serial number as KeyManager writes it: upper-case hexadecimal, whole bytes, no leading zero byte.</summary>
    public static string HexSerial(BigInteger serial)
    {
        string text = serial.ToString(16).ToUpperInvariant();
        return text.Length % 2 == 0 ? text : "0" + text;
    }

    private static X509V3CertificateGenerator Start(
        X509Name subject, X509Name issuer, byte[] subjectPublicKeyInfo, DateTimeOffset notBefore, DateTimeOffset notAfter, out BigInteger serial)
    {
        AsymmetricKeyParameter publicKey = PublicKeyFactory.CreateKey(subjectPublicKeyInfo);

        // 127 random bits with the highest set: positive, never short, far above the 64 that the Baseline Requirements §7.1.2.7 ask for.
        serial = new BigInteger(126, NewRandom()).SetBit(126);
        X509V3CertificateGenerator generator = new();
        generator.SetSerialNumber(serial);
        generator.SetSubjectDN(subject);
        generator.SetIssuerDN(issuer);
        generator.SetNotBefore(notBefore.UtcDateTime);
        generator.SetNotAfter(notAfter.UtcDateTime);
        generator.SetPublicKey(publicKey);
        generator.AddExtension(X509Extensions.SubjectKeyIdentifier, false, new SubjectKeyIdentifierStructure(publicKey));
        return generator;
    }

    private static byte[] Sign(X509V3CertificateGenerator generator, byte[] pkcs8, KeySpec spec, SignatureHash hash) =>
        generator.Generate(Signer(pkcs8, spec, hash)).GetEncoded();

    private static Asn1SignatureFactory Signer(byte[] pkcs8, KeySpec spec, SignatureHash hash) =>
        new(hash + (spec.Algorithm == KeyAlgorithm.Rsa ? "WITHRSA" : "WITHECDSA"), PrivateKeyFactory.CreateKey(pkcs8), NewRandom());

    /// <summary>The key identifier alone: issuer and serial number would tie a certificate to one certificate of its issuer (RFC 5280 §4.2.1.1).</summary>
    private static AuthorityKeyIdentifier KeyIdentifierOf(X509Certificate issuer)
    {
        // Every authority that Start builds has one.
        Asn1OctetString subject = issuer.GetExtensionValue(X509Extensions.SubjectKeyIdentifier)!;
        return new AuthorityKeyIdentifier(SubjectKeyIdentifier.GetInstance(X509ExtensionUtilities.FromExtensionValue(subject)).GetKeyIdentifier());
    }

    private static X509Certificate Parse(byte[] der) => new X509CertificateParser().ReadCertificate(der);

    private static X509Name Name(string commonName, string? organization)
    {
        List<DerObjectIdentifier> order = [];
        List<string> values = [];
        if (organization is not null)
        {
            order.Add(X509Name.O);
            values.Add(organization);
        }

        order.Add(X509Name.CN);
        values.Add(commonName);
        return new X509Name(order, values);
    }

    private static X509Name LeafName(CertificateOrder order)
    {
        List<DerObjectIdentifier> types = [];
        List<string> values = [];
        void Add(DerObjectIdentifier type, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                types.Add(type);
                values.Add(value!);
            }
        }

        Add(X509Name.C, order.Subject?.Country);
        Add(X509Name.ST, order.Subject?.State);
        Add(X509Name.L, order.Subject?.Locality);
        Add(X509Name.O, order.Subject?.Organization);
        foreach (string unit in order.Subject?.OrganizationalUnits ?? [])
        {
            Add(X509Name.OU, unit);
        }

        Add(X509Name.CN, order.Subject?.CommonName
            ?? order.DomainNames.Where(n => n.Kind != DomainNameKind.IpAddress && n.Ascii.Length <= LongestCommonName).Select(n => n.Ascii).FirstOrDefault());
        return new X509Name(types, values);
    }

    private static GeneralName Name(DomainName name) => name.Kind == DomainNameKind.IpAddress
        ? new GeneralName(GeneralName.IPAddress, new DerOctetString(IPAddress.Parse(name.Ascii).GetAddressBytes()))
        : new GeneralName(GeneralName.DnsName, name.Ascii);
}
