using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Stored details that orders call by name: organizations, contacts.</summary>
public interface IPresetStore<T>
    where T : class
{
    /// <exception cref="ConflictException">KmNameAlreadyExists.</exception>
    void Add(T preset);

    /// <summary>Replaces the stored one of the same id.</summary>
    /// <exception cref="ConflictException">KmNameAlreadyExists: another one has the name.</exception>
    void Update(T preset);

    T? Find(string id);

    /// <summary>By name, letter case does not matter.</summary>
    T? FindByName(string name);

    /// <summary>All, by name.</summary>
    IReadOnlyList<T> List();

    bool Remove(string id);
}
