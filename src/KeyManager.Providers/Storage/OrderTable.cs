using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The orders.</summary>
internal sealed class OrderTable(Database database) : IOrderStore
{
    /// <summary>The condition for what <see cref="CertificateOrder.IsOpen"/> says.</summary>
    internal const string IsOpen = "status IN " + OpenStates;

    private const string OpenStates = "('Draft', 'PendingValidation', 'Processing', 'Available', 'Renewed', 'Unknown')";

    private const string Columns =
        "o.id, o.name, o.status, o.account_id, o.lineage_id, o.certificate_id, o.renews_certificate_id, o.private_key_id, o.csr_id, o.created_at, o.updated_at, o.document, o.labels";

    public void Add(CertificateOrder order)
    {
        _ = database.Execute(
            """
            INSERT INTO orders (id, name, name_key, status, account_id, lineage_id, certificate_id, renews_certificate_id, private_key_id, csr_id, created_at, updated_at, has_proof, by_email, authority_order_id, document)
            VALUES (@id, @name, @name_key, @status, @account_id, @lineage_id, @certificate_id, @renews_certificate_id, @private_key_id, @csr_id, @created_at, @updated_at, @has_proof, @by_email, @authority_order_id, @document)
            """,
            Values(order));
        AddNames(order);
        Labels labels = new() { Tags = order.Tags, Owner = order.Owner, Group = order.Group, Note = order.Note };
        if (!labels.IsEmpty)
        {
            new LabelTable(database).SetOrder(order.Id, labels);
        }
    }

    public void Update(CertificateOrder order)
    {
        if (!database.Update("orders", order.Id, Values(order)))
        {
            throw new NotFoundException(ErrorIds.OrderNotFound, $"The order '{order.Id}' does not exist any more.") { Target = order.Id };
        }

        if (!HasNames(order))
        {
            _ = database.Execute("DELETE FROM order_names WHERE order_id = @id", ("@id", order.Id));
            AddNames(order);
        }
    }

    /// <summary>What is searched for and differs from what the order says.</summary>
    internal IReadOnlyList<string> FindDifferences(CertificateOrder order)
    {
        List<string> different = [.. database.Differences("orders", order.Id, [.. Values(order).Where(v => v.Name is "@name_key" or "@has_proof" or "@by_email" or "@authority_order_id")])];
        return HasNames(order) ? different : [.. different, "set of names"];
    }

    public CertificateOrder? Find(string id) => database.First($"SELECT {Columns} FROM orders o WHERE o.id = @id", Read, ("@id", id));

    public Page<CertificateOrder> Query(OrderQuery query, string? after, int limit)
    {
        SearchBuilder search = new();
        NamePattern? pattern = query.Name is { Length: > 0 } name ? NamePattern.Parse(name) : null;
        pattern?.AddTo(search, "o.name_key");

        // With a plus SQLite leaves the index of a column alone. It knows nothing of how many orders wait or an account has had, which may be very many, and would look at all of them
        // rather than at the few of a name.
        bool isNarrow = query.DomainName is { Length: > 0 } || query.AuthorityOrderId is not null || query.LineageId is not null || query.RenewsCertificateId is not null || query.HasPublishedProof
            || pattern is { HasWildcard: false };
        string status = isNarrow ? "+o.status" : "o.status";

        if (query.DomainName is { Length: > 0 } domain)
        {
            search.Where("o.id IN (SELECT order_id FROM order_names WHERE name = @domain)", ("@domain", ToAscii(domain)));
        }

        if (query.Status.Count > 0)
        {
            search.WhereIn(status, "@status", query.Status.Select(s => (object)s));
        }

        if (query.IsOpen is bool isOpen)
        {
            search.Where($"{status} {(isOpen ? "" : "NOT ")}IN {OpenStates}");
        }

        search.WhereIs("o.authority_order_id", "@authority_order", query.AuthorityOrderId);
        search.WhereIs("o.lineage_id", "@lineage", query.LineageId);
        search.WhereIs("o.renews_certificate_id", "@renews", query.RenewsCertificateId);
        if (query.HasPublishedProof)
        {
            search.Where("o.has_proof = 1");
        }

        if (query.IsByEmail)
        {
            search.Where("o.by_email = 1");
        }

        LabelSearch labels = new(database, LabelPlace.Orders, query.Labels);
        if (labels.FindsNothing)
        {
            return new Page<CertificateOrder>([], null);
        }

        if (query.AccountId is not null)
        {
            // The number that the authority gave is looked up by the account.
            bool isBroad = query.AuthorityOrderId is null && (isNarrow || query.IsOpen == true);
            search.Where(isBroad ? "+o.account_id = @account" : "o.account_id = @account", ("@account", query.AccountId));
        }

        LabelStart? labelled = labels.AddTo(search, isListed: true, mayStart: !isNarrow, needsRow: true);
        NewestFirst.AddCursor(search, labelled?.IsOrdered == true ? ("t.created_at", "t.id") : ("o.created_at", "o.id"), after);
        search.Value("@limit", limit + 1);
        List<CertificateOrder> rows = database.Query(
            labelled is null
                ? $"SELECT {Columns} FROM orders o{(query.IsByEmail ? " INDEXED BY orders_by_email" : "")} WHERE {search.Condition} ORDER BY o.created_at DESC, o.id DESC LIMIT @limit"
                : $"""
                   SELECT {Columns} FROM (SELECT o.rowid AS place FROM {labelled.From} WHERE {search.Condition} ORDER BY {(labelled.IsOrdered ? "t.created_at DESC, t.id DESC" : "o.created_at DESC, o.id DESC")} LIMIT @limit) p
                   CROSS JOIN orders o ON o.rowid = p.place ORDER BY o.created_at DESC, o.id DESC
                   """,
            Read,
            [.. search.Values]);
        return Cursor.ToPage(rows, limit, o => NewestFirst.Encode(o.CreatedAt, o.Id));
    }

