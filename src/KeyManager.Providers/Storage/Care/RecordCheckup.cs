using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Newtonsoft.Json;

namespace KeyManager.Providers.Storage.Care;

/// <summary>Whether every record can be read, and what is searched for beside an order is what the order says.</summary>
internal sealed class RecordCheckup() : StoreCheckup("Records", ErrorIds.StoreCorrupt, "Remove the record and enter it anew, or restore a backup.")
{
    private static readonly (string Table, string Id, Action<string> Read)[] Documents =
    [
        ("accounts", "name", d => RecordJson.Read<AuthorityAccount>(d)),
        ("private_keys", "name", d => RecordJson.Read<PrivateKeyInfo>(d)),
        ("csrs", "name", d => RecordJson.Read<CertificateSigningRequest>(d)),
        ("dns_accounts", "name", d => RecordJson.Read<DnsAccount>(d)),
        ("domain_mappings", "name", d => RecordJson.Read<DomainMapping>(d)),
        ("deploy_targets", "name", d => RecordJson.Read<DeployTarget>(d)),
        ("renewal_policies", "name", d => RecordJson.Read<RenewalPolicy>(d)),
        ("notification_policies", "name", d => RecordJson.Read<NotificationPolicy>(d)),
        ("organizations", "name", d => RecordJson.Read<Organization>(d)),
        ("contacts", "name", d => RecordJson.Read<Contact>(d)),
        ("deployments", "id", d => RecordJson.Read<Deployment>(d)),
        ("renewal_state", "lineage_id", d => RecordJson.Read<RenewalState>(d)),
        ("notices", "id", d => RecordJson.Read<Notice>(d)),
    ];

    private long _count;

    public override string Good => string.Format(CultureInfo.InvariantCulture, "All {0:N0} records can be read.", _count);

    public override IEnumerable<Finding> Look(CheckContext context)
    {
        Database database = context.Database;
        _count = 0;
        foreach ((string table, string id, Action<string> read) in Documents)
        {
            foreach ((string name, string document) in database.Query($"SELECT {id}, document FROM {table}", row => (row.Text(0), row.Text(1))))
            {
                _count++;
                if (!CanRead(() => read(document)))
                {
                    yield return new Finding($"'{name}' in {table} cannot be read.");
                }
            }
        }

        OrderTable orders = new(database);
        foreach ((string id, string name) in database.Query("SELECT id, name FROM orders", row => (row.Text(0), row.Text(1))))
        {
            _count++;
            CertificateOrder? order = null;
            if (!CanRead(() => order = orders.Find(id)) || order is null)
            {
                yield return new Finding($"The order '{name}' ({id}) cannot be read.");
            }
            else if (orders.FindDifferences(order) is { Count: > 0 } wrong)
            {
                yield return new Finding($"The order {order} is listed with another {string.Join(", ", wrong)} than it has.", () => orders.Update(order));
            }
        }
    }

    private static bool CanRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or KeyManagerException)
        {
            return false;
        }
    }
}
