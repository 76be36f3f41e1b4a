using System;
using System.Collections.Generic;
using KeyManager.Authorities;

namespace KeyManager.Storage;

/// <summary>What authorities keep for accounts, as they last told it.</summary>
public interface IDirectoryStore
{
    /// <summary>The groups of an account, by name.</summary>
    IReadOnlyList<AuthorityGroup> Groups(string accountId);

    /// <summary>The organizations that the authority keeps for an account, by name.</summary>
    IReadOnlyList<Organization> Organizations(string accountId);

    /// <summary>The domains of an account, by name.</summary>
    IReadOnlyList<AuthorityDomain> Domains(string accountId);

    /// <summary>Puts the parts that are not <c>null</c> in the place of those before, and notes the time for each.</summary>
    void Replace(string accountId, AccountDirectory directory, DateTimeOffset now);

    /// <summary>When a part was last fetched; <c>null</c> when it never was.</summary>
    DateTimeOffset? FetchedAt(string accountId, DirectoryScope part);
}
