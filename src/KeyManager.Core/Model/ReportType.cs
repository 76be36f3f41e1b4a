namespace KeyManager;

/// <summary>What a report is about.</summary>
public enum ReportType
{
    /// <summary>What ends when.</summary>
    Expiry,

    /// <summary>What there is.</summary>
    Inventory,

    /// <summary>What was ordered, and how it stands.</summary>
    Orders,

    /// <summary>What is renewed by itself, when, and what stands in the way.</summary>
    Renewals,

    /// <summary>What lies where.</summary>
    Deployments,

    /// <summary>How strong keys and signatures are.</summary>
    KeyStrength,

    /// <summary>What the rules of the CA/Browser Forum say to it, now and at their next steps.</summary>
    Compliance,
}
