using System.Linq;

namespace KeyManager;

/// <summary>Checks that a private key belongs to what is given with it, before anything is signed, stored or deployed.</summary>
public static class KeyMatch
{
    /// <summary>True when both are the same public key.</summary>
    public static bool IsSame(byte[] subjectPublicKeyInfo, byte[] other) => subjectPublicKeyInfo.SequenceEqual(other);

    /// <summary>Passes when the certificate was issued for the key.</summary>
    /// <param name="keySource">What to call the key in the error: a path, a name or "the pasted key".</param>
    /// <param name="certificateSource">What to call the certificate.</param>
    /// <exception cref="KeyMaterialException">KmKeyMismatch.</exception>
    public static void RequireCertificate(KeyPair key, string keySource, CertificateContent certificate, string certificateSource)
    {
        if (!IsSame(Guard.NotNull(key).SubjectPublicKeyInfo, Guard.NotNull(certificate).SubjectPublicKeyInfo))
        {
            throw new KeyMaterialException(
                ErrorIds.KeyMismatch,
                $"The private key ({keySource}, {key.Spec}) does not belong to the certificate ({certificateSource}, {certificate.KeyDescription}, serial number {certificate.SerialNumber}).")
            {
                Target = keySource,
                Remedy = "Give the private key whose CSR the certificate was ordered with, or the certificate that was issued for this key.",
            };
        }
    }

    /// <summary>Passes when the request was made with the key.</summary>
    /// <param name="keySource">What to call the key in the error: a path, a name or "the pasted key".</param>
    /// <param name="requestSource">What to call the request.</param>
    /// <exception cref="KeyMaterialException">KmCsrMismatch.</exception>
    public static void RequireRequest(KeyPair key, string keySource, CertificateRequestContent request, string requestSource)
    {
        if (!IsSame(Guard.NotNull(key).SubjectPublicKeyInfo, Guard.NotNull(request).SubjectPublicKeyInfo))
        {
            throw new KeyMaterialException(
                ErrorIds.CsrMismatch,
                $"The private key ({keySource}, {key.Spec}) does not belong to the certificate request ({requestSource}, {request.KeySpec}).")
            {
                Target = requestSource,
                Remedy = "Give the private key that the CSR was made with, or make a new CSR with this key (New-KmCsr).",
            };
        }
    }
}
