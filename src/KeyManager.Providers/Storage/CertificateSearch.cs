using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Storage;
using Newtonsoft.Json;

namespace KeyManager.Providers.Storage;

/// <summary>
/// Turns a question about the inventory into SQL. SQLite keeps no statistics about a store that grew a minute ago, so the table to start
/// from is said here and not guessed there: CROSS JOIN is SQLite's word for "in this order".
/// </summary>
internal sealed class CertificateSearch(CertificateQuery query, DateTimeOffset now)
{
    /// <summary>Stands in the place of the hash where only details are known: the column tells all certificates apart.</summary>
    public const string NoHash = "details:";

    public const string Columns =
        "c.id, c.lineage_id, l.name, c.version, c.is_current, c.status, c.domain_names, c.subject, c.issuer, c.serial_number, c.thumbprint, c.sha256_thumbprint, " +
        "c.not_before, c.not_after, c.key_description, c.signature_algorithm, c.private_key_id, c.account, c.authority, c.order_id, c.keystore_type, c.origin, " +
        "c.created_at, c.saved_at, c.revoked_at, c.revocation_reason, c.raw_data, l.labels, " +
        "(SELECT group_concat(iif(s.computer = '', s.location, s.computer || ': ' || s.location), char(10)) FROM sightings s WHERE s.certificate_id = c.id AND s.gone_at IS NULL)";

    private const string Facts = " INDEXED BY certificates_current_facts";

    /// <summary>So many rows are read, one here and one there in a large file, in the time that a user does not notice.</summary>
    private const int FewToRead = 5000;

    private readonly SearchBuilder _search = new();

    public static Certificate Read(Row row, DateTimeOffset now)
    {
        DateTimeOffset notAfter = row.Time(13);
        Labels labels = LabelTable.Read(row.TextOrNull(27));
        CertificateStatus status = row.Member(5, CertificateStatus.Valid);
        return new Certificate
        {
            Id = row.Text(0),
            LineageId = row.Text(1),
            Name = row.Text(2),
            Version = (int)row.Number(3),
            IsCurrent = row.Flag(4),
            Status = status == CertificateStatus.Valid && notAfter < now ? CertificateStatus.Expired : status,
            DomainNames = [.. row.Text(6).Split([' '], StringSplitOptions.RemoveEmptyEntries).Select(DomainName.Parse)],
            Subject = row.Text(7),
            Issuer = row.Text(8),
            SerialNumber = row.Text(9),
            Thumbprint = row.Text(10),
            Sha256Thumbprint = row.Text(11).StartsWith(NoHash, StringComparison.Ordinal) ? "" : row.Text(11),
            NotBefore = row.Time(12),
            NotAfter = notAfter,
            KeyDescription = row.Text(14),
            SignatureAlgorithm = row.Text(15),
            PrivateKeyId = row.TextOrNull(16),
            Account = row.TextOrNull(17),
            Authority = row.TextOrNull(18),
            OrderId = row.TextOrNull(19),
            KeystoreType = row.Member(20, KeystoreType.Pkcs12),
            Origin = row.Member(21, OrderOrigin.Created),
            CreatedAt = row.Time(22),
            SavedAt = row.TimeOrNull(23),
            RevokedAt = row.TimeOrNull(24),
            RevocationReason = row.ReasonOrNull(25),
            Tags = labels.Tags,
            Owner = labels.Owner,
            Group = labels.Group,
            Note = labels.Note,
            RawData = row.Bytes(26),
            InUseAt = row.TextOrNull(28)?.Split('\n') ?? [],
        };
    }

    /// <summary>Hexadecimal digits alone, upper case: people paste thumbprints with spaces, colons and the invisible mark of the Windows dialog.</summary>
    public static string ToHexadecimal(string text) => new([.. text.Where(Uri.IsHexDigit).Select(char.ToUpperInvariant)]);

