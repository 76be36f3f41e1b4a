using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>What an authority hands out.</summary>
/// <param name="Leaf">The certificate, DER.</param>
/// <param name="Chain">The certificates above it as far as the authority sends them, DER, in any order.</param>
public sealed record IssuedCertificate(byte[] Leaf, IReadOnlyList<byte[]> Chain);
