using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>Reads certificates and checks that they belong together.</summary>
public interface ICertificateTools
{
    /// <summary>Reads one DER certificate.</summary>
    /// <exception cref="KeyMaterialException">KmCertificateUnreadable.</exception>
    CertificateContent Parse(byte[] der);

    /// <summary>Reads every certificate in PEM (several blocks), DER, or PKCS#7 (DER or PEM), in the order found.</summary>
    /// <exception cref="KeyMaterialException">KmCertificateUnreadable, also when there is none.</exception>
    IReadOnlyList<CertificateContent> ReadAll(byte[] data, string source);

    /// <summary>
    /// The path from <paramref name="leaf"/> upwards found among <paramref name="candidates"/> by issuer name, key identifier and signature,
    /// without the leaf; ends at a self-signed certificate or where no issuer is found.
    /// </summary>
    IReadOnlyList<CertificateContent> OrderChain(CertificateContent leaf, IEnumerable<CertificateContent> candidates);

    /// <summary>Which of several unordered certificates is the end-entity one: the one that issued none of the others.</summary>
    CertificateContent FindLeaf(IReadOnlyList<CertificateContent> certificates);

    /// <summary>True when <paramref name="issuer"/>'s key verifies the signature on <paramref name="certificate"/>.</summary>
    bool IsSignedBy(CertificateContent certificate, CertificateContent issuer);

    /// <summary>Concatenated "CERTIFICATE" PEM blocks, 64 characters a line, line feeds only.</summary>
    byte[] ToPem(IEnumerable<byte[]> certificates);

    /// <summary>A certs-only PKCS#7 SignedData, DER (RFC 2315).</summary>
    byte[] ToPkcs7(IReadOnlyList<byte[]> certificates);
}
