namespace KeyManager;

/// <summary>Where an order stands. The authority's own words are kept beside it in AuthorityStatus.</summary>
public enum OrderStatus
{
    /// <summary>Written down here, not sent yet.</summary>
    Draft,

    /// <summary>The authority has it and waits for proof of control of the names.</summary>
    PendingValidation,

    /// <summary>Nothing is left to prove; the authority works on it or waits for the request.</summary>
    Processing,

    /// <summary>Verification succeeded and the certificate is here, not yet saved in the inventory.</summary>
    Available,

    /// <summary>The certificate is in the inventory.</summary>
    Saved,

    /// <summary>A renewal whose new certificate is here, not yet saved; the inventory still shows the old one.</summary>
    Renewed,

    /// <summary>Verification or issuance failed; ErrorDetail says why.</summary>
    Failed,

    /// <summary>The authority refused it.</summary>
    Rejected,

    /// <summary>Cancelled.</summary>
    Cancelled,

    /// <summary>Its certificate was revoked.</summary>
    Revoked,

    /// <summary>The authority gave it up before it was completed, or its certificate has run out.</summary>
    Expired,

    /// <summary>The authority reports a state that KeyManager does not know, or did not answer when the order was placed: it may have it.</summary>
    Unknown,
}
