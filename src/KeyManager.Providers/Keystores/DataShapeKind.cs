namespace KeyManager.Providers.Keystores;

/// <summary>What DER data without an outer keystore is.</summary>
internal enum DataShapeKind
{
    /// <summary>Nothing that KeyManager reads as key or certificate.</summary>
    Unknown,

    /// <summary>A certificate or a PKCS#7 file.</summary>
    Certificates,

    /// <summary>A private key, encrypted or not.</summary>
    PrivateKey,
}
