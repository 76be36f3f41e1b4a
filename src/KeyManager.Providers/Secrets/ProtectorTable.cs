using System.Collections.Generic;
using KeyManager.Providers.Storage;

namespace KeyManager.Providers.Secrets;

/// <summary>The rows of the protectors.</summary>
internal sealed class ProtectorTable(Database database)
{
    public List<ProtectorRow> List() => database.Query(
        "SELECT id, name, kind, path, parameters, data_key_id, wrapped_key, created_at FROM key_protectors ORDER BY created_at, id",
        row => new ProtectorRow(
            row.Text(0),
            row.Text(1),
            row.Member(2, (KeyProtectorKind)(-1)),
            row.Text(3),
            row.Text(4),
            row.Text(5),
            row.Bytes(6),
            row.Time(7)));

    public void Add(ProtectorRow row) => _ = database.Execute(
        """
        INSERT INTO key_protectors (id, name, name_key, kind, path, parameters, data_key_id, wrapped_key, created_at)
        VALUES (@id, @name, @name_key, @kind, @path, @parameters, @data_key_id, @wrapped_key, @created_at)
        """,
        ("@id", row.Id),
        ("@name", row.Name),
        ("@name_key", NamePattern.ToKey(row.Name)),
        ("@kind", row.Kind),
        ("@path", row.Path),
        ("@parameters", row.Parameters),
        ("@data_key_id", row.DataKeyId),
        ("@wrapped_key", row.WrappedKey),
        ("@created_at", row.CreatedAt));

    public void Rewrap(string id, string dataKeyId, byte[] wrappedKey) => _ = database.Execute(
        "UPDATE key_protectors SET data_key_id = @data_key_id, wrapped_key = @wrapped_key WHERE id = @id",
        ("@id", id),
        ("@data_key_id", dataKeyId),
        ("@wrapped_key", wrappedKey));

    public void Remove(string id) => _ = database.Execute("DELETE FROM key_protectors WHERE id = @id", ("@id", id));
}
