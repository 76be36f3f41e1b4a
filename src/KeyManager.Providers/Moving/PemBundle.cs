using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace KeyManager.Providers.Moving;

/// <summary>Puts a certificate, the chain above it and its key together as one PEM text, when they belong together.</summary>
internal sealed class PemBundle(IKeyTools keys, ICertificateTools certificates)
{
    /// <summary>The bytes of the file with the whole chain; where there is none, of the certificate's own file and the one with what is above it.</summary>
    /// <returns><c>null</c>, with a note, when they cannot be read.</returns>
    public static (byte[] Chain, string Path)? ReadChain(ForeignFiles files, string name, string fullPath, string ownPath, string abovePath)
    {
        string path = File.Exists(fullPath) ? fullPath : ownPath;
        if (files.Read(MigrationKind.Certificate, name, path) is not byte[] chain)
        {
            return null;
        }

        return (path == ownPath && File.Exists(abovePath) && files.Read(MigrationKind.Certificate, name, abovePath) is byte[] above ? [.. chain, (byte)'\n', .. above] : chain, path);
    }

    /// <summary>Reads both; when something is wrong with the key that is noted, and the certificate comes without.</summary>
    /// <param name="files">Where that is noted.</param>
    /// <param name="name">What the program calls the certificate.</param>
    /// <param name="chain">The certificate and those above it, in any order, PEM or DER.</param>
    /// <param name="chainPath">The file they were read from.</param>
    /// <param name="keyPath">The file of the key; <c>null</c> for none.</param>
    /// <exception cref="KeyMaterialException">What is wrong with the certificates.</exception>
    public (byte[] Data, CertificateContent Leaf, bool HasKey) Read(ForeignFiles files, string name, byte[] chain, string chainPath, string? keyPath)
    {
        IReadOnlyList<CertificateContent> all = certificates.ReadAll(chain, chainPath);
        CertificateContent leaf = certificates.FindLeaf(all);
        byte[] data = certificates.ToPem([leaf.Der, .. certificates.OrderChain(leaf, all).Select(c => c.Der)]);
        if (keyPath is null || files.Read(MigrationKind.Certificate, name, keyPath) is not byte[] key)
        {
            return (data, leaf, false);
        }

        byte[]? together = Join(files, name, data, leaf, key, keyPath);
        return (together ?? data, leaf, together is not null);
    }

    /// <summary>Certificates with the key of the first at their end; <c>null</c>, with a note, when something is wrong with the key. It is overwritten.</summary>
    public byte[]? Join(ForeignFiles files, string name, byte[] data, CertificateContent leaf, byte[] key, string keyPath)
    {
        try
        {
            return files.Try(MigrationKind.Certificate, name, keyPath, () => WithKey(data, leaf, key, keyPath));
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }
    }

    private byte[] WithKey(byte[] data, CertificateContent leaf, byte[] key, string keyPath)
    {
        using KeyPair pair = keys.Read(key, null, keyPath);
        if (!pair.SubjectPublicKeyInfo.SequenceEqual(leaf.SubjectPublicKeyInfo))
        {
            throw new KeyMaterialException(ErrorIds.KeyMismatch, $"The key '{keyPath}' is not the key of the certificate beside it.")
            {
                Target = keyPath,
                Remedy = "The certificate comes without a key. Let the other program renew it once more, then import again.",
            };
        }

        byte[] pem = keys.ToPem(pair, null);
        byte[] together = [.. data, .. pem];
        Array.Clear(pem, 0, pem.Length);
        return together;
    }
}
