namespace KeyManager;

/// <summary>The kind of a key pair.</summary>
public enum KeyAlgorithm
{
    /// <summary>RSA, 2048 to 8192 bits.</summary>
    Rsa,

    /// <summary>ECDSA on the NIST curves P-256, P-384 and P-521.</summary>
    Ecdsa,

    /// <summary>Ed25519 (RFC 8410). No public web authority signs such keys yet; a private one may.</summary>
    Ed25519,
}