    public Page<Certificate> Run(Database database, string? after, int limit)
    {
        bool isNarrow = AddKeys();
        AddName();
        AddExpiry();
        AddStatus();
        AddVisibility();
        LabelSearch labels = new(database, LabelPlace.Entries, query.Labels);
        if (labels.FindsNothing)
        {
            return new Page<Certificate>([], null);
        }

        LabelStart? labelled = labels.AddTo(_search, isListed: !query.SoonestExpiryFirst, mayStart: !isNarrow && !NamesOne, needsRow: query.Name is { Length: > 0 });
        string from = labelled is null ? From(database, isNarrow, isFirstPage: after is null) : $"{labelled.From} CROSS JOIN certificates c{CurrentFacts} ON c.lineage_id = {labelled.Row}";
        string name = labelled?.ListOrder ?? "l.name_key";
        AddCursor(after, name);
        _search.Value("@limit", limit + 1);

        string Order(string nameColumn) => query.SoonestExpiryFirst ? "c.not_after, c.id" : $"{nameColumn}, c.version DESC";

        // What is found may have to be sorted, and most of it is compared only: the rows of the page alone are read.
        string sql = $"""
            SELECT {Columns}, l.name_key
            FROM (SELECT c.rowid AS place FROM {from} WHERE {_search.Condition} ORDER BY {(ShowsCurrentOnly && !query.SoonestExpiryFirst ? name : Order(name))} LIMIT @limit) p
            CROSS JOIN certificates c ON c.rowid = p.place CROSS JOIN lineages l ON l.id = c.lineage_id ORDER BY {Order("l.name_key")}
            """;
        List<(Certificate Certificate, string Key)> rows = database.Query(
            sql,
            row => (Read(row, now), row.Text(29)),
            [.. _search.Values]);

        Page<(Certificate Certificate, string Key)> page = Cursor.ToPage(rows, limit, last => query.SoonestExpiryFirst
            ? NewestFirst.Encode(last.Certificate.NotAfter, last.Certificate.Id)
            : Cursor.Encode(last.Key, last.Certificate.Version.ToString(CultureInfo.InvariantCulture)));
        return new Page<Certificate>([.. page.Items.Select(item => item.Certificate)], page.Next);
    }

    private bool NamesOne => query.Name is { Length: > 0 } name && !NamePattern.Parse(name).HasWildcard;

    /// <summary>The index from which current certificates are compared without reading their rows.</summary>
    private string CurrentFacts => ShowsCurrentOnly ? Facts : "";

    private bool IsByExpiry => query.SoonestExpiryFirst || query.ExpiresBefore is not null;

    /// <summary>Where the rows come from when no label leads to them.</summary>
    private string From(Database database, bool isNarrow, bool isFirstPage)
    {
        const string certificatesFirst = "CROSS JOIN lineages l ON l.id = c.lineage_id";
        if (isNarrow)
        {
            return "certificates c " + certificatesFirst;
        }

        if (NamesOne)
        {
            return $"lineages l CROSS JOIN certificates c{CurrentFacts} ON c.lineage_id = l.id";
        }

        if (query.Account is { Length: > 0 } account && IsRare(database, "certificates c INDEXED BY certificates_by_account", "c.account = @account", LabelSearch.Few, ("@account", account)))
        {
            return "certificates c INDEXED BY certificates_by_account " + certificatesFirst;
        }

        // In the order of the names those that begin alike lie together, and the next page goes on where the last one ended.
        bool isAnywhere = query.Name is { Length: > 0 } pattern && NamePattern.Parse(pattern).Prefix.Length == 0;
        if ((IsByExpiry || (isFirstPage && isAnywhere)) && MatchingFew(database) is string names)
        {
            return $"json_each({names}) m CROSS JOIN lineages l ON l.id = m.value CROSS JOIN certificates c{CurrentFacts} ON c.lineage_id = l.id";
        }

        if (IsByExpiry)
        {
            return $"certificates c INDEXED BY {(ShowsCurrentOnly ? "certificates_current_by_expiry" : "certificates_by_expiry")} {certificatesFirst}";
        }

        if (query.Status.Count > 0 && !query.Status.Contains(CertificateStatus.Valid) && IsRare(database, "certificates c", StatusCondition, FewToRead, ("@now", now)))
        {
            return "certificates c " + certificatesFirst;
        }

        return $"lineages l INDEXED BY lineages_by_name CROSS JOIN certificates c{CurrentFacts} ON c.lineage_id = l.id";
    }

    /// <summary>Whether so few rows fit that a search had better start from them; among many the next one is never far.</summary>
    private static bool IsRare(Database database, string from, string condition, int few, (string Name, object? Value) value) =>
        database.Number($"SELECT COUNT(*) FROM (SELECT 1 FROM {from} WHERE {condition} LIMIT @few)", value, ("@few", (long)few)) < few;

