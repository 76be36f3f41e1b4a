namespace KeyManager.Providers.Keystores;

/// <summary>A key in a keystore that holds keys and certificates side by side.</summary>
/// <param name="LocalKeyId">Upper-case hexadecimal; <c>null</c> when it has none.</param>
internal sealed record FoundKey(KeyPair Key, string Alias, string? LocalKeyId);
