using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes parts from one store to another, each thing by itself and whole.</summary>
internal sealed class TransferParts(IStore from, IStore to, TransferOptions options)
{
    /// <summary>What can be taken, in an order in which everything finds what it refers to.</summary>
    public IEnumerable<PartItem> Items() => new[]
    {
        (StorePart.Settings, Settings()),
        (StorePart.Organizations, Named(StorePart.Organizations, s => s.Organizations, "", o => o.UpdatedAt, (o, id) => o with { Id = id })),
        (StorePart.Contacts, Named(StorePart.Contacts, s => s.Contacts, "", c => c.UpdatedAt, (c, id) => c with { Id = id })),
        (StorePart.DnsAccounts, Named(StorePart.DnsAccounts, s => s.DnsAccounts, "dns", a => a.UpdatedAt, (a, id) => a with { Id = id })),
        (StorePart.Accounts, Named(StorePart.Accounts, s => s.Accounts, "account", a => a.UpdatedAt, null, AsDefault, TakeIssued)),
        (StorePart.DeployTargets, Named(StorePart.DeployTargets, s => s.DeployTargets, "target", t => t.UpdatedAt, (t, id) => t with { Id = id })),
        (StorePart.DomainMappings, Named(StorePart.DomainMappings, s => s.DomainMappings, "mapping", m => m.UpdatedAt, (m, id) => m with { Id = id })),
        (StorePart.Certificates, new TransferEntries(from, to, options).Items()),
        (StorePart.RenewalPolicies, Named(StorePart.RenewalPolicies, s => s.RenewalPolicies, "", p => p.UpdatedAt, (p, id) => p with { Id = id }, SwitchedOff)),
        (StorePart.NotificationPolicies, Named(StorePart.NotificationPolicies, s => s.NotificationPolicies, "notice", p => p.UpdatedAt, (p, id) => p with { Id = id })),
    }.Where(p => options.Takes(p.Item1)).SelectMany(p => p.Item2).Where(item => options.IsMeant(item.Name));

    private static AuthorityAccount AsDefault(IStoreSession session, AuthorityAccount account) => account with { IsDefault = account.IsDefault && !session.Accounts.List().Any(a => a.IsDefault) };

    private static void Copy(IStoreSession session, string kind, string ownerId, IReadOnlyDictionary<string, byte[]> secrets)
    {
        session.Secrets.RemoveAll(kind, ownerId);
        foreach (KeyValuePair<string, byte[]> secret in secrets)
        {
            session.Secrets.Put(new SecretRef(kind, ownerId, secret.Key), secret.Value);
        }
    }

    private static bool HasSecrets(IStoreSession session, string kind, string ownerId, IReadOnlyDictionary<string, byte[]> secrets)
    {
        IReadOnlyList<string> names = session.Secrets.List(kind, ownerId);
        return names.Count == secrets.Count
            && names.All(name => StoredSecrets.Holds(session, new SecretRef(kind, ownerId, name), secrets.TryGetValue(name, out byte[]? other) ? other : null));
    }

    private IEnumerable<PartItem> Settings() => from.Read(session => session.Settings.List()).Select(setting => new PartItem(StorePart.Settings, setting.Key, () => to.Write(session =>
    {
        string? there = session.Settings.Find(setting.Key);
        if (there == setting.Value)
        {
            return (TransferOutcome.Same, (string?)null);
        }

        if (there is not null && !MayReplace(setting.Key, $"it is '{there}' here", out string? reason))
        {
            return (TransferOutcome.Skipped, reason);
        }

        session.Settings.Put(setting.Key, setting.Value);
        return Done(session, StorePart.Settings, setting.Key, setting.Key, there is null ? TransferOutcome.Added : TransferOutcome.Replaced, null);
    })));

