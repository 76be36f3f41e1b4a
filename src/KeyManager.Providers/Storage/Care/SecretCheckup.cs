using System;
using System.Collections.Generic;
using System.Globalization;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether every secret decrypts, and every private key is the one that it should be.</summary>
internal sealed class SecretCheckup() : StoreCheckup(
    "Secrets", ErrorIds.SecretUndecryptable, "Bring them back from a backup (Restore-KmStore), or enter them anew; order certificates anew whose private key is lost.")
{
    private readonly KeyTools _keys = new();
    private long _count;

    public override string Good => string.Format(CultureInfo.InvariantCulture, "All {0:N0} secrets decrypt.", _count);

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;
        _count = 0;
        if (context.Key is not { } key)
        {
            yield return new Finding("They were not looked at: no protector opens the store here.", IsWarning: true);
            yield break;
        }

        foreach (SecretRef place in database.Query("SELECT owner_kind, owner_id, name FROM secrets ORDER BY owner_kind, owner_id, name", row => new SecretRef(row.Text(0), row.Text(1), row.Text(2))))
        {
            _count++;
            string? owner = Owner(database, place);
            byte[]? value = SecretTable.TryOpen(database, key, context.StoreId, place);
            if (value is null)
            {
                yield return new Finding($"{Label(place, owner)} cannot be decrypted.");
                continue;
            }

            bool isWrong = place.OwnerKind == "key" && owner is not null && !IsKey(database, place.OwnerId, value);
            Array.Clear(value, 0, value.Length);
            if (isWrong)
            {
                yield return new Finding($"{Label(place, owner)} is another key than it should be.");
            }
            else if (owner is null && IsKnown(place))
            {
                yield return new Finding($"{Label(place, owner)} belongs to nothing any more.", IsWarning: true);
            }
        }

        foreach ((string id, string name) in database.Query(
            "SELECT id, name FROM private_keys k WHERE NOT EXISTS (SELECT 1 FROM secrets s WHERE s.owner_kind = 'key' AND s.owner_id = k.id AND s.name = 'pkcs8') ORDER BY name_key",
            row => (row.Text(0), row.Text(1))))
        {
            yield return new Finding($"The private key of '{name}' ({id}) is lost.");
        }
    }

    private static string Label(SecretRef place, string? owner)
    {
        string whose = owner is null ? $"({place.OwnerId})" : $"'{owner}' ({place.OwnerId})";
        return place.OwnerKind switch
        {
            "key" => $"The private key of {whose}",
            "account" => $"The secret {place.Name} of the account {whose}",
            "dns" => $"The secret {place.Name} of the DNS account {whose}",
            "mapping" => $"The secret {place.Name} of the mapping {whose}",
            "target" => $"The secret {place.Name} of the target {whose}",
            "notice" => $"The secret {place.Name} of the notification policy {whose}",
            "entry" => $"The {place.Name} of {whose}",
            _ => $"The secret {place.Name} of {place.OwnerKind} {whose}",
        };
    }

    private static string? Table(SecretRef place) => place.OwnerKind switch
    {
        "key" => "private_keys",
        "account" => "accounts",
        "dns" => "dns_accounts",
        "mapping" => "domain_mappings",
        "target" => "deploy_targets",
        "notice" => "notification_policies",
        "entry" => "lineages",
        _ => null,
    };

    private static bool IsKnown(SecretRef place) => Table(place) is not null;

    private static string? Owner(Database database, SecretRef place)
    {
        string? Named(string table) => database.Text($"SELECT name FROM {table} WHERE id = @id", ("@id", place.OwnerId));

        // The password of an entry waits with its order until the certificate is saved.
        return Table(place) is not string table ? null : Named(table) ?? (place.OwnerKind == "entry" ? Named("orders") : null);
    }

    private bool IsKey(Database database, string id, byte[] pkcs8)
    {
        try
        {
            using KeyPair pair = _keys.FromPkcs8(pkcs8);
            return Hashes.ToHex(Hashes.Sha256(pair.SubjectPublicKeyInfo)) == database.Text("SELECT public_key_hash FROM private_keys WHERE id = @id", ("@id", id));
        }
        catch (KeyMaterialException)
        {
            return false;
        }
    }
}
