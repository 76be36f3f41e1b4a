using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>
/// The store, whatever lies behind it. Calls are short and synchronous: they read or change a few rows. An instance may be used from several
/// threads, and several processes may have the same store open. Nothing a caller gets back needs the store to stay open.
/// </summary>
public interface IStore : IDisposable
{
    /// <summary>Where it is and what it is.</summary>
    StoreInfo GetInfo();

    /// <summary>Reads from one consistent moment.</summary>
    /// <exception cref="StoreException">KmStoreBusy, KmStoreCorrupt, KmStoreNotWritable, ...</exception>
    T Read<T>(Func<IStoreSession, T> work);

    /// <summary>Changes in one transaction; an exception undoes everything.</summary>
    T Write<T>(Func<IStoreSession, T> work, Durability durability = Durability.Immediate);

    /// <summary>The leases.</summary>
    ILeases Leases { get; }

    /// <summary>The data key and its protectors.</summary>
    IStoreProtection Protection { get; }

    /// <summary>Writes a consistent copy while the store is in use. The file must not exist; rights as for the store.</summary>
    void Backup(string path);

    /// <summary>Problems that a full check finds; empty when the store is sound.</summary>
    IReadOnlyList<string> CheckIntegrity();
}
