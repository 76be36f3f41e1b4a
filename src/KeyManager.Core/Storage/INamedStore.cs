using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Records that have a name and are few: accounts, mappings, policies, organizations and contacts.</summary>
public interface INamedStore<T>
    where T : class, INamedRecord
{
    /// <exception cref="ConflictException">The name is taken.</exception>
    void Add(T record);

    /// <summary>Replaces what is stored under its identifier.</summary>
    /// <exception cref="ConflictException">The name is taken.</exception>
    void Update(T record);

    T? Find(string id);

    /// <summary>By name, letter case does not matter.</summary>
    T? FindByName(string name);

    /// <summary>All, by name.</summary>
    IReadOnlyList<T> List();

    /// <summary>Removes it; false when there was none. Its secrets are removed by the caller.</summary>
    bool Remove(string id);
}
