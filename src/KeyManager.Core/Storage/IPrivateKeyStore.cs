namespace KeyManager.Storage;

/// <summary>What is known about the stored private keys; the keys themselves are secrets.</summary>
public interface IPrivateKeyStore
{
    void Add(PrivateKeyInfo key);

    PrivateKeyInfo? Find(string id);

    /// <summary>The key with this <see cref="PrivateKeyInfo.PublicKeyHash"/>, <c>null</c> when there is none.</summary>
    PrivateKeyInfo? FindByPublicKeyHash(string hash);

    /// <summary>A part of the keys, newest first; <paramref name="name"/> may hold * and ?, <c>null</c> for all.</summary>
    Page<PrivateKeyInfo> Query(string? name, string? after, int limit);

    /// <summary>True when an order, a CSR or a certificate refers to it.</summary>
    bool IsInUse(string id);

    /// <summary>True when a certificate, a CSR or an order that is still open refers to it. Orders that are over name their key too, and are no reason to keep it.</summary>
    bool IsNeeded(string id);

    bool Remove(string id);
}
