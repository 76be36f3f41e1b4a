using System.Collections.Generic;

namespace KeyManager;

/// <summary>Reads keys and certificates out of a file of any kind: keystores of every format, PKCS#7, and single certificates and keys.</summary>
public interface IKeystoreReader
{
    /// <summary>Reads every entry; what belongs together (key, certificate, chain) is one entry. The caller disposes the keys.</summary>
    /// <param name="data">The bytes of the file or the pasted text.</param>
    /// <param name="password">Password of the keystore or key; <c>null</c> when there is none.</param>
    /// <param name="source">What to call the data in an error: a path or "the pasted text".</param>
    /// <exception cref="KeyMaterialException">
    /// KmFileEmpty; KmKeystoreUnreadable, KmPrivateKeyUnreadable or KmCertificateUnreadable, saying what the data looks like;
    /// KmKeystorePasswordRequired; KmWrongPassword; KmKeyTooWeak.
    /// </exception>
    IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source);
}
