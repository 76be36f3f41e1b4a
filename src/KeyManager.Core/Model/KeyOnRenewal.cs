namespace KeyManager;

/// <summary>Which private key a renewal uses.</summary>
public enum KeyOnRenewal
{
    /// <summary>A new key each time.</summary>
    New,

    /// <summary>The key of the certificate being renewed.</summary>
    Same,

    /// <summary>The user's own key, for the first issuance and every renewal.</summary>
    Import,
}
