using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using KeyManager.Providers.Keys;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The inventory.</summary>
internal sealed class CertificateTable(Database database, Clock clock) : ICertificateStore
{
    public void Add(Certificate certificate, IReadOnlyList<byte[]> chain)
    {
        if (database.Any("SELECT 1 FROM certificates WHERE sha256_thumbprint = @sha256", ("@sha256", certificate.Sha256Thumbprint.ToUpperInvariant())))
        {
            throw new ConflictException(
                ConflictKind.Exists,
                ErrorIds.CertificateAlreadyExists,
                $"The certificate {certificate.SerialNumber} (thumbprint {certificate.Thumbprint}) is in the store already.")
            {
                Target = certificate.Thumbprint,
            };
        }

        AddEntry(certificate);
        _ = database.Execute(
            """
            INSERT INTO certificates (id, lineage_id, version, is_current, status, domain_names, subject, issuer, serial_number, thumbprint, sha256_thumbprint, not_before,
                not_after, key_description, signature_algorithm, private_key_id, account, authority, order_id, keystore_type, origin, created_at, saved_at, revoked_at,
                revocation_reason, raw_data)
            VALUES (@id, @lineage_id, @version, 0, @status, @domain_names, @subject, @issuer, @serial_number, @thumbprint, @sha256_thumbprint, @not_before,
                @not_after, @key_description, @signature_algorithm, @private_key_id, @account, @authority, @order_id, @keystore_type, @origin, @created_at, @saved_at,
                @revoked_at, @revocation_reason, @raw_data)
            """,
            [
                .. Values(certificate),
                ("@lineage_id", certificate.LineageId),
                ("@version", certificate.Version),
                ("@thumbprint", certificate.Thumbprint.ToUpperInvariant()),
                ("@sha256_thumbprint", certificate.IsDetailsOnly ? CertificateSearch.NoHash + certificate.Id : certificate.Sha256Thumbprint.ToUpperInvariant()),
                ("@raw_data", certificate.RawData),
            ]);
        AddNames(database, certificate.Id, certificate.DomainNames);
        AddChain(certificate.Id, chain);
        if (certificate.IsCurrent)
        {
            MakeCurrent(certificate.Id);
        }
    }

    /// <remarks>Which version is current is <see cref="MakeCurrent"/>'s to say: a record read a moment ago must not turn that back.</remarks>
    public void Update(Certificate certificate)
    {
        if (!database.Update("certificates", certificate.Id, Values(certificate)))
        {
            throw NotFound(certificate.Id);
        }
    }

    public void MakeCurrent(string certificateId)
    {
        string lineageId = database.Text("SELECT lineage_id FROM certificates WHERE id = @id", ("@id", certificateId)) ?? throw NotFound(certificateId);
        _ = database.Execute(
            "UPDATE certificates SET is_current = 0 WHERE lineage_id = @lineage AND is_current = 1 AND id <> @id",
            ("@lineage", lineageId),
            ("@id", certificateId));
        _ = database.Execute("UPDATE certificates SET is_current = 1 WHERE id = @id", ("@id", certificateId));
    }

    public Certificate? Find(string id) => First("c.id = @value", id);

    public Certificate? FindBySha256(string thumbprint) => First("c.sha256_thumbprint = @value", CertificateSearch.ToHexadecimal(thumbprint));

    public Certificate? FindCurrent(string name) =>
        First("c.is_current = 1 AND c.lineage_id = (SELECT id FROM lineages WHERE name_key = @value)", NamePattern.ToKey(name));

    public string? FindLineage(string name) => database.Text("SELECT id FROM lineages WHERE name_key = @name", ("@name", NamePattern.ToKey(name)));

    public int LastVersion(string lineageId) =>
        (int)database.Number("SELECT MAX(version) FROM certificates WHERE lineage_id = @lineage", ("@lineage", lineageId));

    public IReadOnlyList<byte[]> GetChain(string certificateId) => database.Query(
        """
        SELECT raw_data FROM certificate_chains JOIN chain_certificates USING (sha256)
        WHERE certificate_id = @id ORDER BY position
        """,
        row => row.Bytes(0),
        ("@id", certificateId));

    public Page<Certificate> Query(CertificateQuery query, string? after, int limit) => new CertificateSearch(query, clock.UtcNow).Run(database, after, limit);

    public int CountCurrent() => (int)database.Number("SELECT COUNT(*) FROM certificates WHERE is_current = 1");

    public IReadOnlyList<string> FindOld(string? lineageId, int newer, DateTimeOffset endedBefore)
    {
        SearchBuilder search = new();
        search.Where("c.not_after < @ended AND c.is_current = 0 AND c.saved_at IS NOT NULL", ("@ended", endedBefore));
        search.WhereIs("c.lineage_id", "@lineage", lineageId);
        search.Value("@newer", (long)newer);
        return database.Query(
            $"""
            SELECT c.id FROM certificates c
            WHERE {search.Condition}
                AND EXISTS (SELECT 1 FROM certificates n WHERE n.lineage_id = c.lineage_id AND n.is_current = 1)
                AND (SELECT COUNT(*) FROM certificates n WHERE n.lineage_id = c.lineage_id AND n.version > c.version AND n.saved_at IS NOT NULL) >= @newer
            ORDER BY c.lineage_id, c.version
            """,
            row => row.Text(0),
            [.. search.Values]);
    }

