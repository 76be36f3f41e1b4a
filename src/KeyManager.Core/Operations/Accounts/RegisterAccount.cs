using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Makes an account with an authority; for the built-in authority that is the private root itself.</summary>
public sealed class RegisterAccount(KeyManagerPorts ports)
{
    /// <summary>Stores the account with its key, then registers it; the first one becomes the default. One that was interrupted goes on with the key it has.</summary>
    /// <exception cref="ConflictException">KmAccountAlreadyExists.</exception>
    public async Task<AuthorityAccount> RunAsync(
        string authorityName, AccountRequest request, bool makeDefault, IReporter reporter, CancellationToken cancellationToken)
    {
        AdministratorRule.Check(ports, "make an account");
        ICertificateAuthority authority = ports.Authorities.Get(authorityName);
        IAccountAbility ability = ports.Authorities.Require<IAccountAbility>(authority, "make accounts");
        AccountRequest checkedRequest = request with
        {
            Settings = SettingRules.Check(authority.Description.Settings, request.Settings, authority.Description.Title),
        };
        AuthorityAccount account = Prepare(authority, ability, checkedRequest);
        AuthorityAccount registered;
        try
        {
            registered = await ability.RegisterAsync(Lookup.Context(ports.Store, account, reporter), checkedRequest, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException e) when (e.IsRefusal || e is TransportException { WasNeverSent: true })
        {
            // A clear no: there is no account whose key would have to be kept.
            Forget(account);
            throw;
        }

        if (ports.Store.Read(session => FindTwin(session, registered)) is AuthorityAccount twin)
        {
            Forget(account);
            throw new ConflictException(ConflictKind.Exists, ErrorIds.AccountAlreadyExists, $"This account is here already, as '{twin.Name}'.")
            {
                Target = twin.Name,
                Remedy = $"Use it, or rename it: Set-KmAccount {twin.Name} -NewName ...",
            };
        }

        return ports.Store.Write(session => Finish(session, authority, registered, makeDefault));
    }

    private void Forget(AuthorityAccount account) => ports.Store.Write(session =>
    {
        session.Accounts.Remove(account.Id);
        session.Secrets.RemoveAll("account", account.Id);
    });

    /// <summary>The same account of the same authority under another name: two keys for it would part ways at the next change of key.</summary>
    private static AuthorityAccount? FindTwin(IStoreSession session, AuthorityAccount account) => session.Accounts.List()
        .FirstOrDefault(a => a.Id != account.Id && a.AuthorityAccountId is not null && a.AuthorityAccountId == account.AuthorityAccountId && a.Authority == account.Authority);

    private AuthorityAccount Prepare(ICertificateAuthority authority, IAccountAbility ability, AccountRequest request)
    {
        AuthorityAccount? begun = ports.Store.Read(session => FindBegun(session, authority, request.Name));
        if (begun is not null)
        {
            return begun with { Contact = request.Contact, Environment = request.Environment, Settings = request.Settings };
        }

        AccountRegistration registration = ability.Prepare(request);
        try
        {
            return ports.Store.Write(session => Store(session, authority, request, registration));
        }
        finally
        {
            SecretValues.Overwrite(registration.Secrets.Values);
        }
    }

    private AuthorityAccount Store(IStoreSession session, ICertificateAuthority authority, AccountRequest request, AccountRegistration registration)
    {
        RefuseTakenName(session, request.Name);
        Quota.CheckAccounts(session, authority.Description, request.Environment);
        DateTimeOffset now = ports.Clock.UtcNow;
        AuthorityAccount account = new()
        {
            Id = request.Id,
            Name = request.Name,
            Authority = authority.Description.Name,
            Environment = request.Environment,
            Status = AccountStatus.Pending,
            Contact = request.Contact,
            AuthorityAccountId = registration.AuthorityAccountId,
            AuthorityData = registration.AuthorityData,
            Settings = registration.Settings,
            CreatedAt = now,
            UpdatedAt = now,
        };
        session.Accounts.Add(account);
        foreach (KeyValuePair<string, byte[]> secret in registration.Secrets)
        {
            session.Secrets.Put(SecretRef.Account(account.Id, secret.Key), secret.Value);
        }

        return account;
    }

    private AuthorityAccount Finish(IStoreSession session, ICertificateAuthority authority, AuthorityAccount registered, bool makeDefault)
    {
        bool isDefault = makeDefault || !session.Accounts.List().Any(a => a.Id != registered.Id);
        AuthorityAccount account = registered with { Status = AccountStatus.Valid, UpdatedAt = ports.Clock.UtcNow };
        session.Accounts.Update(account);
        if (isDefault)
        {
            session.Accounts.MakeDefault(account.Id);
        }

        session.Audit.Append(new AuditEntry("Account", "AccountCreated", account.Id, account.Name, authority.Description.Title));
        return account with { IsDefault = isDefault };
    }

    /// <summary>The account of this name whose registration was interrupted; <c>null</c> when the name is free.</summary>
    private static AuthorityAccount? FindBegun(IStoreSession session, ICertificateAuthority authority, string name)
    {
        if (session.Accounts.FindByName(name) is { Status: AccountStatus.Pending } begun && begun.Authority == authority.Description.Name)
        {
            return begun;
        }

        RefuseTakenName(session, name);
        return null;
    }

    private static bool RefuseTakenName(IStoreSession session, string name) => session.Accounts.FindByName(name) is null
        ? true
        : throw new ConflictException(ConflictKind.Exists, ErrorIds.AccountAlreadyExists, $"There is an account '{name}' already.")
        {
            Target = name,
            Remedy = "Choose another -Name; Get-KmAccount lists the accounts.",
        };
}
