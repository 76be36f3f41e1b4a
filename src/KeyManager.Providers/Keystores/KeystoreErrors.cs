using System.Collections.Generic;

namespace KeyManager.Providers.Keystores;

/// <summary>Words that several formats share.</summary>
internal static class KeystoreErrors
{
    public const string Remedy = "Give a PKCS#12 (.pfx, .p12), Java (.jks), PEM or PKCS#7 file, and check that it was copied whole.";

    /// <exception cref="KeyMaterialException">KmKeystorePasswordRequired.</exception>
    public static string RequirePassword(KeystoreOptions options, string format) => string.IsNullOrEmpty(options.Password)
        ? throw new KeyMaterialException(ErrorIds.KeystorePasswordRequired, $"A {format} keystore cannot be written without a password.")
        {
            Target = format,
            Remedy = "Give -KeystorePassword.",
        }
        : options.Password!;

    /// <summary>Overwrites keys that were read before the reading failed.</summary>
    public static void Dispose(IEnumerable<KeyPair?> keys)
    {
        foreach (KeyPair? key in keys)
        {
            key?.Dispose();
        }
    }
}
