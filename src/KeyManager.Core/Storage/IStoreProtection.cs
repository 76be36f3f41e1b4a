using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>
/// The data key of a store and its protectors. Every secret is encrypted under the data key; each protector holds the data key wrapped,
/// and any one of them opens the store.
/// </summary>
public interface IStoreProtection
{
    /// <summary>True while the data key is in memory.</summary>
    bool IsUnlocked { get; }

    /// <summary>
    /// Brings the data key into memory: with the passphrase when one is given, else with KM_STORE_PASSPHRASE(_FILE) and the protectors that work
    /// without asking, cheapest first. Called by itself when a secret is first needed. The passphrase bytes (UTF-8) stay the caller's to overwrite.
    /// </summary>
    /// <exception cref="StoreException">KmStoreLocked: no protector works here; the message lists each with the reason. KmWrongPassword for a wrong passphrase.</exception>
    void Unlock(byte[]? passphrase = null);

    /// <summary>Overwrites the data key in memory.</summary>
    void Lock();

    IReadOnlyList<KeyProtector> List();

    /// <summary>Adds a protector. The store must be unlocked.</summary>
    /// <exception cref="StoreException">KmProtectorUnavailable: this kind does not work here; KmStoreLocked.</exception>
    KeyProtector Add(KeyProtectorRequest request);

    /// <summary>Removes a protector.</summary>
    /// <exception cref="ConflictException">KmLastProtector: it is the last one.</exception>
    /// <exception cref="NotFoundException">KmProtectorNotFound.</exception>
    void Remove(string id);

    /// <summary>
    /// Makes a new data key and encrypts every secret again, in one transaction. Passphrase protectors need their passphrase, given in
    /// <paramref name="passphrase"/> (tried for each); one that cannot be wrapped again stops the rotation, or is dropped when
    /// <paramref name="dropUnreachable"/> says so. Answers the protectors that were dropped.
    /// </summary>
    IReadOnlyList<KeyProtector> RotateKey(byte[]? passphrase, bool dropUnreachable);
}
