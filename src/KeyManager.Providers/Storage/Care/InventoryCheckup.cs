using System.Collections.Generic;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether every entry has its current version, and nothing is left of entries that are gone.</summary>
internal sealed class InventoryCheckup() : StoreCheckup("Inventory", ErrorIds.StoreCorrupt, "Run Test-KmStore -Repair.")
{
    private static readonly string[] Named =
    [
        "lineages", "accounts", "private_keys", "csrs", "orders", "dns_accounts", "domain_mappings", "deploy_targets", "renewal_policies", "notification_policies", "organizations", "contacts",
    ];

    private long _count;

    public override string Good => $"All {_count} entries have their current version.";

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;
        _count = database.Number("SELECT COUNT(*) FROM lineages");
        foreach ((string id, string name) in database.Query(
            """
            SELECT l.id, l.name FROM lineages l
            WHERE EXISTS (SELECT 1 FROM certificates c WHERE c.lineage_id = l.id AND c.saved_at IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.lineage_id = l.id AND c.is_current = 1)
            """,
            row => (row.Text(0), row.Text(1))))
        {
            yield return new Finding($"The entry '{name}' has lost its current version.", () => database.Execute(
                "UPDATE certificates SET is_current = 1 WHERE id = (SELECT id FROM certificates WHERE lineage_id = @id AND saved_at IS NOT NULL ORDER BY version DESC LIMIT 1)", ("@id", id)));
        }

        foreach ((string id, string name) in database.Query("SELECT id, name FROM lineages l WHERE NOT EXISTS (SELECT 1 FROM certificates c WHERE c.lineage_id = l.id)", row => (row.Text(0), row.Text(1))))
        {
            yield return new Finding($"The entry '{name}' has no certificate any more.", () => database.Execute("DELETE FROM lineages WHERE id = @id", ("@id", id)), IsWarning: true);
        }

        const string Unused = "FROM chain_certificates WHERE NOT EXISTS (SELECT 1 FROM certificate_chains c WHERE c.sha256 = chain_certificates.sha256)";
        long chains = database.Number($"SELECT COUNT(*) {Unused}");
        if (chains > 0)
        {
            yield return new Finding($"{chains} certificates of chains belong to no certificate.", () => database.Execute($"DELETE {Unused}"), IsWarning: true);
        }

        foreach (string table in Named)
        {
            foreach ((string id, string name, string key) in database.Query($"SELECT id, name, name_key FROM {table}", row => (row.Text(0), row.Text(1), row.Text(2))))
            {
                if (key != NamePattern.ToKey(name))
                {
                    yield return new Finding($"'{name}' in {table} is not found by its name.", () => database.Execute($"UPDATE {table} SET name_key = @key WHERE id = @id", ("@key", NamePattern.ToKey(name)), ("@id", id)));
                }
            }
        }
    }
}
