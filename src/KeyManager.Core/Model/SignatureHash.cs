namespace KeyManager;

/// <summary>The hash of a signature over a CSR or certificate. Ed25519 keys bring their own and ignore it.</summary>
public enum SignatureHash
{
    /// <summary>SHA-256.</summary>
    SHA256,

    /// <summary>SHA-384.</summary>
    SHA384,

    /// <summary>SHA-512.</summary>
    SHA512,
}
