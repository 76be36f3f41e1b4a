using System.Collections.Generic;

namespace KeyManager;

/// <summary>One keystore file format: bytes in, bytes out, no file access.</summary>
public interface IKeystoreFormat
{
    /// <summary>Which kind it is.</summary>
    KeystoreType Type { get; }

    /// <summary>True when the bytes look like this format, whatever the password.</summary>
    bool Recognizes(byte[] data);

    /// <summary>Writes a keystore with these entries.</summary>
    /// <exception cref="KeyMaterialException">
    /// KmKeystorePasswordRequired when the format needs a password and none is given; KmCertificateNotFound when it cannot hold a key without its certificate.
    /// </exception>
    byte[] Write(IReadOnlyList<KeystoreEntry> entries, KeystoreOptions options);

    /// <summary>Reads every entry. The caller disposes the keys.</summary>
    /// <param name="source">What to call the data in an error: a path or "the pasted text".</param>
    /// <exception cref="KeyMaterialException">KmKeystoreUnreadable, KmKeystorePasswordRequired, KmWrongPassword, KmKeyTooWeak; never another exception, on any bytes.</exception>
    IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source);
}
