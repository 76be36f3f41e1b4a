namespace KeyManager;

/// <summary>Where a certificate was looked for.</summary>
public enum DiscoverySource
{
    /// <summary>A service that shows it in a TLS handshake.</summary>
    Endpoint,

    /// <summary>A file, here or on a deployment target.</summary>
    File,

    /// <summary>A certificate store of Windows.</summary>
    WindowsStore,

    /// <summary>A binding of IIS.</summary>
    IisBinding,
}