    public bool Remove(string id)
    {
        string? lineageId = database.Text("SELECT lineage_id FROM certificates WHERE id = @id", ("@id", id));
        if (lineageId is null)
        {
            return false;
        }

        List<string> chain = database.Query("SELECT sha256 FROM certificate_chains WHERE certificate_id = @id", row => row.Text(0), ("@id", id));
        _ = database.Execute("DELETE FROM certificates WHERE id = @id", ("@id", id));
        foreach (string member in chain)
        {
            _ = database.Execute(
                "DELETE FROM chain_certificates WHERE sha256 = @sha256 AND NOT EXISTS (SELECT 1 FROM certificate_chains WHERE sha256 = @sha256)",
                ("@sha256", member));
        }

        _ = database.Execute(
            "DELETE FROM lineages WHERE id = @lineage AND NOT EXISTS (SELECT 1 FROM certificates WHERE lineage_id = @lineage)",
            ("@lineage", lineageId));
        return true;
    }

    /// <summary>The columns that say what the certificate itself says.</summary>
    internal static (string Name, object? Value)[] Derived(CertificateContent content) =>
    [
        ("@domain_names", string.Join(" ", content.DomainNames.Select(name => name.Ascii))),
        ("@subject", content.Subject),
        ("@issuer", content.Issuer),
        ("@serial_number", content.SerialNumber.ToUpperInvariant()),
        ("@thumbprint", content.Thumbprint.ToUpperInvariant()),
        ("@sha256_thumbprint", content.Sha256Thumbprint.ToUpperInvariant()),
        ("@not_before", content.NotBefore),
        ("@not_after", content.NotAfter),
        ("@key_description", content.KeyDescription),
        ("@signature_algorithm", content.SignatureAlgorithm),
    ];

    /// <summary>Lists it under its names; a name that it has twice counts once.</summary>
    internal static void AddNames(Database database, string id, IReadOnlyList<DomainName> names)
    {
        foreach (DomainName name in names)
        {
            _ = database.Execute("INSERT OR IGNORE INTO certificate_names (name, certificate_id) VALUES (@name, @id)", ("@name", name.Ascii), ("@id", id));
        }
    }

    private static NotFoundException NotFound(string id) =>
        new(ErrorIds.CertificateNotFound, $"The certificate '{id}' does not exist any more.") { Target = id };

    private static (string Name, object? Value)[] Values(Certificate certificate) =>
    [
        ("@id", certificate.Id),

        // Expired is derived when read; what was read so goes back as what it is.
        ("@status", certificate.Status == CertificateStatus.Expired ? CertificateStatus.Valid : certificate.Status),
        ("@domain_names", string.Join(" ", certificate.DomainNames.Select(name => name.Ascii))),
        ("@subject", certificate.Subject),
        ("@issuer", certificate.Issuer),
        ("@serial_number", certificate.SerialNumber.ToUpperInvariant()),
        ("@not_before", certificate.NotBefore),
        ("@not_after", certificate.NotAfter),
        ("@key_description", certificate.KeyDescription),
        ("@signature_algorithm", certificate.SignatureAlgorithm),
        ("@private_key_id", certificate.PrivateKeyId),
        ("@account", certificate.Account),
        ("@authority", certificate.Authority),
        ("@order_id", certificate.OrderId),
        ("@keystore_type", certificate.KeystoreType),
        ("@origin", certificate.Origin),
        ("@created_at", certificate.CreatedAt),
        ("@saved_at", certificate.SavedAt),
        ("@revoked_at", certificate.RevokedAt),
        ("@revocation_reason", certificate.RevocationReason),
    ];

    private Certificate? First(string condition, string value)
    {
        DateTimeOffset now = clock.UtcNow;
        return database.First(
            $"SELECT {CertificateSearch.Columns} FROM certificates c JOIN lineages l ON l.id = c.lineage_id WHERE {condition}",
            row => CertificateSearch.Read(row, now),
            ("@value", value));
    }

    private void AddEntry(Certificate certificate)
    {
        string key = NamePattern.ToKey(certificate.Name);
        string? holder = database.Text("SELECT id FROM lineages WHERE name_key = @name", ("@name", key));
        if (holder is not null && holder != certificate.LineageId)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"There is a certificate '{certificate.Name}' in the inventory already.")
            {
                Target = certificate.Name,
                Remedy = "Choose another name.",
            };
        }

        Labels labels = new() { Tags = certificate.Tags, Owner = certificate.Owner, Group = certificate.Group, Note = certificate.Note };
        if (database.Execute(
            "INSERT OR IGNORE INTO lineages (id, name, name_key, owner_key, group_key, labels) VALUES (@id, @name, @key, @owner_key, @group_key, @labels)",
            [("@id", certificate.LineageId), ("@name", certificate.Name), ("@key", key), .. LabelTable.Values(labels)]) > 0)
        {
            new LabelTable(database).AddTags(certificate.LineageId, labels);
        }
    }

    private void AddChain(string certificateId, IReadOnlyList<byte[]> chain)
    {
        using SHA256 sha256 = SHA256.Create();
        for (int position = 0; position < chain.Count; position++)
        {
            string hash = Hashes.ToHex(sha256.ComputeHash(chain[position]));
            _ = database.Execute("INSERT OR IGNORE INTO chain_certificates (sha256, raw_data) VALUES (@sha256, @raw_data)", ("@sha256", hash), ("@raw_data", chain[position]));
            _ = database.Execute(
                "INSERT INTO certificate_chains (certificate_id, position, sha256) VALUES (@id, @position, @sha256)",
                ("@id", certificateId),
                ("@position", position),
                ("@sha256", hash));
        }
    }
}
