namespace KeyManager;

/// <summary>Why a certificate is revoked (RFC 5280 §5.3.1); only the reasons that a subscriber may give under the Baseline Requirements §7.2.2.</summary>
public enum RevocationReason
{
    /// <summary>None of the others, or none is given.</summary>
    Unspecified = 0,

    /// <summary>Somebody else may have the private key.</summary>
    KeyCompromise = 1,

    /// <summary>The organization named in it has changed.</summary>
    AffiliationChanged = 3,

    /// <summary>Another certificate has taken its place.</summary>
    Superseded = 4,

    /// <summary>The names are no longer used.</summary>
    CessationOfOperation = 5,
}
