namespace KeyManager;

/// <summary>What a sweep would do with a certificate.</summary>
public enum RenewalStatus
{
    /// <summary>Its time has not come.</summary>
    NotDue,

    /// <summary>It is renewed now.</summary>
    Due,

    /// <summary>It is renewed, and deployed now.</summary>
    Undeployed,

    /// <summary>It is due, and waits after a failure.</summary>
    BackingOff,

    /// <summary>It is due, and the authority asked to be left alone for a while.</summary>
    Blocked,

    /// <summary>It is not renewed by itself.</summary>
    SwitchedOff,

    /// <summary>There is nothing to repeat: it was imported, or its order was removed.</summary>
    NotRenewable,
}
