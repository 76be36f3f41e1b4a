namespace KeyManager.Tests.Support.Acme;

/// <summary>What is wrong with a certificate.</summary>
public enum CertificateFault
{
    None,

    /// <summary>It is for names that nobody ordered.</summary>
    OtherNames,

    /// <summary>The last of the names is missing, or with one name all are.</summary>
    MissingName,

    /// <summary>It has another key than the request.</summary>
    OtherKey,
    Expired,

    /// <summary>It begins tomorrow.</summary>
    NotYetValid,

    /// <summary>It is not signed by the issuer that comes with it.</summary>
    WrongSignature,
}
