using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Gives a copy of a store protectors of its own, in the place of those of the store. The data key stays; it is wrapped anew.</summary>
/// <param name="location">Where the copy will be.</param>
/// <param name="clock">The time.</param>
/// <param name="options">How stores are protected.</param>
/// <param name="key">The data key of the store; stays the caller's.</param>
/// <param name="requests">The protectors, one at least.</param>
internal sealed class CopyProtectors(StoreLocation location, Clock clock, StoreOptions options, DataKey key, IReadOnlyList<KeyProtectorRequest> requests)
{
    private readonly List<Action> _undo = [];

    /// <exception cref="StoreException">KmStoreBusy: the data key was changed a moment ago. KmProtectorUnavailable.</exception>
    public void Apply(Database copy)
    {
        (string storeId, string keyId) = copy.Query("SELECT store_id, data_key_id FROM store", row => (row.Text(0), row.Text(1))).Single();
        if (keyId != key.Id)
        {
            throw SqliteErrors.BusyError(location.Path);
        }

        ProtectorRing ring = new(new ProtectorSite(storeId, location), options);
        ProtectorTable table = new(copy);
        AuditTable audit = new(copy, clock, storeId);
        copy.Begin(forWriting: true);
        foreach (ProtectorRow row in table.List())
        {
            table.Remove(row.Id);
            _ = audit.Append(new AuditEntry("Store", "ProtectorRemoved", row.Id, row.Name, $"Kind {row.Kind}; in the copy"));
        }

        foreach (KeyProtectorRequest request in requests)
        {
            KeyProtector added = ring.Add(copy, request, key, clock, out Action undo);
            _undo.Add(undo);
            _ = audit.Append(new AuditEntry("Store", "ProtectorAdded", added.Id, added.Name, $"Kind {added.Kind}; in the copy"));
        }

        copy.Commit();
    }

    /// <summary>Takes back what was made outside of the copy: new key files.</summary>
    public void Undo()
    {
        foreach (Action undo in _undo)
        {
            undo();
        }

        _undo.Clear();
    }
}
