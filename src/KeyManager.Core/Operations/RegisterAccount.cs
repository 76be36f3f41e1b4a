using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Makes an account with an authority; for the built-in authority that is the private root itself.</summary>
public sealed class RegisterAccount(KeyManagerPorts ports)
{
    /// <summary>Registers and stores the account; the first one becomes the default.</summary>
    /// <exception cref="ConflictException">KmAccountAlreadyExists.</exception>
    public async Task<AuthorityAccount> RunAsync(
        string authorityName, AccountRequest request, bool makeDefault, CancellationToken cancellationToken)
    {
        ICertificateAuthority authority = ports.Authorities.Get(authorityName);
        IAccountAbility ability = ports.Authorities.Require<IAccountAbility>(authority, "make accounts");
        ports.Store.Read(session => RefuseTakenName(session, request.Name));
        AccountRequest checkedRequest = request with
        {
            Settings = SettingRules.Check(authority.Description.Settings, request.Settings, authority.Description.Title),
        };
        AccountRegistration registration = await ability.RegisterAsync(checkedRequest, cancellationToken).ConfigureAwait(false);
        try
        {
            return ports.Store.Write(session => Store(session, authority, checkedRequest, registration, makeDefault));
        }
        finally
        {
            foreach (byte[] secret in registration.Secrets.Values)
            {
                Array.Clear(secret, 0, secret.Length);
            }
        }
    }

    private AuthorityAccount Store(
        IStoreSession session, ICertificateAuthority authority, AccountRequest request, AccountRegistration registration, bool makeDefault)
    {
        RefuseTakenName(session, request.Name);
        DateTimeOffset now = ports.Clock.UtcNow;
        AuthorityAccount account = new()
        {
            Id = request.Id,
            Name = request.Name,
            Authority = authority.Description.Name,
            Environment = request.Environment,
            Contact = request.Contact,
            AuthorityAccountId = registration.AuthorityAccountId,
            AuthorityData = registration.AuthorityData,
            Settings = registration.Settings,
            CreatedAt = now,
            UpdatedAt = now,
        };
        bool first = session.Accounts.List().Count == 0;
        session.Accounts.Add(account);
        foreach (KeyValuePair<string, byte[]> secret in registration.Secrets)
        {
            session.Secrets.Put(SecretRef.Account(account.Id, secret.Key), secret.Value);
        }

        if (first || makeDefault)
        {
            session.Accounts.MakeDefault(account.Id);
        }

        session.Audit.Append(new AuditEntry("Account", "AccountCreated", account.Id, account.Name, authority.Description.Title));
        return account with { IsDefault = first || makeDefault };
    }

    private static bool RefuseTakenName(IStoreSession session, string name) => session.Accounts.FindByName(name) is null
        ? true
        : throw new ConflictException(ConflictKind.Exists, ErrorIds.AccountAlreadyExists, $"There is an account '{name}' already.")
        {
            Target = name,
            Remedy = "Choose another -Name; Get-KmAccount lists the accounts.",
        };
}
