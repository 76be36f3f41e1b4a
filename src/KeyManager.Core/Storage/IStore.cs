using System;
using System.Collections.Generic;
using System.Threading;
using KeyManager.Hosting;

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

    /// <summary>
    /// Writes a consistent copy while the store is in use, and reads it through once before it gets its name. Rights are as for the store; what fails or is cancelled leaves nothing.
    /// </summary>
    /// <param name="path">The file; it must not exist.</param>
    /// <param name="protectors">Protectors that the copy has in the place of the store's own; empty for the store's own. The store must be unlocked for them.</param>
    /// <param name="reporter">Hears how far it has come.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    /// <exception cref="StoreException">KmStoreLocked, KmStoreCorrupt, KmStoreFull, KmProtectorUnavailable, ...</exception>
    void Backup(string path, IReadOnlyList<KeyProtectorRequest> protectors, IReporter reporter, CancellationToken cancellationToken);

    /// <summary>Problems that a full check finds; empty when the store is sound.</summary>
    IReadOnlyList<string> CheckIntegrity();
}
