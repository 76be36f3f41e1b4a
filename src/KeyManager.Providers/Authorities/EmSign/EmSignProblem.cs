namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>Whom an error of the API is about.</summary>
internal enum EmSignProblem
{
    /// <summary>Something in the order.</summary>
    Input,

    /// <summary>The certificate request.</summary>
    Request,

    /// <summary>A product, group, organization or domain that the account does not have, or no more.</summary>
    Directory,

    /// <summary>What orders need from the settings of the account: the signer of the agreement.</summary>
    Agreement,

    /// <summary>Account number or access key.</summary>
    Credential,

    /// <summary>Rights of the account.</summary>
    Right,

    /// <summary>The clock.</summary>
    Clock,

    /// <summary>Money.</summary>
    Funds,

    /// <summary>No such order.</summary>
    NotFound,

    /// <summary>The order is in another state.</summary>
    State,

    /// <summary>Too early.</summary>
    Pending,

    /// <summary>The proof of control.</summary>
    Proof,

    /// <summary>The API failed.</summary>
    Internal,

    /// <summary>Our request is wrong.</summary>
    Defect,
}
