using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Makes certificates from parts, wrong ones too.</summary>
internal static class CertificateForge
{
    private static readonly SecureRandom Randomness = new();

    public static AsymmetricCipherKeyPair NewKey()
    {
        ECKeyPairGenerator generator = new();
        generator.Init(new ECKeyGenerationParameters(SecObjectIdentifiers.SecP256r1, Randomness));
        return generator.GenerateKeyPair();
    }

    public static BigInteger NewSerial() => new BigInteger(127, Randomness).SetBit(100);

    /// <summary>Octets that name a key: the first 160 bits of its hash (RFC 7093 §2).</summary>
    public static byte[] KeyId(AsymmetricKeyParameter publicKey) =>
        [.. DigestUtilities.CalculateDigest("SHA-256", SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(publicKey).GetDerEncoded()).Take(20)];

    /// <summary>An authority's certificate; self-signed when it is its own issuer.</summary>
    public static byte[] Authority(string subject, AsymmetricCipherKeyPair key, string issuer, AsymmetricCipherKeyPair issuerKey)
    {
        X509V3CertificateGenerator content = Begin(NewSerial(), new X509Name(subject), new X509Name(issuer), key.Public, issuerKey.Public);
        content.SetNotBefore(new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        content.SetNotAfter(new DateTime(2049, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        content.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(true));
        content.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
        return Sign(content, issuerKey);
    }

    /// <summary>A server's certificate for names and addresses.</summary>
    public static byte[] Leaf(
        BigInteger serial,
        string? commonName,
        IReadOnlyList<string> names,
        AsymmetricKeyParameter publicKey,
        string issuer,
        AsymmetricCipherKeyPair issuerKey,
        AsymmetricCipherKeyPair signer,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter)
    {
        X509Name subject = commonName is null ? X509Name.GetInstance(new DerSequence()) : new X509Name("CN=" + commonName);
        X509V3CertificateGenerator content = Begin(serial, subject, new X509Name(issuer), publicKey, issuerKey.Public);
        content.SetNotBefore(notBefore.UtcDateTime);
        content.SetNotAfter(notAfter.UtcDateTime);
        content.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(false));
        content.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.DigitalSignature));
        content.AddExtension(X509Extensions.ExtendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeID.IdKPServerAuth));
        GeneralName[] general = [.. names.Select(name => IPAddress.TryParse(name, out IPAddress? address)
            ? new GeneralName(GeneralName.IPAddress, new DerOctetString(address.GetAddressBytes()))
            : new GeneralName(GeneralName.DnsName, name))];
        content.AddExtension(X509Extensions.SubjectAlternativeName, commonName is null, new GeneralNames(general));
        return Sign(content, signer);
    }

    private static X509V3CertificateGenerator Begin(
        BigInteger serial, X509Name subject, X509Name issuer, AsymmetricKeyParameter publicKey, AsymmetricKeyParameter issuerKey)
    {
        X509V3CertificateGenerator content = new();
        content.SetSerialNumber(serial);
        content.SetSubjectDN(subject);
        content.SetIssuerDN(issuer);
        content.SetPublicKey(publicKey);
        content.AddExtension(X509Extensions.SubjectKeyIdentifier, false, new DerOctetString(KeyId(publicKey)));
        content.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, new DerSequence(new DerTaggedObject(false, 0, new DerOctetString(KeyId(issuerKey)))));
        return content;
    }

    private static byte[] Sign(X509V3CertificateGenerator content, AsymmetricCipherKeyPair signer) =>
        content.Generate(new Asn1SignatureFactory("SHA256WITHECDSA", signer.Private, Randomness)).GetEncoded();
}
