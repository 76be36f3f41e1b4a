using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Settings of the store as text; <see cref="Operations"/> know which exist, their types and defaults.</summary>
public interface ISettingStore
{
    string? Find(string name);

    void Put(string name, string value);

    bool Remove(string name);

    IReadOnlyDictionary<string, string> List();
}
