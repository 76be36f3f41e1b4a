using System;
using System.Collections.Generic;
using System.Threading;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

/// <summary>Counts the transactions that change a store, and lets a test act right before, within and right after each; leases do not count.</summary>
public sealed class ObservedStore(IStore inner) : IStore
{
    public int Writes { get; private set; }

    /// <summary>Of the last transaction that changed something.</summary>
    public Durability LastDurability { get; private set; }

    public Action<int>? BeforeWrite { get; set; }

    public Action<int>? AfterWrite { get; set; }

    /// <summary>Called when the work is done and nothing of it is kept yet.</summary>
    public Action<int>? InWrite { get; set; }

    public ILeases Leases => inner.Leases;

    public IStoreProtection Protection => inner.Protection;

    public StoreInfo GetInfo() => inner.GetInfo();

    public T Read<T>(Func<IStoreSession, T> work) => inner.Read(work);

    public T Write<T>(Func<IStoreSession, T> work, Durability durability = Durability.Immediate)
    {
        int number = ++Writes;
        LastDurability = durability;
        BeforeWrite?.Invoke(number);
        T answer = inner.Write(
            session =>
            {
                T done = work(session);
                InWrite?.Invoke(number);
                return done;
            },
            durability);
        AfterWrite?.Invoke(number);
        return answer;
    }

    public void Backup(string path, IReadOnlyList<KeyProtectorRequest> protectors, IReporter reporter, CancellationToken cancellationToken) => inner.Backup(path, protectors, reporter, cancellationToken);

    public IReadOnlyList<string> CheckIntegrity() => inner.CheckIntegrity();

    public void Dispose() => inner.Dispose();
}
