using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>
/// Leases keep two processes, or two commands of one, from working on the same thing. A lease whose holder died runs out by itself.
/// Each member is a transaction of its own: call them outside of <see cref="IStore.Write{T}"/>.
/// </summary>
public interface ILeases
{
    /// <summary>Takes the lease unless somebody else holds one that has not run out.</summary>
    bool TryAcquire(string name, string holder, TimeSpan duration);

    /// <summary>Makes a held lease last <paramref name="duration"/> from now; false when it was lost.</summary>
    bool Renew(string name, string holder, TimeSpan duration);

    /// <summary>Names of the leases with this beginning that somebody holds.</summary>
    IReadOnlyList<string> ListHeld(string prefix);

    /// <summary>Gives it back; nothing happens when it was lost.</summary>
    void Release(string name, string holder);
}
