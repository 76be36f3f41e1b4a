using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Discovery;

/// <summary>Finds the certificates in a file of any form that is in use. Keys are overwritten as soon as they are seen, and those of PEM files never read.</summary>
internal sealed class CertificateFileReader(IKeystoreReader keystores, ICertificateTools certificates)
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pem", ".crt", ".cer", ".cert", ".der", ".p7b", ".p7c", ".spc", ".pfx", ".p12", ".pkcs12", ".jks", ".keystore", ".truststore", ".ks", ".ca-bundle", ".chain", ".bundle",
    };

    /// <summary>True for a name under which certificates are kept.</summary>
    public static bool IsUsualName(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>True for content that says itself that certificates are in it: PEM, and Java's keystores.</summary>
    public static bool LooksLikeIt(byte[] data) => IsJks(data) || HasPem(data, "CERTIFICATE-----") || HasPem(data, "PKCS7-----");

    /// <summary>The certificates in a file; empty when there is none, and nothing is wrong.</summary>
    /// <param name="data">Its bytes.</param>
    /// <param name="path">What to call it.</param>
    /// <param name="passwords">Tried one after the other.</param>
    /// <exception cref="KeyMaterialException">It cannot be read, or has another password.</exception>
    public IReadOnlyList<FoundInFile> Read(byte[] data, string path, IReadOnlyList<string> passwords)
    {
        if (HasPem(data, "-----BEGIN "))
        {
            // A key without its certificate, a request, parameters: nothing to report.
            return LooksLikeIt(data) ? Group(certificates.ReadAll(data, path), HasPem(data, "PRIVATE KEY-----")) : [];
        }

        IReadOnlyList<KeystoreEntry> entries = Open(data, path, passwords);
        try
        {
            bool hasKeys = entries.Any(e => e.Key is not null);
            if (!hasKeys && entries.All(e => e.Alias.Length == 0))
            {
                return Group([.. entries.SelectMany(e => e.Certificates).Select(certificates.Parse)], false);
            }

            return [.. entries.Where(e => e.Certificates.Count > 0).Select(e => new FoundInFile(e.Alias, certificates.Parse(e.Certificates[0]), [.. e.Certificates.Skip(1)], e.Key is not null))];
        }
        finally
        {
            KeystoreEntry.DisposeKeys(entries);
        }
    }

    private IReadOnlyList<KeystoreEntry> Open(byte[] data, string path, IReadOnlyList<string> passwords)
    {
        KeyMaterialException? first = null;
        foreach (string? password in new string?[] { null }.Concat(passwords))
        {
            try
            {
                return keystores.Read(data, password, path);
            }
            catch (KeyMaterialException error) when (error.ErrorId is ErrorIds.WrongPassword or ErrorIds.KeystorePasswordRequired)
            {
                first ??= error;
            }
        }

        throw passwords.Count == 0 && first is not null ? first : new KeyMaterialException(ErrorIds.WrongPassword, $"None of the {passwords.Count} passwords opens '{path}'.", first)
        {
            Target = path,
            Remedy = "Give its password too: -Password.",
        };
    }

    // Who has issued another one of the file stands in its chain; the rest are certificates of their own.
    private IReadOnlyList<FoundInFile> Group(IReadOnlyList<CertificateContent> all, bool hasKey)
    {
        List<CertificateContent> distinct = [.. all.GroupBy(c => c.Sha256Thumbprint).Select(g => g.First())];
        HashSet<string> issuers = new(distinct.Where(c => c.Issuer != c.Subject).Select(c => c.Issuer), StringComparer.Ordinal);
        List<CertificateContent> ends = [.. distinct.Where(c => !c.IsAuthority || !issuers.Contains(c.Subject))];
        return [.. ends.Select(leaf => new FoundInFile("", leaf, [.. certificates.OrderChain(leaf, distinct).Select(c => c.Der)], hasKey && ends.Count(e => !e.IsAuthority) <= 1))];
    }

    private static bool IsJks(byte[] data) => data.Length > 4 && data[0] == 0xFE && data[1] == 0xED && data[2] == 0xFE && data[3] == 0xED;

    private static bool HasPem(byte[] data, string word)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(word);
        for (int at = Array.IndexOf(data, wanted[0]); at >= 0 && at + wanted.Length <= data.Length; at = Array.IndexOf(data, wanted[0], at + 1))
        {
            int same = 1;
            while (same < wanted.Length && data[at + same] == wanted[same])
            {
                same++;
            }

            if (same == wanted.Length)
            {
                return true;
            }
        }

        return false;
    }
}
