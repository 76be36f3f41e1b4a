namespace KeyManager;

/// <summary>How to write a keystore.</summary>
public sealed record KeystoreOptions
{
    /// <summary>Protects the keystore and the key inside; <c>null</c> only where the format can be written without one (PEM).</summary>
    public string? Password { get; init; }

    /// <summary>For PKCS#12.</summary>
    public Pkcs12Protection Pkcs12Protection { get; init; }

    /// <summary>For PKCS#12 and Windows: name of the provider (CSP or KSP) that is to keep the keys; <c>null</c> leaves it to Windows.</summary>
    public string? KeyProvider { get; init; }
}
