using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>What is known about the private keys.</summary>
internal sealed class PrivateKeyTable(Database database) : IPrivateKeyStore
{
    private const string Columns = "k.id, k.name, k.public_key_hash, k.created_at, k.document";

    public void Add(PrivateKeyInfo key) => _ = database.Execute(
        """
        INSERT INTO private_keys (id, name, name_key, public_key_hash, created_at, document)
        VALUES (@id, @name, @name_key, @hash, @created_at, @document)
        """,
        ("@id", key.Id),
        ("@name", key.Name),
        ("@name_key", NamePattern.ToKey(key.Name)),
        ("@hash", key.PublicKeyHash),
        ("@created_at", key.CreatedAt),
        ("@document", RecordJson.Write(key)));

    public PrivateKeyInfo? Find(string id) => database.First($"SELECT {Columns} FROM private_keys k WHERE k.id = @id", Read, ("@id", id));

    public PrivateKeyInfo? FindByPublicKeyHash(string hash) => database.First(
        $"SELECT {Columns} FROM private_keys k WHERE k.public_key_hash = @hash ORDER BY k.created_at LIMIT 1",
        Read,
        ("@hash", hash.ToUpperInvariant()));

    public Page<PrivateKeyInfo> Query(string? name, string? after, int limit)
    {
        SearchBuilder search = new();
        if (name is { Length: > 0 })
        {
            NamePattern.Parse(name).AddTo(search, "k.name_key");
        }

        NewestFirst.AddCursor(search, "k", after);
        search.Value("@limit", limit + 1);
        List<PrivateKeyInfo> rows = database.Query(
            $"SELECT {Columns} FROM private_keys k WHERE {search.Condition} ORDER BY k.created_at DESC, k.id DESC LIMIT @limit",
            Read,
            [.. search.Values]);
        return Cursor.ToPage(rows, limit, key => NewestFirst.Encode(key.CreatedAt, key.Id));
    }

    public bool IsInUse(string id) => database.Any(
        """
        SELECT 1 FROM certificates WHERE private_key_id = @id
        UNION ALL SELECT 1 FROM orders WHERE private_key_id = @id
        UNION ALL SELECT 1 FROM csrs WHERE private_key_id = @id
        """,
        ("@id", id));

    public bool IsNeeded(string id) => database.Any(
        $"""
        SELECT 1 FROM certificates WHERE private_key_id = @id
        UNION ALL SELECT 1 FROM csrs WHERE private_key_id = @id
        UNION ALL SELECT 1 FROM orders WHERE private_key_id = @id AND {OrderTable.IsOpen}
        """,
        ("@id", id));

    public bool Remove(string id) => database.Execute("DELETE FROM private_keys WHERE id = @id", ("@id", id)) > 0;

    private static PrivateKeyInfo Read(Row row) => RecordJson.Read<PrivateKeyInfo>(row.Text(4)) with
    {
        Id = row.Text(0),
        Name = row.Text(1),
        PublicKeyHash = row.Text(2),
        CreatedAt = row.Time(3),
    };
}
