using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Files;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes the key of an account along, and replaces it.</summary>
public sealed class ManageAccountKey(KeyManagerPorts ports)
{
    /// <summary>The key that a change has made and the authority may not know yet.</summary>
    internal const string NextSuffix = "-next";

    /// <summary>Reads an exported key for an account to be added; by the name under which the account keeps it. The caller overwrites it.</summary>
    public IReadOnlyDictionary<string, byte[]> Read(string authorityName, byte[] data, string? password, string source)
    {
        IAccountKeyAbility ability = Ability(ports.Authorities.Get(authorityName));
        return new Dictionary<string, byte[]> { [ability.KeySecret] = ability.ReadKey(data, password, source) };
    }

    /// <summary>Writes the key into a file that only its owner can read.</summary>
    /// <exception cref="ConflictException">KmFileExists.</exception>
    public ExportedFile Export(string idOrName, string path, AccountKeyFormat format, string? password, bool overwrite)
    {
        AdministratorRule.Check(ports, "export the key of an account");
        AuthorityAccount account = ports.Store.Read(session => Lookup.Account(session, idOrName));
        IAccountKeyAbility ability = Ability(ports.Authorities.Get(account.Authority));
        if (!overwrite && System.IO.File.Exists(path))
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{path}' exists.") { Target = path, Remedy = "Use -Force to replace it." };
        }

        byte[] key = Key(account, ability.KeySecret);
        try
        {
            byte[] content = ability.WriteKey(key, format, password);
            ports.Files.WriteAll([new FileContent(path, content, IsPrivate: true)]);
            Array.Clear(content, 0, content.Length);
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }

        ports.Store.Write(session => session.Audit.Append(new AuditEntry("Account", "AccountKeyExported", account.Id, account.Name, format.ToString())));
        return new ExportedFile { Path = path, Content = "AccountKey", IsPrivate = true, Name = account.Name, Thumbprint = "" };
    }

    /// <summary>Replaces the key at the authority. The new key is stored before the authority hears of it; one that an interrupted change has left is taken up.</summary>
    /// <exception cref="ConflictException">KmAccountBusy: another command changes the account or works on its orders, and does not come to an end.</exception>
    public async Task<AuthorityAccount> ChangeAsync(string idOrName, IReporter reporter, CancellationToken cancellationToken)
    {
        AdministratorRule.Check(ports, "replace the key of an account");
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, idOrName));
        IAccountKeyAbility ability = Ability(ports.Authorities.Get(account.Authority));

        // Of two new keys at once only one would be kept; and a request under way, signed with the old one, would be refused.
        (Lease held, account) = await Lease.OnAccountAsync(ports, account, excludesOrders: true, cancellationToken).ConfigureAwait(false);
        using Lease lease = held;
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        SecretRef next = SecretRef.Account(account.Id, ability.KeySecret + NextSuffix);
        byte[]? begun = context.GetSecret(ability.KeySecret + NextSuffix);
        byte[] newKey = begun ?? ability.MakeKey(context);
        try
        {
            if (begun is null)
            {
                ports.Store.Write(session => session.Secrets.Put(next, newKey));
            }

            AuthorityAccount changed = begun is not null && await ability.IsKnownAsync(context, newKey, cancellationToken).ConfigureAwait(false)
                ? account
                : await ability.ChangeKeyAsync(context, newKey, cancellationToken).ConfigureAwait(false);
            return ports.Store.Write(session =>
            {
                AuthorityAccount stored = changed with { UpdatedAt = ports.Clock.UtcNow };
                session.Secrets.Put(SecretRef.Account(account.Id, ability.KeySecret), newKey);
                session.Secrets.Remove(next);
                session.Accounts.Update(stored);
                session.Audit.Append(new AuditEntry("Account", "AccountKeyChanged", account.Id, account.Name));
                return Lookup.Account(session, account.Id);
            });
        }
        finally
        {
            Array.Clear(newKey, 0, newKey.Length);
        }
    }

    private byte[] Key(AuthorityAccount account, string name) => ports.Store.Read(session => session.Secrets.Get(SecretRef.Account(account.Id, name)))
        ?? throw new NotFoundException(ErrorIds.PrivateKeyNotFound, $"The key of the account {account} is not in the store.")
        {
            Target = account.Name,
            Remedy = "Restore the store from a backup.",
        };

    private IAccountKeyAbility Ability(ICertificateAuthority authority) => ports.Authorities.Require<IAccountKeyAbility>(authority, "know an account by its key");
}
