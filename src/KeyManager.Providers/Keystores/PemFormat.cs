using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// PEM blocks one after the other in a single file: for each entry the key, then its certificates; HAProxy, lighttpd, Postfix. Writes keys in the clear
/// when there is no password. Holds no aliases.
/// </summary>
public sealed class PemFormat(IKeyTools keys, ICertificateTools certificates) : IKeystoreFormat
{
    public KeystoreType Type => KeystoreType.Pem;

    /// <summary>True also for PEM that holds nothing for a keystore, such as a certificate request; reading then says so.</summary>
    public bool Recognizes(byte[] data) => PemText.IsIn(Guard.NotNull(data));

    public byte[] Write(IReadOnlyList<KeystoreEntry> entries, KeystoreOptions options)
    {
        Guard.NotNull(options);
        return Guard.NotNull(entries)
            .SelectMany(e => (e.Key is null ? [] : keys.ToPem(e.Key, options.Password)).Concat(certificates.ToPem(e.Certificates)))
            .ToArray();
    }

    /// <summary>Reads any mix of blocks in any order; a chain is found, not assumed.</summary>
    public IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(source, ErrorIds.KeystoreUnreadable, "PEM text", KeystoreErrors.Remedy, () => Read(data, password));
    }

    private static IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password)
    {
        List<FoundKey> found = [];
        try
        {
            IReadOnlyList<PemBlock> blocks = PemText.Read(data);
            foreach (PemBlock block in blocks.Where(b => b.IsPrivateKey))
            {
                found.Add(new FoundKey(KeyTools.Decode(block, password).ToKeyPair(), "", null));
            }

            IReadOnlyList<FoundCertificate> certificates = blocks
                .SelectMany(b => b.IsPkcs7 ? Pkcs7.Read(b.Data) : b.IsCertificate ? [b.Data] : [])
                .Select(der => new FoundCertificate(CertificateReader.Read(der), "", null, false)).ToList();
            return found.Count + certificates.Count > 0 ? EntryGrouping.Group(found, certificates) : throw NothingIn(blocks);
        }
        catch
        {
            KeystoreErrors.Dispose(found.Select(k => k.Key));
            throw;
        }
    }

    private static UnusableBytesException NothingIn(IReadOnlyList<PemBlock> blocks) => blocks.Any(b => b.IsCertificateRequest)
        ? new UnusableBytesException(null, "holds a certificate request, not a key or certificate", "Import it with Import-KmCsr.")
        : new UnusableBytesException(
            null,
            blocks.Count == 0
                ? "holds no key and no certificate"
                : $"holds no key and no certificate, only: {string.Join(", ", blocks.Select(b => b.Label).Distinct())}");
}
