using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The stored certificate requests.</summary>
internal sealed class CsrTable(Database database) : ICsrStore
{
    private const string Columns = "r.id, r.name, r.private_key_id, r.created_at, r.document, r.raw_data";

    public void Add(CertificateSigningRequest request)
    {
        string key = NamePattern.ToKey(request.Name);
        if (database.Any("SELECT 1 FROM csrs WHERE name_key = @name", ("@name", key)))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"There is a certificate request '{request.Name}' already.")
            {
                Target = request.Name,
                Remedy = "Choose another name.",
            };
        }

        _ = database.Execute(
            """
            INSERT INTO csrs (id, name, name_key, private_key_id, created_at, document, raw_data)
            VALUES (@id, @name, @name_key, @private_key_id, @created_at, @document, @raw_data)
            """,
            ("@id", request.Id),
            ("@name", request.Name),
            ("@name_key", key),
            ("@private_key_id", request.PrivateKeyId),
            ("@created_at", request.CreatedAt),
            ("@document", RecordJson.Write(request)),
            ("@raw_data", request.RawData));
    }

    public CertificateSigningRequest? Find(string id) => database.First($"SELECT {Columns} FROM csrs r WHERE r.id = @id", Read, ("@id", id));

    public CertificateSigningRequest? FindByName(string name) =>
        database.First($"SELECT {Columns} FROM csrs r WHERE r.name_key = @name", Read, ("@name", NamePattern.ToKey(name)));

    public Page<CertificateSigningRequest> Query(string? name, string? after, int limit)
    {
        SearchBuilder search = new();
        if (name is { Length: > 0 })
        {
            NamePattern.Parse(name).AddTo(search, "r.name_key");
        }

        NewestFirst.AddCursor(search, "r", after);
        search.Value("@limit", limit + 1);
        List<CertificateSigningRequest> rows = database.Query(
            $"SELECT {Columns} FROM csrs r WHERE {search.Condition} ORDER BY r.created_at DESC, r.id DESC LIMIT @limit",
            Read,
            [.. search.Values]);
        return Cursor.ToPage(rows, limit, request => NewestFirst.Encode(request.CreatedAt, request.Id));
    }

    public bool Remove(string id) => database.Execute("DELETE FROM csrs WHERE id = @id", ("@id", id)) > 0;

    private static CertificateSigningRequest Read(Row row) => RecordJson.Read<CertificateSigningRequest>(row.Text(4)) with
    {
        Id = row.Text(0),
        Name = row.Text(1),
        PrivateKeyId = row.TextOrNull(2),
        CreatedAt = row.Time(3),
        RawData = row.Bytes(5),
    };
}
