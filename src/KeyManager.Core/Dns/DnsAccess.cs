using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Dns;

/// <summary>Brings an account, its secrets and what a mapping says otherwise together.</summary>
public static class DnsAccess
{
    /// <summary>What a service works with.</summary>
    /// <param name="store">Where the secrets are.</param>
    /// <param name="account">The account.</param>
    /// <param name="mapping">The mapping of the domain; its settings go before the account's. <c>null</c> for none.</param>
    /// <param name="reporter">For steps and warnings.</param>
    /// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
    public static DnsContext Context(IStore store, DnsAccount account, DomainMapping? mapping, IReporter reporter, IScriptRunner? scripts)
    {
        if (mapping?.HasOverrides != true)
        {
            return new DnsContext(account, name => store.Read(session => session.Secrets.Get(SecretRef.DnsAccount(account.Id, name))), reporter, scripts);
        }

        // What a service keeps of an account must not be taken for what it keeps of the account with other settings.
        DnsAccount merged = account with
        {
            Id = account.Id + "/" + mapping.Id,
            UpdatedAt = mapping.UpdatedAt > account.UpdatedAt ? mapping.UpdatedAt : account.UpdatedAt,
            Settings = SettingValues.Merge(account.Settings, mapping.Settings),
        };
        return new DnsContext(
            merged,
            name => store.Read(session => session.Secrets.Get(
                mapping.Secrets.Contains(name, StringComparer.OrdinalIgnoreCase) ? SecretRef.DomainMapping(mapping.Id, name) : SecretRef.DnsAccount(account.Id, name))),
            reporter,
            scripts);
    }

    /// <summary>The DNS account by id or name.</summary>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    public static DnsAccount Account(IStoreSession session, string idOrName) => session.DnsAccounts.Find(idOrName) ?? session.DnsAccounts.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.DnsAccountNotFound, $"There is no DNS account '{idOrName}'.")
        {
            Target = idOrName,
            Remedy = "Get-KmDnsAccount lists the DNS accounts; New-KmDnsAccount makes one.",
        };

    /// <summary>The DNS account by id or name, when it may be used.</summary>
    /// <exception cref="NotFoundException">KmDnsAccountNotFound.</exception>
    /// <exception cref="ConflictException">KmDnsAccountDisabled.</exception>
    public static DnsAccount UsableAccount(IStoreSession session, string idOrName)
    {
        DnsAccount account = Account(session, idOrName);
        return account.Enabled ? account : throw new ConflictException(ConflictKind.State, ErrorIds.DnsAccountDisabled, $"The DNS account {account} is switched off.")
        {
            Target = account.Name,
            Remedy = $"Switch it on: Enable-KmDnsAccount {account.Name}; or name another one with -DnsAccount.",
        };
    }

    /// <summary>The mapping of the longest domain that the name is or lies in; else the one for everything.</summary>
    public static DomainMapping? MappingOf(IReadOnlyList<DomainMapping> mappings, string name) =>
        mappings.Where(m => m.DomainName != DomainMapping.Everything && IsAtOrBelow(name, m.DomainName)).OrderByDescending(m => m.DomainName.Length).FirstOrDefault()
        ?? mappings.FirstOrDefault(m => m.DomainName == DomainMapping.Everything);

    internal static bool IsAtOrBelow(string name, string domain) =>
        string.Equals(name, domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);
}
