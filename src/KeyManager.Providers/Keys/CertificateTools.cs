using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>X.509 certificates in PEM, DER and PKCS#7. Has no state; safe for several threads.</summary>
public sealed class CertificateTools : ICertificateTools
{
    private const string Remedy = "Give a certificate as PEM (-----BEGIN CERTIFICATE-----), DER or PKCS#7.";

    public CertificateContent Parse(byte[] der) => Parse(der, "The certificate");

    public IReadOnlyList<CertificateContent> ReadAll(byte[] data, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(source, ErrorIds.CertificateUnreadable, "a certificate", Remedy, () =>
        {
            IReadOnlyList<CertificateContent> certificates = Find(data).Select(CertificateReader.Read).ToList();
            return certificates.Count > 0 ? certificates : throw new UnusableBytesException(null, "holds no certificate");
        });
    }

    public IReadOnlyList<CertificateContent> OrderChain(CertificateContent leaf, IEnumerable<CertificateContent> candidates)
    {
        Guard.NotNull(leaf);
        return new ChainBuilder(Guard.NotNull(candidates)).PathFrom(leaf);
    }

    public CertificateContent FindLeaf(IReadOnlyList<CertificateContent> certificates)
    {
        Guard.NotNull(certificates);
        if (certificates.Count == 0)
        {
            throw new KeyMaterialException(ErrorIds.CertificateNotFound, "There is no certificate among what was given.") { Remedy = Remedy };
        }

        ChainBuilder chains = new(certificates);
        HashSet<string> issuers = new(certificates.Select(c => chains.FindIssuer(c)?.Sha256Thumbprint).OfType<string>(), StringComparer.Ordinal);
        IReadOnlyList<CertificateContent> ends = certificates.Where(c => !issuers.Contains(c.Sha256Thumbprint)).ToList();
        return ends.FirstOrDefault(c => !c.IsAuthority) ?? ends.FirstOrDefault() ?? certificates[0];
    }

    public bool IsSignedBy(CertificateContent certificate, CertificateContent issuer) =>
        ChainBuilder.IsSignedBy(Guard.NotNull(certificate), Guard.NotNull(issuer));

    public byte[] ToPem(IEnumerable<byte[]> certificates) =>
        Encoding.ASCII.GetBytes(string.Concat(Guard.NotNull(certificates).Select(c => Pem.Encode(PemBlock.Certificate, c))));

    public byte[] ToPkcs7(IReadOnlyList<byte[]> certificates)
    {
        Guard.NotNull(certificates);
        return UntrustedBytes.Read(
            "The certificate", ErrorIds.CertificateUnreadable, "a certificate", Remedy, () => Pkcs7.Write(certificates));
    }

    private static CertificateContent Parse(byte[] der, string source)
    {
        Guard.NotNull(der);
        return UntrustedBytes.Read(source, ErrorIds.CertificateUnreadable, "a certificate", Remedy, () => CertificateReader.Read(der));
    }

    private static IEnumerable<byte[]> Find(byte[] data)
    {
        if (data.Length == 0)
        {
            throw new UnusableBytesException(null, "is empty");
        }

        if (PemText.IsIn(data))
        {
            return PemText.Read(data).SelectMany(b => b.IsPkcs7 ? Pkcs7.Read(b.Data) : b.IsCertificate ? [b.Data] : []);
        }

        return Pkcs7.IsIt(data) ? Pkcs7.Read(data) : [data];
    }
}
