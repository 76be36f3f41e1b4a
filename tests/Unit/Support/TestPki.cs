using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Keys;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace KeyManager.Tests.Support;

/// <summary>Keys and certificates made for one run of the tests; RSA only once, because it is slow. Nobody disposes the shared keys.</summary>
public static class TestPki
{
    private static readonly Lazy<IReadOnlyDictionary<string, KeyPair>> SharedKeys = new(() => new[]
    {
        KeySpec.Create(KeyAlgorithm.Rsa, 2048),
        KeySpec.Create(KeyAlgorithm.Ecdsa, 256),
        KeySpec.Create(KeyAlgorithm.Ecdsa, 384),
        KeySpec.Create(KeyAlgorithm.Ecdsa, 521),
        KeySpec.Create(KeyAlgorithm.Ed25519),
    }.ToDictionary(spec => spec.ToString(), spec => new KeyTools().Generate(spec), StringComparer.Ordinal));

    private static readonly Lazy<Issued> SharedRoot = new(() => Issue("CN=Test Root,O=Contoso", Key("ECDSA P-384"), null));
    private static readonly Lazy<Issued> SharedIntermediate = new(() => Issue("CN=Test Intermediate,O=Contoso", NewKey(), SharedRoot.Value, isAuthority: true));

    public static Issued Root => SharedRoot.Value;

    public static Issued Intermediate => SharedIntermediate.Value;

    /// <summary>The shared key of a kind, as <see cref="KeySpec"/> writes it: "RSA 2048", "ECDSA P-256", "Ed25519".</summary>
    public static KeyPair Key(string kind) => SharedKeys.Value[kind];

    public static KeyPair NewKey() => new KeyTools().Generate(KeySpec.Default);

    /// <summary>A server certificate of the intermediate, with its chain.</summary>
    public static KeystoreEntry Entry(string alias, string host = "www.contoso.com", KeyPair? key = null)
    {
        KeyPair own = key ?? NewKey();
        return new KeystoreEntry
        {
            Alias = alias,
            Key = own,
            Certificates = [Issue("CN=" + host, own, Intermediate, dnsName: host).Der, Intermediate.Der, Root.Der],
        };
    }

    /// <summary>Issues a certificate; without an issuer it is a self-signed authority.</summary>
    public static Issued Issue(
        string subject, KeyPair key, Issued? issuer, bool isAuthority = false, string? dnsName = null, DateTime? notAfter = null, string? serialNumber = null) => new(
            subject,
            key,
            Sign(
                subject,
                key.SubjectPublicKeyInfo,
                issuer?.Subject ?? subject,
                issuer?.Key ?? key,
                isAuthority || issuer is null,
                dnsName is null ? [] : [dnsName],
                new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                notAfter ?? new DateTime(2036, 1, 1, 0, 0, 0, DateTimeKind.Utc),
                serialNumber));

    /// <summary>Issues what a request asks for.</summary>
    public static byte[] Issue(CertificateRequestContent request, Issued issuer, DateTimeOffset notBefore, DateTimeOffset notAfter) => Sign(
        request.Subject, request.SubjectPublicKeyInfo, issuer.Subject, issuer.Key, false, [.. request.DomainNames.Select(n => n.Ascii)], notBefore.UtcDateTime, notAfter.UtcDateTime, null);

    private static byte[] Sign(
        string subject,
        byte[] subjectPublicKeyInfo,
        string issuer,
        KeyPair issuerKey,
        bool isAuthority,
        IReadOnlyList<string> dnsNames,
        DateTime notBefore,
        DateTime notAfter,
        string? serialNumber)
    {
        V3TbsCertificateGenerator generator = new();
        generator.SetSerialNumber(new DerInteger(new BigInteger(serialNumber ?? Guid.NewGuid().ToString("N"), 16)));
        generator.SetSubject(new X509Name(subject));
        generator.SetIssuer(new X509Name(issuer));
        generator.SetStartDate(new Time(notBefore));
        generator.SetEndDate(new Time(notAfter));
        generator.SetSubjectPublicKeyInfo(SubjectPublicKeyInfo.GetInstance(Asn1Object.FromByteArray(subjectPublicKeyInfo)));
        X509ExtensionsGenerator extensions = new();
        extensions.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(isAuthority));
        if (dnsNames.Count > 0)
        {
            extensions.AddExtension(X509Extensions.SubjectAlternativeName, false, new GeneralNames([.. dnsNames.Select(name => new GeneralName(GeneralName.DnsName, name))]));
        }

        generator.SetExtensions(extensions.Generate());
        PrivateKey signer = PrivateKey.Decode(issuerKey.Pkcs8);
        byte[] algorithm = SignatureAlgorithm.Identify(signer.Spec.Algorithm, SignatureHash.SHA256);
        generator.SetSignature(AlgorithmIdentifier.GetInstance(Asn1Object.FromByteArray(algorithm)));
        return SignedStructure.Sign(generator.GenerateTbsCertificate().GetDerEncoded(), signer, SignatureHash.SHA256);
    }

    public sealed record Issued(string Subject, KeyPair Key, byte[] Der)
    {
        private readonly Lazy<CertificateContent> _content = new(() => new CertificateTools().Parse(Der));

        public CertificateContent Content => _content.Value;
    }
}
