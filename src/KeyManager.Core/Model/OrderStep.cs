namespace KeyManager;

/// <summary>How far an order has come; written before each request that changes something at the authority, so that a killed process resumes in the right place.</summary>
public enum OrderStep
{
    /// <summary>Key and request exist; nothing was sent.</summary>
    Prepared,

    /// <summary>Placing was begun; whether the authority has it is unknown until it answers.</summary>
    Placing,

    /// <summary>The authority has it.</summary>
    Placed,

    /// <summary>Sending the request for issuance was begun.</summary>
    Finalizing,

    /// <summary>The authority was asked to issue.</summary>
    Finalized,

    /// <summary>The certificate is here.</summary>
    Collected,
}
