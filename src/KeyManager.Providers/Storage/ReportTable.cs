using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Counts over indexes that hold all that is counted: no certificate, order or document is read, except for deployments.</summary>
internal sealed class ReportTable(Database database) : IReportStore
{
    public IReadOnlyList<CertificateTally> CountCertificates(IReadOnlyList<CertificateMeasure> measures)
    {
        List<(string Name, object? Value)> values = [];
        string sums = string.Concat(measures.Select((measure, number) => $", SUM({Condition(measure, number, values)})"));
        return database.Query(
            $"""
            SELECT key_description, signature_algorithm, status, authority, origin, COUNT(*){sums}
            FROM certificates INDEXED BY certificates_counted WHERE is_current = 1
            GROUP BY key_description, signature_algorithm, status, authority, origin
            """,
            row => new CertificateTally(
                row.Text(0), row.Text(1), row.Member(2, CertificateStatus.Valid), row.TextOrNull(3), row.Member(4, OrderOrigin.Created), row.Number(5),
                [.. Enumerable.Range(0, measures.Count).Select(i => row.Number(6 + i))]),
            [.. values]);
    }

    public IReadOnlyList<(string Issuer, long Count)> CountIssuers(int most, out long others)
    {
        List<(string Issuer, long Count)> found = database.Query(
            "SELECT issuer, COUNT(*) FROM certificates INDEXED BY certificates_by_issuer WHERE is_current = 1 GROUP BY issuer ORDER BY 2 DESC, 1 LIMIT @most",
            row => (row.Text(0), row.Number(1)),
            ("@most", (long)most));
        others = found.Count < most ? 0 : database.Number("SELECT COUNT(*) FROM certificates INDEXED BY certificates_one_current WHERE is_current = 1") - found.Sum(f => f.Count);
        return found;
    }

    public IReadOnlyList<(string? Label, long Count)> CountEntries(LabelKind kind)
    {
        string column = LabelPlace.Column(kind);
        string index = LabelPlace.Entries.Index(kind);

        // Nearly always every entry has a current version, and none has to be looked up.
        bool isWhole = database.Number("SELECT COUNT(*) FROM lineages INDEXED BY lineages_by_owner") == database.Number("SELECT COUNT(*) FROM certificates INDEXED BY certificates_one_current WHERE is_current = 1");
        List<(string? Key, long Count)> rows = database.Query(
            isWhole
                ? $"SELECT {column}, COUNT(*) FROM lineages INDEXED BY {index} GROUP BY {column}"
                : $"SELECT {column}, COUNT(*) FROM lineages l INDEXED BY {index} CROSS JOIN certificates c INDEXED BY certificates_one_current ON c.lineage_id = l.id AND c.is_current = 1 GROUP BY {column}",
            row => (row.TextOrNull(0), row.Number(1)));
        LabelTable labels = new(database);
        return [.. rows.Select(r => (r.Key is null ? null : labels.Spelling(LabelPlace.Entries, kind, r.Key) ?? r.Key, r.Count))];
    }

    public IReadOnlyList<(OrderStatus Status, long Count)> CountOrdersByStatus() =>
        database.Query("SELECT status, COUNT(*) FROM orders INDEXED BY orders_by_status GROUP BY status", row => (row.Member(0, OrderStatus.Unknown), row.Number(1)));

    public IReadOnlyList<(string AccountId, long Count)> CountOrdersByAccount() =>
        database.Query("SELECT account_id, COUNT(*) FROM orders INDEXED BY orders_by_account GROUP BY account_id", row => (row.Text(0), row.Number(1)));

    public (long Waiting, IReadOnlyList<long> Before, long Never) CountRenewals(IReadOnlyList<DateTimeOffset> moments)
    {
        long known = database.Number("SELECT COUNT(*) FROM renewal_state s CROSS JOIN certificates c INDEXED BY certificates_one_current ON c.lineage_id = s.lineage_id AND c.is_current = 1");
        return (
            database.Number("SELECT COUNT(*) FROM renewal_state WHERE is_waiting = 1"),
            [.. moments.Select(moment => database.Number("SELECT COUNT(*) FROM renewal_state WHERE next_look <= @moment", ("@moment", moment)))],
            database.Number("SELECT COUNT(*) FROM certificates INDEXED BY certificates_one_current WHERE is_current = 1") - known);
    }

    public IReadOnlyList<(DeploymentStatus Status, string Target, long Count)> CountDeployments() => database.Query(
        """
        SELECT json_extract(d.document, '$.Status'), json_extract(d.document, '$.Target'), COUNT(*) FROM deployments d
        WHERE NOT EXISTS (SELECT 1 FROM deployments n WHERE n.target_id = d.target_id AND n.lineage_id = d.lineage_id AND (n.started_at, n.rowid) > (d.started_at, d.rowid))
        GROUP BY 1, 2
        """,
        row => (row.Member(0, DeploymentStatus.Pending), row.Text(1), row.Number(2)));

    public (long Certificates, long OpenOrders) CountByEmail() => (
        database.Number("SELECT COUNT(*) FROM orders o INDEXED BY orders_by_email CROSS JOIN certificates c ON c.id = o.certificate_id WHERE o.by_email = 1 AND c.is_current = 1"),
        database.Number($"SELECT COUNT(*) FROM orders INDEXED BY orders_by_email WHERE by_email = 1 AND {OrderTable.IsOpen}"));

    public bool IsByEmail(string orderId) => database.Any("SELECT 1 FROM orders WHERE id = @id AND by_email = 1", ("@id", orderId));

    public IReadOnlyList<(string Action, long Count)> CountAudit(string category, DateTimeOffset since) => database.Query(
        "SELECT action, COUNT(*) FROM audit_log INDEXED BY audit_log_by_time WHERE time >= @since AND category = @category GROUP BY action",
        row => (row.Text(0), row.Number(1)),
        ("@since", since),
        ("@category", category));

    private static string Condition(CertificateMeasure measure, int number, List<(string Name, object? Value)> values)
    {
        List<string> all = ["1"];
        void Add(string column, string sign, string name, object? value)
        {
            if (value is not null)
            {
                string parameter = string.Format(CultureInfo.InvariantCulture, "@{0}{1}", name, number);
                values.Add((parameter, value));
                all.Add($"{column} {sign} {parameter}");
            }
        }

        Add("not_after", "<", "end", measure.EndsBefore);
        Add("not_before", ">=", "from", measure.BeginsFrom);
        Add("not_before", "<", "until", measure.BeginsBefore);
        Add("not_after - not_before", ">=", "life", measure.LivesLonger is int days ? TimeSpan.FromDays(days).Ticks : null);
        if (measure.HasNoOrder)
        {
            all.Add("order_id IS NULL");
        }

        return string.Join(" AND ", all);
    }
}
