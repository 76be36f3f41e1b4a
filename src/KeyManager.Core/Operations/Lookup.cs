using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Finds stored things by what a user calls them.</summary>
internal static class Lookup
{
    /// <summary>The account by id or name; the default account when neither is given, or the only one there is.</summary>
    public static AuthorityAccount Account(IStoreSession session, string? idOrName)
    {
        if (!string.IsNullOrWhiteSpace(idOrName))
        {
            return session.Accounts.Find(idOrName!) ?? session.Accounts.FindByName(idOrName!)
                ?? throw new NotFoundException(ErrorIds.AccountNotFound, $"There is no account '{idOrName}'.")
                {
                    Target = idOrName,
                    Remedy = "Get-KmAccount lists the accounts; New-KmAccount makes one.",
                };
        }

        IReadOnlyList<AuthorityAccount> accounts = session.Accounts.List();
        List<AuthorityAccount> usable = accounts.Where(a => a.Status == AccountStatus.Valid).ToList();
        AuthorityAccount? chosen = accounts.FirstOrDefault(a => a.IsDefault)
            ?? (usable.Count == 1 ? usable[0] : null)
            ?? (accounts.Count == 1 ? accounts[0] : null);
        return chosen ?? throw new NotFoundException(
            ErrorIds.AccountNotFound,
            accounts.Count == 0 ? "There is no account with a certificate authority yet." : "Several accounts exist and none is the default.")
        {
            Remedy = accounts.Count == 0
                ? "Make one, for example: New-KmAccount -Name private -Authority Local"
                : $"Name one with -Account ({string.Join(", ", accounts.Select(a => a.Name))}), or mark one: Set-KmAccount <name> -Default",
        };
    }

    public static AuthorityAccount UsableAccount(IStoreSession session, string? idOrName)
    {
        AuthorityAccount account = Account(session, idOrName);
        return account.Status == AccountStatus.Valid
            ? account
            : throw new ConflictException(ConflictKind.State, ErrorIds.AccountDeactivated, $"The account {account} was deactivated and cannot be used again.")
            {
                Target = account.Name,
                Remedy = "Make a new account with New-KmAccount.",
            };
    }

    public static CertificateOrder Order(IStoreSession session, string id) => session.Orders.Find(id)
        ?? throw new NotFoundException(ErrorIds.OrderNotFound, $"There is no order '{id}'.")
        {
            Target = id,
            Remedy = "Get-KmCertificateOrder lists the orders.",
        };

    /// <summary>True for an order whose certificate was collected, never saved, and is no longer good: nothing is left to take up.</summary>
    public static bool HasRunOut(IStoreSession session, CertificateOrder order, DateTimeOffset now) =>
        order.IsUnsaved
        && (order.CertificateId is null || session.Certificates.Find(order.CertificateId) is not Certificate certificate || certificate.NotAfter <= now);

    public static Certificate Certificate(IStoreSession session, string id) => session.Certificates.Find(id)
        ?? throw new NotFoundException(ErrorIds.CertificateNotFound, $"There is no certificate '{id}'.")
        {
            Target = id,
            Remedy = "Get-KmCertificate lists the inventory.",
        };

    public static PrivateKeyInfo PrivateKey(IStoreSession session, string idOrName)
    {
        PrivateKeyInfo? key = session.PrivateKeys.Find(idOrName);
        if (key is not null)
        {
            return key;
        }

        // Two are enough to know that the name does not decide.
        List<PrivateKeyInfo> named = session.PrivateKeys.Query(idOrName, null, 50).Items
            .Where(k => string.Equals(k.Name, idOrName, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return named.Count switch
        {
            1 => named[0],
            0 => throw new NotFoundException(ErrorIds.PrivateKeyNotFound, $"There is no stored private key '{idOrName}'.")
            {
                Target = idOrName,
                Remedy = "Get-KmPrivateKey lists the keys; Import-KmPrivateKey takes one in.",
            },
            _ => throw new InvalidRequestException(ErrorIds.InvalidParameter, $"Several stored private keys are called '{idOrName}'.")
            {
                Target = idOrName,
                Remedy = "Name the one by its Id, as Get-KmPrivateKey shows it.",
            },
        };
    }

    public static Organization Organization(IStoreSession session, string idOrName) =>
        session.Organizations.Find(idOrName) ?? session.Organizations.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.OrganizationNotFound, $"There is no stored organization '{idOrName}'.")
        {
            Target = idOrName,
            Remedy = "Get-KmOrganization lists them; New-KmOrganization stores one.",
        };

    /// <summary>The organization that the authority keeps for the account, by its number or name, else the stored one.</summary>
    /// <exception cref="NotFoundException">KmOrganizationNotFound; KmDirectoryMismatch: the authority lists it no more.</exception>
    public static Organization Organization(IStoreSession session, AuthorityAccount account, string idOrName)
    {
        List<Organization> kept = [.. session.Directory.Organizations(account.Id).Where(o => o.Id == idOrName || o.AuthorityId == idOrName || string.Equals(o.Name, idOrName, StringComparison.OrdinalIgnoreCase))];
        if ((kept.Find(o => o.MissingSince is null) ?? session.Organizations.Find(idOrName) ?? session.Organizations.FindByName(idOrName)) is Organization found)
        {
            return found;
        }

        string advice = $"Compare with the authority's portal, then Sync-KmAccount {account.Name}; Get-KmOrganization lists what it keeps.";
        return kept.Count > 0
            ? throw new NotFoundException(ErrorIds.DirectoryMismatch, $"{account.Authority} lists the organization {kept[0]} no more for the account {account}, since {kept[0].MissingSince:yyyy-MM-dd}.") { Target = idOrName, Remedy = advice }
            : session.Directory.FetchedAt(account.Id, DirectoryScope.Organization) is null
                ? Organization(session, idOrName)
                : throw new NotFoundException(ErrorIds.OrganizationNotFound, $"Neither the account {account} nor this store has an organization '{idOrName}'.") { Target = idOrName, Remedy = advice };
    }

    public static Contact Contact(IStoreSession session, string idOrName) =>
        session.Contacts.Find(idOrName) ?? session.Contacts.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.ContactNotFound, $"There is no stored contact '{idOrName}'.")
        {
            Target = idOrName,
            Remedy = "Get-KmContact lists them; New-KmContact stores one.",
        };

    public static CertificateSigningRequest Csr(IStoreSession session, string idOrName) =>
        session.Csrs.Find(idOrName) ?? session.Csrs.FindByName(idOrName)
        ?? throw new NotFoundException(ErrorIds.CsrNotFound, $"There is no stored certificate request '{idOrName}'.")
        {
            Target = idOrName,
            Remedy = "Get-KmCsr lists the requests; New-KmCsr makes one, Import-KmCsr takes one in.",
        };

    /// <summary>The private key in the clear. The caller disposes it.</summary>
    public static KeyPair KeyPair(IStoreSession session, IKeyTools tools, string keyId)
    {
        byte[] pkcs8 = session.Secrets.Get(SecretRef.PrivateKey(keyId))
            ?? throw new NotFoundException(ErrorIds.PrivateKeyNotFound, $"The private key '{keyId}' is not in the store.")
            {
                Target = keyId,
                Remedy = "Restore the store from a backup, or import the key again with Import-KmPrivateKey.",
            };
        return tools.FromPkcs8(pkcs8);
    }

    public static AuthorityContext Context(IStore store, AuthorityAccount account, IReporter reporter) =>
        new(account, name => store.Read(session => session.Secrets.Get(SecretRef.Account(account.Id, name))), reporter);
}
