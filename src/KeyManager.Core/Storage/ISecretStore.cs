using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Secrets, encrypted before they reach the database. Needs an unlocked store; otherwise every member but <see cref="Exists"/>, <see cref="List"/>, <see cref="Remove"/> and <see cref="RemoveAll"/> throws KmStoreLocked.</summary>
public interface ISecretStore
{
    /// <summary>Stores or replaces a secret.</summary>
    void Put(SecretRef place, byte[] value);

    /// <summary>The secret in the clear, <c>null</c> when there is none; the caller overwrites the bytes after use.</summary>
    /// <exception cref="StoreException">KmSecretUndecryptable: the value was changed, moved or belongs to another key.</exception>
    byte[]? Get(SecretRef place);

    /// <summary>Whether there is one.</summary>
    bool Exists(SecretRef place);

    /// <summary>Names of the secrets of an owner, by the alphabet.</summary>
    IReadOnlyList<string> List(string ownerKind, string ownerId);

    /// <summary>Removes one; <c>false</c> when there was none.</summary>
    bool Remove(SecretRef place);

    /// <summary>Removes every secret of an owner.</summary>
    void RemoveAll(string ownerKind, string ownerId);
}
