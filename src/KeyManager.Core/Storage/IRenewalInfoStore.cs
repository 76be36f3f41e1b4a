namespace KeyManager.Storage;

/// <summary>What authorities said about when to renew, kept until they are asked again.</summary>
public interface IRenewalInfoStore
{
    /// <summary>What is known about the certificate; <c>null</c> when nothing is.</summary>
    RenewalInfo? Find(string certificateId);

    /// <summary>Stores it in the place of what was known before.</summary>
    void Put(RenewalInfo info);
}
