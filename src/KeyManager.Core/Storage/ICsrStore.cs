namespace KeyManager.Storage;

/// <summary>The stored certificate requests.</summary>
public interface ICsrStore
{
    /// <exception cref="ConflictException">KmNameAlreadyExists.</exception>
    void Add(CertificateSigningRequest request);

    CertificateSigningRequest? Find(string id);

    /// <summary>By name, letter case does not matter.</summary>
    CertificateSigningRequest? FindByName(string name);

    /// <summary>A part of the requests, newest first; <paramref name="name"/> may hold * and ?, <c>null</c> for all.</summary>
    Page<CertificateSigningRequest> Query(string? name, string? after, int limit);

    bool Remove(string id);
}
