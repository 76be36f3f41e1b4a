using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>A table of records that have a name and are few.</summary>
/// <param name="database">The store.</param>
/// <param name="table">Name of the table.</param>
/// <param name="what">What to call such a record in an error.</param>
/// <param name="takenId">Error id for a name that is taken.</param>
/// <param name="notFoundId">Error id for a record that is gone.</param>
internal sealed class NamedTable<T>(Database database, string table, string what, string takenId, string notFoundId) : INamedStore<T>
    where T : class, INamedRecord
{
    public void Add(T record)
    {
        RequireFreeName(record);
        _ = database.Execute($"INSERT INTO {table} (id, name, name_key, document) VALUES (@id, @name, @name_key, @document)", Values(record));
    }

    public void Update(T record)
    {
        RequireFreeName(record);
        if (database.Execute($"UPDATE {table} SET name = @name, name_key = @name_key, document = @document WHERE id = @id", Values(record)) == 0)
        {
            throw new NotFoundException(notFoundId, $"The {what} '{record.Name}' does not exist any more.") { Target = record.Name };
        }
    }

    public T? Find(string id) => database.First($"SELECT document FROM {table} WHERE id = @id", Read, ("@id", id));

    public T? FindByName(string name) => database.First($"SELECT document FROM {table} WHERE name_key = @name", Read, ("@name", NamePattern.ToKey(name)));

    public IReadOnlyList<T> List() => database.Query($"SELECT document FROM {table} ORDER BY name_key", Read);

    public bool Remove(string id) => database.Execute($"DELETE FROM {table} WHERE id = @id", ("@id", id)) > 0;

    private static T Read(Row row) => RecordJson.Read<T>(row.Text(0));

    private static (string Name, object? Value)[] Values(T record) =>
        [("@id", record.Id), ("@name", record.Name), ("@name_key", NamePattern.ToKey(record.Name)), ("@document", RecordJson.Write(record))];

    private void RequireFreeName(T record)
    {
        if (database.Any($"SELECT 1 FROM {table} WHERE name_key = @name AND id <> @id", ("@name", NamePattern.ToKey(record.Name)), ("@id", record.Id)))
        {
            throw new ConflictException(ConflictKind.Exists, takenId, $"There is a {what} '{record.Name}' already.") { Target = record.Name, Remedy = "Choose another name, or change the one that is there." };
        }
    }
}
