namespace KeyManager;

/// <summary>What a certificate in the inventory is good for.</summary>
public enum CertificateStatus
{
    /// <summary>Issued and collected, but not saved: not part of the inventory yet.</summary>
    Unsaved,

    /// <summary>Good, as far as KeyManager knows.</summary>
    Valid,

    /// <summary>Its last day is over. Never stored: derived from NotAfter when read.</summary>
    Expired,

    /// <summary>Revoked.</summary>
    Revoked,
}
