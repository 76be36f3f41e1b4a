namespace KeyManager.Providers.Keys;

/// <summary>The object identifiers that keys, requests, certificates and keystores are made of.</summary>
internal static class Oids
{
    // Public keys
    public const string Rsa = "1.2.840.113549.1.1.1";
    public const string RsaPss = "1.2.840.113549.1.1.10";
    public const string EcPublicKey = "1.2.840.10045.2.1";
    public const string Ed25519 = "1.3.101.112";
    public const string P256 = "1.2.840.10045.3.1.7";
    public const string P384 = "1.3.132.0.34";
    public const string P521 = "1.3.132.0.35";

    /// <summary>id-pe-acmeIdentifier (RFC 8737 §6.1).</summary>
    public const string AcmeIdentifier = "1.3.6.1.5.5.7.1.31";

    // Hashes
    public const string Md5 = "1.2.840.113549.2.5";
    public const string Sha1 = "1.3.14.3.2.26";
    public const string Sha224 = "2.16.840.1.101.3.4.2.4";
    public const string Sha256 = "2.16.840.1.101.3.4.2.1";
    public const string Sha384 = "2.16.840.1.101.3.4.2.2";
    public const string Sha512 = "2.16.840.1.101.3.4.2.3";

    // Password based encryption (RFC 8018, RFC 7292 appendix C, RFC 7914)
    public const string Pbes2 = "1.2.840.113549.1.5.13";
    public const string Pbkdf2 = "1.2.840.113549.1.5.12";
    public const string Pbmac1 = "1.2.840.113549.1.5.14";
    public const string Scrypt = "1.3.6.1.4.1.11591.4.11";
    public const string HmacSha1 = "1.2.840.113549.2.7";
    public const string HmacSha224 = "1.2.840.113549.2.8";
    public const string HmacSha256 = "1.2.840.113549.2.9";
    public const string HmacSha384 = "1.2.840.113549.2.10";
    public const string HmacSha512 = "1.2.840.113549.2.11";
    public const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    public const string Aes192Cbc = "2.16.840.1.101.3.4.1.22";
    public const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    public const string TripleDesCbc = "1.2.840.113549.3.7";
    public const string DesCbc = "1.3.14.3.2.7";
    public const string Rc2Cbc = "1.2.840.113549.3.2";
    public const string PbeMd5Des = "1.2.840.113549.1.5.3";
    public const string PbeMd5Rc2 = "1.2.840.113549.1.5.6";
    public const string PbeSha1Des = "1.2.840.113549.1.5.10";
    public const string PbeSha1Rc2 = "1.2.840.113549.1.5.11";
    public const string Pkcs12Rc4Of128 = "1.2.840.113549.1.12.1.1";
    public const string Pkcs12Rc4Of40 = "1.2.840.113549.1.12.1.2";
    public const string Pkcs12TripleDes = "1.2.840.113549.1.12.1.3";
    public const string Pkcs12TwoKeyTripleDes = "1.2.840.113549.1.12.1.4";
    public const string Pkcs12Rc2Of128 = "1.2.840.113549.1.12.1.5";
    public const string Pkcs12Rc2Of40 = "1.2.840.113549.1.12.1.6";

    // PKCS#7 and PKCS#12
    public const string Pkcs7Data = "1.2.840.113549.1.7.1";
    public const string Pkcs7SignedData = "1.2.840.113549.1.7.2";
    public const string Pkcs7EncryptedData = "1.2.840.113549.1.7.6";
    public const string KeyBag = "1.2.840.113549.1.12.10.1.1";
    public const string ShroudedKeyBag = "1.2.840.113549.1.12.10.1.2";
    public const string CertificateBag = "1.2.840.113549.1.12.10.1.3";
    public const string SafeContentsBag = "1.2.840.113549.1.12.10.1.6";
    public const string X509Certificate = "1.2.840.113549.1.9.22.1";
    public const string FriendlyName = "1.2.840.113549.1.9.20";
    public const string LocalKeyId = "1.2.840.113549.1.9.21";
    public const string KeyProviderName = "1.3.6.1.4.1.311.17.1";
    public const string JavaTrustedKeyUsage = "2.16.840.1.113894.746875.1.1";
    public const string AnyExtendedKeyUsage = "2.5.29.37.0";
    public const string JavaKeyProtector = "1.3.6.1.4.1.42.2.17.1.1";

    // Names, attributes and extensions
    public const string CommonName = "2.5.4.3";
    public const string Country = "2.5.4.6";
    public const string Locality = "2.5.4.7";
    public const string State = "2.5.4.8";
    public const string Organization = "2.5.4.10";
    public const string OrganizationalUnit = "2.5.4.11";
    public const string Email = "1.2.840.113549.1.9.1";
    public const string ExtensionRequest = "1.2.840.113549.1.9.14";
    public const string SubjectKeyIdentifier = "2.5.29.14";
    public const string SubjectAltName = "2.5.29.17";
    public const string BasicConstraints = "2.5.29.19";
    public const string AuthorityKeyIdentifier = "2.5.29.35";
}
