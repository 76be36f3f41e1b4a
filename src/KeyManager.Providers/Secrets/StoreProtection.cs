using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Files;
using KeyManager.Providers.Storage;
using KeyManager.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>The data key in memory, and its protectors in the store.</summary>
/// <remarks>
/// Lock order: the store's write lock, then <see cref="_gate"/>. So nothing here begins a transaction while it holds the gate.
/// </remarks>
internal sealed class StoreProtection : IStoreProtection, IDisposable
{
    private readonly object _gate = new();
    private readonly SqliteStore _store;
    private readonly Clock _clock;
    private readonly ProtectorRing _ring;
    private DataKey? _key;
    private bool _lockedByUser;

    public StoreProtection(SqliteStore store, string storeId, StoreLocation location, Clock clock, StoreOptions options)
    {
        _store = store;
        _clock = clock;
        StoreId = storeId;
        _ring = new ProtectorRing(new ProtectorSite(storeId, location), options);
    }

    public string StoreId { get; }

    public bool IsUnlocked
    {
        get
        {
            lock (_gate)
            {
                return _key is not null;
            }
        }
    }

    public void Unlock(byte[]? passphrase = null) => _store.ReadDatabase(database =>
    {
        DataKey key = _ring.Open(new ProtectorTable(database).List(), passphrase);
        Replace(key);
        return true;
    });

    public void Lock()
    {
        lock (_gate)
        {
            _lockedByUser = true;
            _key?.Dispose();
            _key = null;
        }
    }

    public IReadOnlyList<KeyProtector> List() =>
        _store.ReadDatabase<IReadOnlyList<KeyProtector>>(database => [.. new ProtectorTable(database).List().Select(row => row.ToModel())]);

    public KeyProtector Add(KeyProtectorRequest request)
    {
        _ = request ?? throw new ArgumentNullException(nameof(request));
        Action undo = () => { };
        try
        {
            return _store.WriteDatabase(database =>
            {
                using DataKey key = Take(database);
                KeyProtector added = _ring.Add(database, request, key, _clock, out undo);
                Audit(database, "ProtectorAdded", added);
                return added;
            });
        }
        catch
        {
            undo();
            throw;
        }
    }

    public void Remove(string id) => _store.WriteDatabase(database =>
    {
        ProtectorTable table = new(database);
        List<ProtectorRow> rows = table.List();
        ProtectorRow row = rows.Find(r => r.Id == id)
            ?? throw new NotFoundException(ErrorIds.ProtectorNotFound, $"The store has no protector '{id}'.") { Target = id, Remedy = "Get-KmKeyProtector lists them." };
        if (rows.Count == 1)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.LastProtector, $"The protector '{row.Name}' is the last one: without it nobody could read the secrets.")
            {
                Target = id,
                Remedy = "Add another protector first.",
            };
        }

        table.Remove(id);
        Audit(database, "ProtectorRemoved", row.ToModel());
        return true;
    });

    public IReadOnlyList<KeyProtector> RotateKey(byte[]? passphrase, bool dropUnreachable)
    {
        DataKey? made = null;
        try
        {
            List<KeyProtector> dropped = _store.WriteDatabase(database =>
            {
                using DataKey old = passphrase is null ? Take(database) : TakeWith(database, passphrase);
                made = DataKey.New();
                SecretTable.Reseal(database, StoreId, old, made);
                List<KeyProtector> lost = _ring.Rewrap(database, old, made, passphrase, dropUnreachable);
                _ = database.Execute("UPDATE store SET data_key_id = @id", ("@id", made.Id));
                foreach (KeyProtector protector in lost)
                {
                    Audit(database, "ProtectorRemoved", protector);
                }

                _ = new AuditTable(database, _clock, StoreId).Append(new AuditEntry("Store", "DataKeyRotated"));
                return lost;
            });

            // The rotation stands. From here on the old key, and what it encrypted, must not linger in the write-ahead log.
            Replace(made!); // the transaction has made it
            made = null;
            _store.EmptyWriteAheadLog();
            return dropped;
        }
        finally
        {
            made?.Dispose();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _key?.Dispose();
            _key = null;
        }
    }

    /// <summary>A copy of the data key that the store uses in this transaction; unlocks when that works without asking. The caller disposes it.</summary>
    internal DataKey Take(Database database)
    {
        // Another process may have rotated the key since it was brought into memory.
        string? current = database.Text("SELECT data_key_id FROM store");
        lock (_gate)
        {
            if (_key?.Id == current && _key is not null)
            {
                return _key.Copy();
            }

            if (_lockedByUser)
            {
                throw new StoreException(ErrorIds.StoreLocked, $"The store '{_store.Path}' was locked in this session.")
                {
                    Target = _store.Path,
                    Remedy = "Run Unlock-KmStore.",
                };
            }
        }

        DataKey opened = _ring.Open(new ProtectorTable(database).List(), passphrase: null);
        DataKey copy = opened.Copy();
        Replace(opened);
        return copy;
    }

    /// <summary>A copy of the data key that the store uses in this transaction, when it is in memory; unlocks nothing.</summary>
    internal DataKey? TryCopy(Database database)
    {
        string? current = database.Text("SELECT data_key_id FROM store");
        lock (_gate)
        {
            return _key?.Id == current ? _key?.Copy() : null;
        }
    }

    /// <summary>Takes over a key, for a store just made.</summary>
    internal void Replace(DataKey key)
    {
        lock (_gate)
        {
            _lockedByUser = false;
            _key?.Dispose();
            _key = key;
        }
    }

    private DataKey TakeWith(Database database, byte[] passphrase)
    {
        try
        {
            return Take(database);
        }
        catch (StoreException e) when (e.ErrorId == ErrorIds.StoreLocked)
        {
            return _ring.Open(new ProtectorTable(database).List(), passphrase);
        }
    }

    private void Audit(Database database, string action, KeyProtector protector) =>
        _ = new AuditTable(database, _clock, StoreId).Append(new AuditEntry("Store", action, protector.Id, protector.Name, $"Kind {protector.Kind}"));
}
