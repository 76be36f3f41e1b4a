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
        Settings(),
        Named(new NamedPart<Organization>(StorePart.Organizations, s => s.Organizations, "", o => o.UpdatedAt, (o, id) => o with { Id = id })),
        Named(new NamedPart<Contact>(StorePart.Contacts, s => s.Contacts, "", c => c.UpdatedAt, (c, id) => c with { Id = id })),
        Named(new NamedPart<DnsAccount>(StorePart.DnsAccounts, s => s.DnsAccounts, "dns", a => a.UpdatedAt, (a, id) => a with { Id = id })),
        Named(new NamedPart<AuthorityAccount>(StorePart.Accounts, s => s.Accounts, "account", a => a.UpdatedAt, null, AsDefault, TakeIssued)),
        Named(new NamedPart<DeployTarget>(StorePart.DeployTargets, s => s.DeployTargets, "target", t => t.UpdatedAt, (t, id) => t with { Id = id })),
        Named(new NamedPart<DomainMapping>(StorePart.DomainMappings, s => s.DomainMappings, "mapping", m => m.UpdatedAt, (m, id) => m with { Id = id })),
        options.Takes(StorePart.Certificates) ? new TransferEntries(from, to, options).Items() : [],
        Named(new NamedPart<RenewalPolicy>(StorePart.RenewalPolicies, s => s.RenewalPolicies, "", p => p.UpdatedAt, (p, id) => p with { Id = id }, SwitchedOff)),
        Named(new NamedPart<NotificationPolicy>(StorePart.NotificationPolicies, s => s.NotificationPolicies, "notice", p => p.UpdatedAt, (p, id) => p with { Id = id })),
    }.SelectMany(items => items).Where(item => options.IsMeant(item.Name));

    private static (AuthorityAccount Account, string? Note) AsDefault(IStoreSession session, AuthorityAccount account) =>
        (account with { IsDefault = account.IsDefault && !session.Accounts.List().Any(a => a.IsDefault) }, null);

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

    private IEnumerable<PartItem> Settings() => options.Takes(StorePart.Settings)
        ? from.Read(session => session.Settings.List()).Select(setting => new PartItem(StorePart.Settings, setting.Key, () => to.Write(session => PutSetting(session, setting.Key, setting.Value))))
        : [];

    private (TransferOutcome Outcome, string? Reason) PutSetting(IStoreSession session, string name, string value)
    {
        string? there = session.Settings.Find(name);
        if (there == value)
        {
            return (TransferOutcome.Same, null);
        }

        if (there is not null && !MayReplace(name, $"it is '{there}' here", out string? reason))
        {
            return (TransferOutcome.Skipped, reason);
        }

        session.Settings.Put(name, value);
        return Done(session, StorePart.Settings, name, name, there is null ? TransferOutcome.Added : TransferOutcome.Replaced, null);
    }

    private IEnumerable<PartItem> Named<T>(NamedPart<T> part)
        where T : class, INamedRecord =>
        options.Takes(part.Part) ? from.Read(session => part.Of(session).List()).Select(record => new PartItem(part.Part, record.Name, () => Take(part, record))) : [];

    private (TransferOutcome Outcome, string? Reason) Take<T>(NamedPart<T> part, T record)
        where T : class, INamedRecord
    {
        Dictionary<string, byte[]> secrets = Secrets(part.SecretKind, record.Id);
        try
        {
            return to.Write(session => Put(session, part, record, secrets));
        }
        finally
        {
            SecretValues.Overwrite(secrets.Values);
        }
    }

    private (TransferOutcome Outcome, string? Reason) Put<T>(IStoreSession session, NamedPart<T> part, T record, IReadOnlyDictionary<string, byte[]> secrets)
        where T : class, INamedRecord
    {
        INamedStore<T> store = part.Of(session);
        (T wanted, string? note) = part.Adapt is null || options.IsExport ? (record, null) : part.Adapt(session, record);
        T? there = store.Find(record.Id) ?? store.FindByName(record.Name);
        if (there is null)
        {
            store.Add(wanted);
            return Finish(TransferOutcome.Added);
        }

        if ((RecordComparer.AreSame(there, record) || RecordComparer.AreSame(there, wanted)) && HasSecrets(session, part.SecretKind, there.Id, secrets))
        {
            return (TransferOutcome.Same, null);
        }

        string difference = there.Id == record.Id ? "it was changed here or there" : "another one of that name is here";
        if (!MayReplace(record.Name, difference, out string? reason))
        {
            return (TransferOutcome.Skipped, reason);
        }

        if (part.UpdatedAt(there) > part.UpdatedAt(record))
        {
            return (TransferOutcome.Skipped, $"the one here is newer: it changed on {part.UpdatedAt(there):yyyy-MM-dd HH:mm} UTC");
        }

        if (there.Id != record.Id)
        {
            wanted = part.WithId is null ? throw Taken(record.Name, "another account of that name is here, and its key is not replaced") : part.WithId(wanted, there.Id);
        }

        store.Update(wanted);
        return Finish(TransferOutcome.Replaced);

        (TransferOutcome Outcome, string? Reason) Finish(TransferOutcome outcome)
        {
            Copy(session, part.SecretKind, wanted.Id, secrets);
            part.Follow?.Invoke(session, wanted);
            return Done(session, part.Part, wanted.Id, wanted.Name, outcome, note);
        }
    }

    /// <summary>A policy comes switched off, and finds the entries that it names, under whatever identifiers they are here.</summary>
    private (RenewalPolicy Policy, string? Note) SwitchedOff(IStoreSession session, RenewalPolicy policy)
    {
        RenewalPolicy adapted = policy with
        {
            IsEnabled = policy.IsEnabled && options.EnablesRenewal,
            LineageIds = [.. policy.LineageIds.Select(id => NameOf(id) is string name ? session.Certificates.FindLineage(name) ?? id : id)],
        };
        return (adapted, policy.IsEnabled && !adapted.IsEnabled ? "it is switched off: Enable-KmRenewalPolicy" : null);
    }

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
