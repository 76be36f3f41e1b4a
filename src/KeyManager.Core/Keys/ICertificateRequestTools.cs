using System.Collections.Generic;

namespace KeyManager;

/// <summary>Makes and reads PKCS#10 certificate requests (RFC 2986).</summary>
public interface ICertificateRequestTools
{
    /// <summary>
    /// Makes a signed request. All names go into subjectAltName (dNSName in A-label form, iPAddress); the first DNS name that fits into 64
    /// characters becomes the common name; a request of IP addresses only has an empty subject unless <paramref name="subject"/> says otherwise.
    /// </summary>
    byte[] Create(KeyPair key, IReadOnlyList<DomainName> names, SubjectName? subject, SignatureHash hash);

    /// <summary>Reads PEM ("CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST") or DER and verifies its signature.</summary>
    /// <exception cref="KeyMaterialException">KmCsrUnreadable; KmKeyTooWeak.</exception>
    CertificateRequestContent Read(byte[] data, string source);

    /// <summary>Reads DER that the store has kept since it was read or made; its signature is not verified again.</summary>
    /// <exception cref="KeyMaterialException">KmCsrUnreadable.</exception>
    CertificateRequestContent ReadStored(byte[] der, string source);
}
