using System;
using System.Collections.Generic;
using KeyManager.Providers.Storage;
using KeyManager.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>The secrets, each in its own box.</summary>
internal sealed class SecretTable(Database database, StoreProtection protection, Clock clock) : ISecretStore, IDisposable
{
    private const string Purpose = "KeyManager secrets v1";

    private DataKey? _key;

    public void Put(SecretRef place, byte[] value) => _ = database.Execute(
        """
        INSERT INTO secrets (owner_kind, owner_id, name, value, updated_at) VALUES (@kind, @owner, @name, @value, @now)
        ON CONFLICT (owner_kind, owner_id, name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
        """,
        ("@kind", place.OwnerKind),
        ("@owner", place.OwnerId),
        ("@name", place.Name),
        ("@value", Seal(Key(), protection.StoreId, place, value)),
        ("@now", clock.UtcNow));

    public byte[]? Get(SecretRef place)
    {
        // Asked first, so that a store without a key of its own (nothing was ever put) still answers "none" only when it is unlocked.
        DataKey key = Key();
        return Box(database, place) is byte[] box ? Open(key, protection.StoreId, place, box) : null;
    }

    public bool Exists(SecretRef place) => database.Any(
        "SELECT 1 FROM secrets WHERE owner_kind = @kind AND owner_id = @owner AND name = @name",
        ("@kind", place.OwnerKind),
        ("@owner", place.OwnerId),
        ("@name", place.Name));

    public IReadOnlyList<string> List(string ownerKind, string ownerId) => database.Query(
        "SELECT name FROM secrets WHERE owner_kind = @kind AND owner_id = @owner ORDER BY name", row => row.Text(0), ("@kind", ownerKind), ("@owner", ownerId));

    public bool Remove(SecretRef place) => database.Execute(
        "DELETE FROM secrets WHERE owner_kind = @kind AND owner_id = @owner AND name = @name",
        ("@kind", place.OwnerKind),
        ("@owner", place.OwnerId),
        ("@name", place.Name)) > 0;

    public void RemoveAll(string ownerKind, string ownerId) => _ = database.Execute(
        "DELETE FROM secrets WHERE owner_kind = @kind AND owner_id = @owner",
        ("@kind", ownerKind),
        ("@owner", ownerId));

    public void Dispose() => _key?.Dispose();

    /// <summary>Encrypts every secret again under another key.</summary>
    internal static void Reseal(Database database, string storeId, DataKey from, DataKey to)
    {
        foreach (SecretRef place in database.Query("SELECT owner_kind, owner_id, name FROM secrets", row => new SecretRef(row.Text(0), row.Text(1), row.Text(2))))
        {
            byte[] box = Box(database, place)!; // just listed
            byte[] value = Open(from, storeId, place, box);
            try
            {
                _ = database.Execute(
                    "UPDATE secrets SET value = @value WHERE owner_kind = @kind AND owner_id = @owner AND name = @name",
                    ("@kind", place.OwnerKind),
                    ("@owner", place.OwnerId),
                    ("@name", place.Name),
                    ("@value", Seal(to, storeId, place, value)));
            }
            finally
            {
                Array.Clear(value, 0, value.Length);
            }
        }
    }

    /// <summary>The secret in the clear, for the caller to overwrite; <c>null</c> when it does not decrypt.</summary>
    internal static byte[]? TryOpen(Database database, DataKey key, string storeId, SecretRef place) =>
        Box(database, place) is byte[] box ? TryOpen(key, storeId, place, box) : null;

    private static byte[]? Box(Database database, SecretRef place) => database.First(
        "SELECT value FROM secrets WHERE owner_kind = @kind AND owner_id = @owner AND name = @name",
        row => row.Bytes(0),
        ("@kind", place.OwnerKind),
        ("@owner", place.OwnerId),
        ("@name", place.Name));

    private static byte[] Seal(DataKey key, string storeId, SecretRef place, byte[] value) =>
        SecretBox.Seal(key, Purpose, storeId, ["secrets", place.OwnerKind, place.OwnerId, place.Name], value);

    private static byte[]? TryOpen(DataKey key, string storeId, SecretRef place, byte[] box) =>
        SecretBox.Open(key, Purpose, storeId, ["secrets", place.OwnerKind, place.OwnerId, place.Name], box);

    private static byte[] Open(DataKey key, string storeId, SecretRef place, byte[] box) =>
        TryOpen(key, storeId, place, box)
        ?? throw new StoreException(
            ErrorIds.SecretUndecryptable,
            $"The secret '{place.Name}' of {place.OwnerKind} '{place.OwnerId}' cannot be decrypted: it was changed, moved here from elsewhere, or belongs to another data key.")
        {
            Target = place.OwnerId,
            Remedy = "Restore the store from a backup, or enter the secret anew.",
        };

    private DataKey Key() => _key ??= protection.Take(database);
}
