using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>Makes entries of keys and certificates that lie side by side in no particular order, as in PKCS#12, PEM and PKCS#7.</summary>
internal static class EntryGrouping
{
    /// <summary>
    /// Each key with its certificate and the chain found for it; then the certificates that belong to no key, each end of a chain with what
    /// is above it.
    /// </summary>
    /// <exception cref="UnusableBytesException">KmKeyMismatch: there are keys and server certificates, but nowhere do two belong together.</exception>
    public static IReadOnlyList<KeystoreEntry> Group(IReadOnlyList<FoundKey> keys, IReadOnlyList<FoundCertificate> certificates)
    {
        ChainBuilder chains = new(certificates.Select(c => c.Content));
        HashSet<string> used = new(StringComparer.Ordinal);
        List<KeystoreEntry> entries = [];
        IReadOnlyList<(FoundKey Key, FoundCertificate? Leaf)> pairs = keys.Select(k => (k, FindCertificate(k, certificates))).ToList();
        if (pairs.Count > 0 && pairs.All(p => p.Leaf is null) && certificates.FirstOrDefault(c => !c.Content.IsAuthority) is { } stranger)
        {
            throw new UnusableBytesException(
                ErrorIds.KeyMismatch,
                $"holds a private key ({keys[0].Key.Spec}) that does not belong to the certificate in it ({stranger.Content.Subject}, serial number {stranger.Content.SerialNumber})",
                "Put the key and the certificate that was issued for it into one file.");
        }

        foreach ((FoundKey key, FoundCertificate? leaf) in pairs)
        {
            string alias = key.Alias.Length > 0 ? key.Alias : leaf?.Alias ?? "";
            entries.Add(new KeystoreEntry { Alias = alias, Key = key.Key, Certificates = leaf is null ? [] : Path(leaf.Content, chains, used) });
        }

        // Other certificates that stand alone are entries themselves, not somebody's chain.
        ChainBuilder loose = new(certificates.Where(c => !c.StandsAlone).Select(c => c.Content));
        foreach (FoundCertificate certificate in certificates.Where(c => c.StandsAlone))
        {
            entries.Add(new KeystoreEntry { Alias = certificate.Alias, Certificates = Path(certificate.Content, loose, used) });
        }

        AddLeftOver(entries, certificates.Where(c => !c.StandsAlone && !used.Contains(c.Content.Sha256Thumbprint)).ToList(), chains, used);
        return entries;
    }

    /// <summary>Certificates without keys, as in PKCS#7.</summary>
    public static IReadOnlyList<KeystoreEntry> Group(IEnumerable<CertificateContent> certificates) =>
        Group([], certificates.Select(c => new FoundCertificate(c, "", null, false)).ToList());

    /// <summary>The certificate of the key. The identifier only decides between several: in files that were put together by hand it may lie.</summary>
    private static FoundCertificate? FindCertificate(FoundKey key, IReadOnlyList<FoundCertificate> certificates)
    {
        IReadOnlyList<FoundCertificate> fitting = certificates.Where(c => c.Content.SubjectPublicKeyInfo.SequenceEqual(key.Key.SubjectPublicKeyInfo)).ToList();
        return fitting.FirstOrDefault(c => key.LocalKeyId is not null && c.LocalKeyId == key.LocalKeyId) ?? fitting.FirstOrDefault();
    }

    private static void AddLeftOver(List<KeystoreEntry> entries, IReadOnlyList<FoundCertificate> left, ChainBuilder chains, HashSet<string> used)
    {
        HashSet<string> issuers = new(left.Select(c => chains.FindIssuer(c.Content)?.Sha256Thumbprint).OfType<string>(), StringComparer.Ordinal);

        // The ends first, so that each takes its chain; whatever then is still unused sits in a circle of cross-signatures.
        foreach (FoundCertificate certificate in left.Where(c => !issuers.Contains(c.Content.Sha256Thumbprint)).Concat(left))
        {
            if (!used.Contains(certificate.Content.Sha256Thumbprint))
            {
                entries.Add(new KeystoreEntry { Alias = certificate.Alias, Certificates = Path(certificate.Content, chains, used) });
            }
        }
    }

    private static IReadOnlyList<byte[]> Path(CertificateContent leaf, ChainBuilder chains, HashSet<string> used)
    {
        IReadOnlyList<CertificateContent> path = [leaf, .. chains.PathFrom(leaf)];
        used.UnionWith(path.Select(c => c.Sha256Thumbprint));
        return path.Select(c => c.Der).ToList();
    }
}
