using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The accounts with authorities.</summary>
public interface IAccountStore
{
    /// <exception cref="ConflictException">KmAccountAlreadyExists: the name is taken.</exception>
    void Add(AuthorityAccount account);

    /// <summary>Replaces what is stored about it; one that is deactivated stops being the default.</summary>
    void Update(AuthorityAccount account);

    /// <summary>Makes it the default and every other one not.</summary>
    void MakeDefault(string id);

    AuthorityAccount? Find(string id);

    /// <summary>By name, letter case does not matter.</summary>
    AuthorityAccount? FindByName(string name);

    /// <summary>All, by name.</summary>
    IReadOnlyList<AuthorityAccount> List();

    /// <summary>Removes it; false when there was none. Its secrets are removed by the caller.</summary>
    bool Remove(string id);
}
