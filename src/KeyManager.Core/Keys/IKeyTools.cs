namespace KeyManager;

/// <summary>Makes, reads and writes private keys.</summary>
public interface IKeyTools
{
    /// <summary>Makes a new key pair. RSA takes from tenths of a second to seconds, the others about a millisecond.</summary>
    KeyPair Generate(KeySpec spec);

    /// <summary>
    /// Reads a private key: PEM (PKCS#8 plain or encrypted, PKCS#1, SEC1, also the OpenSSL "Proc-Type: 4,ENCRYPTED" form) or DER of the same.
    /// Other PEM blocks in the same text, such as certificates or EC PARAMETERS, are passed over.
    /// </summary>
    /// <param name="data">The bytes of the file or the pasted text.</param>
    /// <param name="password">Password of an encrypted key; <c>null</c> when there is none.</param>
    /// <param name="source">What to call the data in an error: a path or "the pasted text".</param>
    /// <exception cref="KeyMaterialException">
    /// KmPrivateKeyUnreadable, KmKeystorePasswordRequired (encrypted and no password given), KmWrongPassword, KmKeyTooWeak (RSA under 2048 bits, other curves).
    /// </exception>
    KeyPair Read(byte[] data, string? password, string source);

    /// <summary>Rebuilds a key pair from the PKCS#8 that <see cref="KeyPair.Pkcs8"/> gave.</summary>
    KeyPair FromPkcs8(byte[] pkcs8);

    /// <summary>PEM of the key: "PRIVATE KEY", or "ENCRYPTED PRIVATE KEY" (PBES2: PBKDF2-HMAC-SHA256, AES-256-CBC) when a password is given.</summary>
    byte[] ToPem(KeyPair key, string? password);
}
