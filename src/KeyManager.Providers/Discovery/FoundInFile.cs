using System.Collections.Generic;

namespace KeyManager.Providers.Discovery;

/// <summary>A certificate in a file.</summary>
/// <param name="Alias">What the keystore calls it; empty for none.</param>
/// <param name="Leaf">The certificate.</param>
/// <param name="Chain">Those above it in the same file, DER.</param>
/// <param name="HasPrivateKey">True when its key lies there too.</param>
internal sealed record FoundInFile(string Alias, CertificateContent Leaf, IReadOnlyList<byte[]> Chain, bool HasPrivateKey);
