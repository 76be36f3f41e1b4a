using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The settings of the store; letter case of their names does not matter.</summary>
internal sealed class SettingTable(Database database) : ISettingStore
{
    public string? Find(string name) => database.Text("SELECT value FROM settings WHERE name_key = @key", ("@key", NamePattern.ToKey(name)));

    public void Put(string name, string value) => _ = database.Execute(
        "INSERT INTO settings (name, name_key, value) VALUES (@name, @key, @value) ON CONFLICT (name_key) DO UPDATE SET name = excluded.name, value = excluded.value",
        ("@name", name),
        ("@key", NamePattern.ToKey(name)),
        ("@value", value));

    public bool Remove(string name) => database.Execute("DELETE FROM settings WHERE name_key = @key", ("@key", NamePattern.ToKey(name))) > 0;

    public IReadOnlyDictionary<string, string> List()
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in database.Query("SELECT name, value FROM settings ORDER BY name_key", row => (row.Text(0), row.Text(1))))
        {
            settings[name] = value;
        }

        return settings;
    }
}
