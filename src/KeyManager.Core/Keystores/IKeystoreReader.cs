using System.Collections.Generic;

namespace KeyManager;

/// <summary>Reads keys and certificates from bytes of any form that is in use: PKCS#12, JKS, PEM, DER, PKCS#7.</summary>
public interface IKeystoreReader
{
    /// <summary>Recognises the form and reads every entry. The caller disposes the keys.</summary>
    /// <param name="source">What to call the data in an error: a path or "the pasted text".</param>
    /// <exception cref="KeyMaterialException">KmFileEmpty, KmKeystoreUnreadable, KmKeystorePasswordRequired, KmWrongPassword; never anything else, on any bytes.</exception>
    IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source);
}
