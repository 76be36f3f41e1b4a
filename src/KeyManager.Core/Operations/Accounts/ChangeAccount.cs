using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Files;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>What is done to an account after it was made: change, try out, give up, forget.</summary>
public sealed class ChangeAccount(KeyManagerPorts ports)
{
    /// <summary>Changes name, contacts, settings (each only when given) and brings them to the authority.</summary>
    public async Task<AuthorityAccount> UpdateAsync(
        string idOrName, string? newName, IReadOnlyList<string>? contact, IReadOnlyDictionary<string, string>? settings, bool makeDefault,
        IReporter reporter, CancellationToken cancellationToken)
    {
        AdministratorRule.Check(ports, "change an account");
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, idOrName));
        (Lease held, account) = await Lease.OnAccountAsync(ports, account, excludesOrders: false, cancellationToken).ConfigureAwait(false);
        using Lease lease = held;
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        AuthorityAccount changed = account with
        {
            Name = newName ?? account.Name,
            Contact = contact ?? account.Contact,
            Settings = settings is null ? account.Settings : Merge(authority.Description, account.Settings, settings),
            UpdatedAt = ports.Clock.UtcNow,
        };
        if ((contact is not null || settings is not null) && authority is IAccountAbility ability)
        {
            changed = await ability.UpdateAsync(Lookup.Context(ports.Store, account, reporter), changed, cancellationToken).ConfigureAwait(false);
        }

        return ports.Store.Write(session =>
        {
            if (session.Accounts.FindByName(changed.Name) is AuthorityAccount other && other.Id != changed.Id)
            {
                throw new ConflictException(ConflictKind.Exists, ErrorIds.AccountAlreadyExists, $"There is an account '{changed.Name}' already.")
                {
                    Target = changed.Name,
                    Remedy = "Choose another -NewName; Get-KmAccount lists the accounts.",
                };
            }

            // What the adapter keeps may have moved on meanwhile, such as a new issuing authority; only an answer of its own replaces it.
            AuthorityAccount now = Lookup.Account(session, changed.Id);
            session.Accounts.Update(changed.AuthorityData == account.AuthorityData ? changed with { AuthorityData = now.AuthorityData } : changed);
            Rename(session, now, changed.Name);
            if (makeDefault)
            {
                session.Accounts.MakeDefault(changed.Id);
            }

            session.Audit.Append(new AuditEntry("Account", "AccountChanged", changed.Id, changed.Name));
            return Lookup.Account(session, changed.Id);
        });
    }

    /// <summary>Tries the account out at its authority; answers a sentence about what was found.</summary>
    public async Task<string> TestAsync(string idOrName, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, idOrName));
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        ICredentialTestAbility ability = ports.Authorities.Require<ICredentialTestAbility>(authority, "test an account");
        return await ability.TestAsync(Lookup.Context(ports.Store, account, reporter), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a new secret that the authority gave in the place of the old one, when the authority takes it.</summary>
    /// <param name="idOrName">The account.</param>
    /// <param name="name">Which secret.</param>
    /// <param name="value">It; the caller overwrites it.</param>
    /// <param name="reporter">For steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CredentialException">The authority does not take it; the old one stays.</exception>
    public async Task<AuthorityAccount> ReplaceSecretAsync(string idOrName, string name, byte[] value, IReporter reporter, CancellationToken cancellationToken)
    {
        AdministratorRule.Check(ports, "change an account");
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, idOrName));
        SecretRef place = SecretRef.Account(account.Id, name);
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        if (!ports.Store.Read(session => session.Secrets.Exists(place)))
        {
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"Accounts of {authority.Description.Title} have no token of that kind.") { Target = account.Name };
        }

        ICredentialTestAbility ability = ports.Authorities.Require<ICredentialTestAbility>(authority, "test an account");
        (Lease held, account) = await Lease.OnAccountAsync(ports, account, excludesOrders: false, cancellationToken).ConfigureAwait(false);
        using Lease lease = held;
        _ = await ability.TestAsync(new AuthorityContext(account, _ => (byte[])value.Clone(), reporter), cancellationToken).ConfigureAwait(false);
        return ports.Store.Write(session =>
        {
            session.Secrets.Put(place, value);
            AuthorityAccount now = Lookup.Account(session, account.Id);
            AuthorityAccount changed = now with
            {
                Settings = now.Settings.Where(s => s.Key != AccountSettings.CredentialExpires).ToDictionary(s => s.Key, s => s.Value, StringComparer.OrdinalIgnoreCase),
                UpdatedAt = ports.Clock.UtcNow,
            };
            session.Accounts.Update(changed);
            session.Audit.Append(new AuditEntry("Account", "AccountSecretChanged", account.Id, account.Name));
            return changed;
        });
    }

    /// <summary>Gives the account up at the authority, for good. It stays in the store as deactivated, so that nobody tries it again.</summary>
    public async Task<AuthorityAccount> DeactivateAsync(string idOrName, IReporter reporter, CancellationToken cancellationToken)
    {
        AdministratorRule.Check(ports, "deactivate an account");
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, idOrName));
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        IAccountAbility ability = ports.Authorities.Require<IAccountAbility>(authority, "deactivate an account");
        (Lease held, account) = await Lease.OnAccountAsync(ports, account, excludesOrders: true, cancellationToken).ConfigureAwait(false);
        using Lease lease = held;
        await ability.DeactivateAsync(Lookup.Context(ports.Store, account, reporter), cancellationToken).ConfigureAwait(false);
        return ports.Store.Write(session =>
        {
            AuthorityAccount deactivated = Lookup.Account(session, account.Id) with { Status = AccountStatus.Deactivated, IsDefault = false, UpdatedAt = ports.Clock.UtcNow };
            session.Accounts.Update(deactivated);
            session.Audit.Append(new AuditEntry("Account", "AccountDeactivated", account.Id, account.Name));
            return deactivated;
        });
    }

    /// <summary>Forgets the account here; at the authority it stays.</summary>
    /// <exception cref="ConflictException">KmAccountInUse: open orders need it.</exception>
    public void Remove(string idOrName, IReporter reporter)
    {
        AdministratorRule.Check(ports, "remove an account");
        AuthorityAccount removed = ports.Store.Write(session =>
        {
            AuthorityAccount account = Lookup.Account(session, idOrName);
            IReadOnlyList<CertificateOrder> open = session.Orders.Query(new OrderQuery { AccountId = account.Id, IsOpen = true }, null, 1000).Items;
            if (open.Count > 0)
            {
                throw new ConflictException(ConflictKind.State, ErrorIds.AccountInUse, $"The account {account} is needed by {open.Count} open orders, such as {open[0]}.")
                {
                    Target = account.Name,
                    Remedy = "Complete, cancel or remove them first: Get-KmCertificateOrder.",
                };
            }

            session.Accounts.Remove(account.Id);
            session.Secrets.RemoveAll("account", account.Id);
            session.Audit.Append(new AuditEntry("Account", "AccountRemoved", account.Id, account.Name, "removed here only"));
            return account;
        });
        reporter.Warn($"The account {removed} was removed here only; certificates ordered with it can no longer be renewed or revoked from here.");
    }

    /// <summary>Writes the root of a private authority as PEM, for the trust stores of clients.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    public ExportedFile ExportTrustAnchor(string idOrName, string path, bool includeIssuing, bool overwrite, IReporter reporter)
    {
        AuthorityAccount account = ports.Store.Read(session => Lookup.Account(session, idOrName));
        ITrustAnchorAbility ability = ports.Authorities.Require<ITrustAnchorAbility>(ports.Authorities.Get(account.Authority), "hand out a root of its own");
        if (!overwrite && File.Exists(path))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists.") { Target = path, Remedy = "Use -Force to replace it." };
        }

        IReadOnlyList<byte[]> certificates = ability.GetCertificates(Lookup.Context(ports.Store, account, reporter));
        ports.Files.WriteAll([new FileContent(path, ports.Certificates.ToPem(includeIssuing ? certificates : certificates.Take(1)), IsPrivate: false)]);
        return new ExportedFile
        {
            Path = path,
            Content = includeIssuing ? "RootAndIssuing" : "Root",
            IsPrivate = false,
            Name = account.Name,
            Thumbprint = ports.Certificates.Parse(certificates[0]).Thumbprint,
        };
    }

    /// <summary>Orders and certificates show the name of their account, and are found by it.</summary>
    private static void Rename(IStoreSession session, AuthorityAccount account, string newName)
    {
        if (account.Name == newName)
        {
            return;
        }

        foreach (CertificateOrder order in session.Orders.Query(new OrderQuery { AccountId = account.Id }, null, int.MaxValue).Items)
        {
            session.Orders.Update(order with { Account = newName });
        }

        foreach (Certificate certificate in AllVersions(session, account.Name))
        {
            session.Certificates.Update(certificate with { Account = newName });
        }
    }

    private static List<Certificate> AllVersions(IStoreSession session, string accountName) =>
    [
        .. session.Certificates.Query(new CertificateQuery { Account = accountName, IncludeHistory = true }, null, int.MaxValue).Items,
        .. session.Certificates.Query(new CertificateQuery { Account = accountName, Status = [CertificateStatus.Unsaved] }, null, int.MaxValue).Items,
    ];

    private static IReadOnlyDictionary<string, string> Merge(
        AuthorityDescription authority, IReadOnlyDictionary<string, string> current, IReadOnlyDictionary<string, string> changes)
    {
        Dictionary<string, string> merged = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> setting in current)
        {
            merged[setting.Key] = setting.Value;
        }

        foreach (KeyValuePair<string, string> change in SettingRules.Check(authority.Settings, changes, authority.Title))
        {
            SettingDescription description = authority.Settings.First(s => s.Name == change.Key);
            string before = merged.TryGetValue(change.Key, out string? value) ? value : description.Default;
            if (!description.IsChangeable && before != change.Value)
            {
                throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {change.Key} cannot be changed after the account was made.")
                {
                    Target = change.Key,
                    Remedy = "Make a new account with New-KmAccount.",
                };
            }

            merged[change.Key] = change.Value;
        }

        return merged;
    }
}
