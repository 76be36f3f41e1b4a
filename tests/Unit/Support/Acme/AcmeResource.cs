namespace KeyManager.Tests.Support.Acme;

/// <summary>What a request is for.</summary>
public enum AcmeResource
{
    /// <summary>In a fault: whichever comes. In a request: nothing that the server has.</summary>
    Any,
    Directory,
    NewNonce,
    NewAccount,
    Account,
    Orders,
    KeyChange,
    NewOrder,
    Order,
    Authorization,
    Challenge,
    Finalize,
    Certificate,
    RevokeCertificate,
    RenewalInfo,
}
