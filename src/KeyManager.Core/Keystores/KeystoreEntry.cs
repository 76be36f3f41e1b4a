using System.Collections.Generic;

namespace KeyManager;

/// <summary>A private key with its certificate, or a certificate alone, in a keystore.</summary>
public sealed record KeystoreEntry
{
    /// <summary>The name under which the keystore holds it (friendly name, alias); empty when it has none.</summary>
    public required string Alias { get; init; }

    /// <summary>The key; <c>null</c> for a certificate alone.</summary>
    public KeyPair? Key { get; init; }

    /// <summary>The certificate as DER, then its chain upwards; the chain may be missing or incomplete.</summary>
    public required IReadOnlyList<byte[]> Certificates { get; init; }

    /// <summary>Gives up the keys of what was read from a keystore.</summary>
    public static void DisposeKeys(IEnumerable<KeystoreEntry> entries)
    {
        foreach (KeystoreEntry entry in Guard.NotNull(entries))
        {
            entry.Key?.Dispose();
        }
    }
}
