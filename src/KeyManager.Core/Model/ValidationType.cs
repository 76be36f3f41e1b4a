namespace KeyManager;

/// <summary>What an authority checks before it issues a product.</summary>
public enum ValidationType
{
    /// <summary>The authority does not say.</summary>
    Unknown,

    /// <summary>Domain validation: control of the names.</summary>
    DV,

    /// <summary>Organization validation: also that the organization exists.</summary>
    OV,

    /// <summary>Extended validation: also who the organization is and who acts for it (EV Guidelines).</summary>
    EV,
}