    public bool Remove(string id) => database.Execute("DELETE FROM orders WHERE id = @id", ("@id", id)) > 0;

    /// <summary>The form in which names are stored; text that is no name finds nothing.</summary>
    internal static string ToAscii(string domain) =>
        DomainName.TryParse(domain, out DomainName name) ? name.Ascii : domain.Trim().ToLower(CultureInfo.InvariantCulture);

    private static CertificateOrder Read(Row row)
    {
        Labels labels = LabelTable.Read(row.TextOrNull(12));
        return RecordJson.Read<CertificateOrder>(row.Text(11)) with
        {
            Id = row.Text(0),
            Name = row.Text(1),
            Status = row.Member(2, OrderStatus.Unknown),
            AccountId = row.Text(3),
            LineageId = row.TextOrNull(4),
            CertificateId = row.TextOrNull(5),
            RenewsCertificateId = row.TextOrNull(6),
            PrivateKeyId = row.TextOrNull(7),
            CsrId = row.TextOrNull(8),
            CreatedAt = row.Time(9),
            UpdatedAt = row.Time(10),
            Tags = labels.Tags,
            Owner = labels.Owner,
            Group = labels.Group,
            Note = labels.Note,
        };
    }

    private static (string Name, object? Value)[] Values(CertificateOrder order) =>
    [
        ("@id", order.Id),
        ("@name", order.Name),
        ("@name_key", NamePattern.ToKey(order.Name)),
        ("@status", order.Status),
        ("@account_id", order.AccountId),
        ("@lineage_id", order.LineageId),
        ("@certificate_id", order.CertificateId),
        ("@renews_certificate_id", order.RenewsCertificateId),
        ("@private_key_id", order.PrivateKeyId),
        ("@csr_id", order.CsrId),
        ("@created_at", order.CreatedAt),
        ("@updated_at", order.UpdatedAt),
        ("@has_proof", order.Challenges.Any(c => c.PublishedBy is not null)),
        ("@by_email", order.ChallengeType == ChallengeType.Email || (order.ChallengeType is null && order.Challenges.Any(c => c.Type == ChallengeType.Email))),
        ("@authority_order_id", order.AuthorityOrderId),
        ("@document", RecordJson.Write(order)),
    ];

    private bool HasNames(CertificateOrder order) =>
        new HashSet<string>(database.Query("SELECT name FROM order_names WHERE order_id = @id", row => row.Text(0), ("@id", order.Id))).SetEquals(order.DomainNames.Select(name => name.Ascii));

    private void AddNames(CertificateOrder order)
    {
        foreach (DomainName name in order.DomainNames)
        {
            _ = database.Execute("INSERT OR IGNORE INTO order_names (name, order_id) VALUES (@name, @id)", ("@name", name.Ascii), ("@id", order.Id));
        }
    }
}
