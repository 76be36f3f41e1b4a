using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>A table of stored details that orders call by name.</summary>
/// <param name="database">Where.</param>
/// <param name="table">Its name.</param>
/// <param name="what">What to call one in an error.</param>
internal sealed class PresetTable<T>(Database database, string table, string what) : INamedStore<T>
    where T : class, INamedRecord
{
    public void Add(T preset)
    {
        RequireFreeName(preset);
        _ = database.Execute($"INSERT INTO {table} (id, name, name_key, document) VALUES (@id, @name, @name_key, @document)", Values(preset));
    }

    public void Update(T preset)
    {
        RequireFreeName(preset);
        _ = database.Execute($"UPDATE {table} SET name = @name, name_key = @name_key, document = @document WHERE id = @id", Values(preset));
    }

    public T? Find(string id) => database.First($"SELECT document FROM {table} WHERE id = @id", Read, ("@id", id));

    public T? FindByName(string name) => database.First($"SELECT document FROM {table} WHERE name_key = @name", Read, ("@name", NamePattern.ToKey(name)));

    public IReadOnlyList<T> List() => database.Query($"SELECT document FROM {table} ORDER BY name_key", Read);

    public bool Remove(string id) => database.Execute($"DELETE FROM {table} WHERE id = @id", ("@id", id)) > 0;

    private static T Read(Row row) => RecordJson.Read<T>(row.Text(0));

    private static (string Name, object? Value)[] Values(T preset) =>
        [("@id", preset.Id), ("@name", preset.Name), ("@name_key", NamePattern.ToKey(preset.Name)), ("@document", RecordJson.Write(preset))];

    private void RequireFreeName(T preset)
    {
        if (database.Any($"SELECT 1 FROM {table} WHERE name_key = @name AND id <> @id", ("@name", NamePattern.ToKey(preset.Name)), ("@id", preset.Id)))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"There is {what} '{preset.Name}' already.") { Target = preset.Name, Remedy = "Choose another name." };
        }
    }
}
