using System;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Storage;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>Remembers how long zones took. A store that cannot be used just now is no reason for a proof to fail.</summary>
internal sealed class PropagationMemory(IStore store, Clock clock)
{
    /// <summary>What a zone took last time; nothing when that is not known.</summary>
    public TimeSpan Recall(DnsName zone)
    {
        try
        {
            return store.Read(session => session.Propagation.Find(Key(zone))) ?? TimeSpan.Zero;
        }
        catch (StoreException)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>Stores what a zone took.</summary>
    public void Learn(DnsName zone, TimeSpan took)
    {
        try
        {
            store.Write(session => session.Propagation.Put(Key(zone), took, clock.UtcNow), Durability.Deferred);
        }
        catch (StoreException)
        {
            // The next wait asks a little more than it needs to.
        }
    }

    private static string Key(DnsName zone) => zone.Canonical.ToString();
}
