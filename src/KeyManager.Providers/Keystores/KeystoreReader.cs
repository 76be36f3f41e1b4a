using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>Recognises what a file is by its bytes, never by its name, and reads it. Has no state; safe for several threads.</summary>
public sealed class KeystoreReader(IEnumerable<IKeystoreFormat> formats, IKeyTools keys, ICertificateTools certificates) : IKeystoreReader
{
    private readonly IReadOnlyList<IKeystoreFormat> _formats = formats.ToList();

    public IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source)
    {
        Guard.NotNull(data);
        if (data.Length == 0)
        {
            throw new KeyMaterialException(ErrorIds.FileEmpty, $"{UntrustedBytes.Sentence(source)} is empty.") { Target = source, Remedy = KeystoreErrors.Remedy };
        }

        if (_formats.FirstOrDefault(f => f.Recognizes(data)) is { } format)
        {
            return format.Read(data, password, source);
        }

        switch (DataShape.Of(data))
        {
            case DataShapeKind.Certificates:
                IReadOnlyList<CertificateContent> found = certificates.ReadAll(data, source);
                return UntrustedBytes.Read(
                    source, ErrorIds.CertificateUnreadable, "a certificate", KeystoreErrors.Remedy, () => EntryGrouping.Group(found));
            case DataShapeKind.PrivateKey:
                return [new KeystoreEntry { Alias = "", Key = keys.Read(data, password, source), Certificates = [] }];
            default:
                (string looks, string remedy) = DataShape.Describe(data);
                throw new KeyMaterialException(ErrorIds.KeystoreUnreadable, $"{UntrustedBytes.Sentence(source)} is no keystore, key or certificate: {looks}.")
                {
                    Target = source,
                    Remedy = remedy,
                };
        }
    }
}
