namespace KeyManager.Challenges;

/// <summary>A solver that knows beforehand when what an order tells it can never work.</summary>
public interface IOrderCheck
{
    /// <summary>Refuses such an order, before anything is stored or sent.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter, KmFileNotFound.</exception>
    void Check(CertificateOrder order);
}
