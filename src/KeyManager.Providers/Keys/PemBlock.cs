using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Keys;

/// <summary>One block of PEM text (RFC 7468), with the headers of the older form (RFC 1421), such as DEK-Info.</summary>
internal sealed record PemBlock(string Label, IReadOnlyDictionary<string, string> Headers, byte[] Data)
{
    public const string Certificate = "CERTIFICATE";
    public const string PrivateKey = "PRIVATE KEY";
    public const string EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";

    public bool IsPrivateKey => Label.EndsWith(PrivateKey, StringComparison.Ordinal);

    /// <summary>"TRUSTED CERTIFICATE", an OpenSSL form with extra data behind the certificate, is not one of these.</summary>
    public bool IsCertificate => Label is Certificate or "X509 CERTIFICATE";

    public bool IsPkcs7 => Label is "PKCS7" or "CMS" or "PKCS #7 SIGNED DATA";

    public bool IsCertificateRequest => Label is "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST";
}