    /// <summary>The parameter with the entries whose names fit a pattern, when they are few; <c>null</c> otherwise.</summary>
    private string? MatchingFew(Database database)
    {
        if (query.Name is not { Length: > 0 } name)
        {
            return null;
        }

        SearchBuilder search = new();
        NamePattern.Parse(name).AddTo(search, "name_key");
        List<string> entries = database.Query(
            $"SELECT id FROM lineages INDEXED BY lineages_by_name WHERE name_key >= '' AND {search.Condition} LIMIT @few", row => row.Text(0), [.. search.Values, ("@few", (long)LabelSearch.Few)]);
        if (entries.Count == LabelSearch.Few)
        {
            return null;
        }

        _search.Value("@entries", JsonConvert.SerializeObject(entries));
        return "@entries";
    }

    /// <summary>Conditions that leave a handful of rows. Answers whether there is one.</summary>
    private bool AddKeys()
    {
        if (query.Thumbprint is { Length: > 0 } thumbprint)
        {
            string digits = ToHexadecimal(thumbprint);
            _search.Where(digits.Length == 64 ? "c.sha256_thumbprint = @thumbprint" : "c.thumbprint = @thumbprint", ("@thumbprint", digits));
        }

        if (query.SerialNumber is { Length: > 0 } serial)
        {
            // Some tools write the leading zero of a positive number, some do not.
            string digits = ToHexadecimal(serial).TrimStart('0');
            _search.WhereIn("c.serial_number", "@serial", [digits, "0" + digits, "00" + digits]);
        }

        if (query.DomainName is { Length: > 0 } domain)
        {
            _search.Where("c.id IN (SELECT certificate_id FROM certificate_names WHERE name = @domain)", ("@domain", OrderTable.ToAscii(domain)));
        }

        _search.WhereIs("c.lineage_id", "@lineage", query.LineageId);
        _search.WhereIs("c.private_key_id", "@key", query.PrivateKeyId);
        bool isNarrow = _search.Values.Count > 0;
        if (query.Account is { Length: > 0 } account)
        {
            _search.Where("c.account = @account", ("@account", account));
        }

        return isNarrow;
    }

    private void AddName()
    {
        if (query.Name is { Length: > 0 } name)
        {
            NamePattern.Parse(name).AddTo(_search, "l.name_key");
        }
    }

    private void AddExpiry()
    {
        if (query.ExpiresBefore is { } before)
        {
            _search.Where("c.not_after <= @before", ("@before", before));
        }

        if (query.ExpiresAfter is { } after)
        {
            _search.Where("c.not_after > @after", ("@after", after));
        }
    }

    private void AddStatus()
    {
        if (query.Status.Count == 0)
        {
            // The leading + keeps a condition that nearly every row meets from choosing the index.
            _search.Where("+c.status <> 'Unsaved'");
            return;
        }

        _search.Where(StatusCondition, ("@now", now));
    }

    private string StatusCondition => string.Join(" OR ", query.Status.Distinct().Select(status => status switch
    {
        CertificateStatus.Valid => "(c.status = 'Valid' AND c.not_after >= @now)",
        CertificateStatus.Expired => "(c.status = 'Valid' AND c.not_after < @now)",
        _ => $"(c.status = '{status}')",
    }));

    private bool ShowsCurrentOnly => !query.IncludeHistory && !query.Status.Contains(CertificateStatus.Unsaved);

    private void AddVisibility()
    {
        if (ShowsCurrentOnly)
        {
            _search.Where("c.is_current = 1");
        }
        else if (!query.IncludeHistory)
        {
            // One that is not saved yet is not current either, and was asked for by name.
            _search.Where("c.is_current = 1 OR c.status = 'Unsaved'");
        }
    }

    private void AddCursor(string? after, string name)
    {
        if (after is null)
        {
            return;
        }

        string[] key = Cursor.Decode(after, 2);
        if (query.SoonestExpiryFirst)
        {
            _search.Where("(c.not_after, c.id) > (@last_time, @last_id)", ("@last_time", long.Parse(key[0], CultureInfo.InvariantCulture)), ("@last_id", key[1]));
        }
        else
        {
            _search.Where(
                $"{name} >= @last_name AND ({name} > @last_name OR c.version < @last_version)",
                ("@last_name", key[0]),
                ("@last_version", long.Parse(key[1], CultureInfo.InvariantCulture)));
        }
    }
}