    /// <param name="part">What they are.</param>
    /// <param name="of">Where they are.</param>
    /// <param name="secretKind">Owner kind of their secrets; empty when they have none.</param>
    /// <param name="updatedAt">When one last changed.</param>
    /// <param name="withId">The same under the identifier of the one it replaces; <c>null</c> where one of another identity is never replaced.</param>
    /// <param name="adapt">How it is stored; <c>null</c> for as it is.</param>
    /// <param name="follow">What goes along; <c>null</c> for nothing.</param>
    private IEnumerable<PartItem> Named<T>(
        StorePart part, Func<IStoreSession, INamedStore<T>> of, string secretKind, Func<T, DateTimeOffset> updatedAt, Func<T, string, T>? withId,
        Func<IStoreSession, T, T>? adapt = null, Action<IStoreSession, T>? follow = null)
        where T : class, INamedRecord =>
        from.Read(session => of(session).List()).Select(record => new PartItem(part, record.Name, () =>
        {
            Dictionary<string, byte[]> secrets = Secrets(secretKind, record.Id);
            try
            {
                return to.Write(session =>
                {
                    INamedStore<T> store = of(session);
                    T wanted = adapt is null || options.IsExport ? record : adapt(session, record);
                    string? note = wanted is RenewalPolicy { IsEnabled: false } && record is RenewalPolicy { IsEnabled: true } ? "it is switched off: Enable-KmRenewalPolicy" : null;
                    T? there = store.Find(record.Id) ?? store.FindByName(record.Name);
                    if (there is null)
                    {
                        store.Add(wanted);
                        Copy(session, secretKind, wanted.Id, secrets);
                        follow?.Invoke(session, wanted);
                        return Done(session, part, wanted.Id, wanted.Name, TransferOutcome.Added, note);
                    }

                    if ((RecordComparer.AreSame(there, record) || RecordComparer.AreSame(there, wanted)) && HasSecrets(session, secretKind, there.Id, secrets))
                    {
                        return (TransferOutcome.Same, (string?)null);
                    }

                    string difference = there.Id == record.Id ? "it was changed here or there" : "another one of that name is here";
                    if (!MayReplace(record.Name, difference, out string? reason))
                    {
                        return (TransferOutcome.Skipped, reason);
                    }

                    if (updatedAt(there) > updatedAt(record))
                    {
                        return (TransferOutcome.Skipped, $"the one here is newer: it changed on {updatedAt(there):yyyy-MM-dd HH:mm} UTC");
                    }

                    if (there.Id != record.Id)
                    {
                        wanted = withId is null ? throw Taken(record.Name, "another account of that name is here, and its key is not replaced") : withId(wanted, there.Id);
                    }

                    store.Update(wanted);
                    Copy(session, secretKind, wanted.Id, secrets);
                    follow?.Invoke(session, wanted);
                    return Done(session, part, wanted.Id, wanted.Name, TransferOutcome.Replaced, note);
                });
            }
            finally
            {
                SecretValues.Overwrite(secrets.Values);
            }
        }));

    /// <summary>A policy comes switched off, and finds the entries that it names, under whatever identifiers they are here.</summary>
    private RenewalPolicy SwitchedOff(IStoreSession session, RenewalPolicy policy) => policy with
    {
        IsEnabled = policy.IsEnabled && options.EnablesRenewal,
        LineageIds = [.. policy.LineageIds.Select(id => NameOf(id) is string name ? session.Certificates.FindLineage(name) ?? id : id)],
    };

    private string? NameOf(string lineageId) =>
        from.Read(session => session.Certificates.Query(new CertificateQuery { LineageId = lineageId, IncludeHistory = true }, null, 1).Items.Select(c => c.Name).FirstOrDefault());

    /// <summary>A private authority knows what it has issued, and its next revocation list has a higher number than the last.</summary>
    private void TakeIssued(IStoreSession session, AuthorityAccount account)
    {
        (IReadOnlyList<IssuedRecord> issued, long number) = from.Read(s => (s.Issued.List(account.Id), s.Issued.CrlNumber(account.Id)));
        foreach (IssuedRecord record in issued.Where(r => session.Issued.FindBySerial(r.AccountId, r.SerialNumber) is null && session.Issued.FindByOrder(r.AccountId, r.OrderId) is null))
        {
            session.Issued.Add(record);
        }

        session.Issued.RaiseCrlNumber(account.Id, number);
    }

    private Dictionary<string, byte[]> Secrets(string kind, string ownerId) => kind.Length == 0 ? [] : from.Read(session =>
        session.Secrets.List(kind, ownerId).ToDictionary(name => name, name => session.Secrets.Get(new SecretRef(kind, ownerId, name)) ?? [], StringComparer.Ordinal));

    private bool MayReplace(string name, string difference, out string? reason)
    {
        reason = difference;
        return options.Conflict switch
        {
            TransferConflict.Replace => true,
            TransferConflict.Skip => false,
            _ => throw Taken(name, difference),
        };
    }

    private static ConflictException Taken(string name, string difference) =>
        new(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"'{name}' was not taken in: {difference}.") { Target = name, Remedy = "Use -Conflict Skip to leave the one that is here, or rename or remove it first." };

    private (TransferOutcome Outcome, string? Reason) Done(IStoreSession session, StorePart part, string id, string name, TransferOutcome outcome, string? reason)
    {
        if (!options.IsExport)
        {
            session.Audit.Append(new AuditEntry("Store", outcome == TransferOutcome.Added ? "PartImported" : "PartReplaced", id, name, part.ToString()));
        }

        return (outcome, reason);
    }
}
