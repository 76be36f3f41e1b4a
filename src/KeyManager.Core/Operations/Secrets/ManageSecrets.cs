using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Lists the secrets of a store and hands one out, for a vault of SecretManagement that looks into the store.</summary>
public sealed class ManageSecrets(KeyManagerPorts ports)
{
    private const string PrivateKey = nameof(PrivateKey);
    private const string KeystorePassword = nameof(KeystorePassword);

    /// <summary>The first part of a secret's name.</summary>
    private static readonly Dictionary<SecretKind, string> Prefixes = new()
    {
        [SecretKind.Account] = "account",
        [SecretKind.DnsAccount] = "dns",
        [SecretKind.DomainMapping] = "mapping",
        [SecretKind.DeployTarget] = "target",
        [SecretKind.NotificationPolicy] = "notice",
        [SecretKind.Certificate] = "certificate",
    };

    /// <summary>What is known about the secrets, kind by kind. The keys of a private authority are not among them: they never leave the store.</summary>
    /// <param name="kinds">Which kinds; empty for all.</param>
    /// <exception cref="StoreException">KmStoreLocked.</exception>
    public IEnumerable<StoredSecret> List(IReadOnlyCollection<SecretKind> kinds)
    {
        Guard.NotNull(kinds);
        bool Wanted(SecretKind kind) => kinds.Count == 0 || kinds.Contains(kind);
        IEnumerable<StoredSecret> found = Prefixes.Keys.Where(kind => kind != SecretKind.Certificate && Wanted(kind)).SelectMany(kind => ports.Store.Read(session => OfKind(session, kind).ToList()));
        return Wanted(SecretKind.Certificate) ? found.Concat(ports.Store.Stream(new CertificateQuery()).SelectMany(OfCertificate)) : found;
    }

    /// <summary>The secret with this name; letter case does not matter.</summary>
    public StoredSecret? Find(string name)
    {
        Guard.NotNull(name);
        int first = name.IndexOf('/'), last = name.LastIndexOf('/');
        IEnumerable<StoredSecret> candidates = [];
        foreach (KeyValuePair<SecretKind, string> prefix in Prefixes.Where(p => first > 0 && last > first && string.Equals(p.Value, name.Substring(0, first), StringComparison.OrdinalIgnoreCase)))
        {
            string owner = name.Substring(first + 1, last - first - 1);
            candidates = prefix.Key == SecretKind.Certificate
                ? ports.Store.Read(session => session.Certificates.FindCurrent(owner)) is Certificate certificate ? OfCertificate(certificate) : []
                : ports.Store.Read(session => OfKind(session, prefix.Key).ToList());
        }

        return candidates.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The secret in the clear, UTF-8; keys as PEM, not encrypted. The audit trail tells of it; the caller overwrites it.</summary>
    /// <exception cref="NotFoundException">KmSecretNotFound: it was removed in the meantime.</exception>
    /// <exception cref="ConflictException">KmAdministratorRequired.</exception>
    /// <exception cref="CredentialException">KmVaultUnavailable, KmVaultSecretNotFound.</exception>
    public byte[] Reveal(StoredSecret secret)
    {
        Guard.NotNull(secret);
        AdministratorRule.Check(ports, "read a secret");
        byte[] value = SecretVaults.Open(ports.Store.Read(session => session.Secrets.Get(secret.Place)))
            ?? throw new NotFoundException(ErrorIds.SecretNotFound, $"There is no stored secret '{secret}' any more.") { Target = secret.Name, Remedy = "Get-KmSecret lists them." };
        bool isKey = secret.Kind == SecretKind.Certificate ? secret.Setting == PrivateKey : secret.Kind == SecretKind.Account && IsKey(secret);
        try
        {
            byte[] shown = isKey ? ToPem(value) : (byte[])value.Clone();
            ports.Store.Write(session => session.Audit.Append(new AuditEntry("Secret", "SecretRead", secret.OwnerId, secret.Name)));
            return shown;
        }
        finally
        {
            Array.Clear(value, 0, value.Length);
        }
    }

    private IEnumerable<StoredSecret> OfKind(IStoreSession session, SecretKind kind) => kind switch
    {
        SecretKind.Account => session.Accounts.List().Where(HasOwn)
            .SelectMany(a => session.Secrets.List("account", a.Id).Where(name => !name.EndsWith(ManageAccountKey.NextSuffix, StringComparison.Ordinal)).Select(name => Read(session, kind, a.Id, a.Name, SecretRef.Account(a.Id, name)))),
        SecretKind.DnsAccount => session.DnsAccounts.List().SelectMany(a => a.Secrets.Select(name => Read(session, kind, a.Id, a.Name, SecretRef.DnsAccount(a.Id, name)))),
        SecretKind.DomainMapping => session.DomainMappings.List().SelectMany(m => m.Secrets.Select(name => Read(session, kind, m.Id, m.DomainName, SecretRef.DomainMapping(m.Id, name)))),
        SecretKind.DeployTarget => session.DeployTargets.List().SelectMany(t => t.Secrets.Select(name => Read(session, kind, t.Id, t.Name, SecretRef.DeployTarget(t.Id, name)))),
        SecretKind.NotificationPolicy => session.NotificationPolicies.List().SelectMany(p => p.Secrets.Select(name => Read(session, kind, p.Id, p.Name, SecretRef.Notification(p.Id, name)))),
        _ => [],
    };

    private List<StoredSecret> OfCertificate(Certificate certificate)
    {
        List<StoredSecret> found = [];
        if (certificate.PrivateKeyId is string key)
        {
            found.Add(New(SecretKind.Certificate, certificate.Id, certificate.Name, PrivateKey, SecretRef.PrivateKey(key)));
        }

        SecretRef password = SecretRef.KeystorePassword(certificate.LineageId);
        if (ports.Store.Read(session => session.Secrets.Exists(password)))
        {
            found.Add(New(SecretKind.Certificate, certificate.Id, certificate.Name, KeystorePassword, password));
        }

        return found;
    }

    private static StoredSecret Read(IStoreSession session, SecretKind kind, string ownerId, string owner, SecretRef place)
    {
        byte[]? stored = session.Secrets.Get(place);
        SecretReference? reference = SecretReference.Read(stored);
        SecretValues.Overwrite([stored ?? []]);
        return New(kind, ownerId, owner, place.Name, place) with { VaultName = reference?.VaultName, VaultSecretName = reference?.Name };
    }

    private static StoredSecret New(SecretKind kind, string ownerId, string owner, string setting, SecretRef place) =>
        new() { Name = $"{Prefixes[kind]}/{owner}/{setting}", Kind = kind, OwnerId = ownerId, Owner = owner, Setting = setting, Place = place };

    private bool HasOwn(AuthorityAccount account) => ports.Authorities.Find(account.Authority)?.Description.IsBuiltIn != true;

    private bool IsKey(StoredSecret secret) => ports.Store.Read(session => session.Accounts.Find(secret.OwnerId)) is AuthorityAccount account
        && ports.Authorities.Find(account.Authority) is IAccountKeyAbility ability && ability.KeySecret == secret.Setting;

    private byte[] ToPem(byte[] pkcs8)
    {
        using KeyPair key = ports.Keys.FromPkcs8((byte[])pkcs8.Clone());
        return ports.Keys.ToPem(key, null);
    }
}
