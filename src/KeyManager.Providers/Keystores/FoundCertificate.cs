namespace KeyManager.Providers.Keystores;

/// <summary>A certificate in a keystore that holds keys and certificates side by side.</summary>
/// <param name="LocalKeyId">Upper-case hexadecimal; <c>null</c> when it has none.</param>
/// <param name="StandsAlone">True when the keystore says that it is an entry of its own (Java's trusted certificates).</param>
internal sealed record FoundCertificate(CertificateContent Content, string Alias, string? LocalKeyId, bool StandsAlone);
