using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes certificates from one store to another: an entry with its versions, chains, keys and labels, and the orders that it came from.</summary>
/// <remarks>
/// An order that is open stays where it was placed: sent on from two stores it could be paid for twice. An order that is over comes along as history and as what a renewal repeats; it asks for
/// no renewal unless <see cref="TransferOptions.EnablesRenewal"/> says so.
/// </remarks>
internal sealed class TransferEntries(IStore from, IStore to, TransferOptions options)
{
    public IEnumerable<PartItem> Items()
    {
        string last = "";
        foreach (Certificate version in from.Stream(new CertificateQuery()))
        {
            if (version.LineageId != last && options.LineageIds?.Contains(version.LineageId) != false)
            {
                last = version.LineageId;
                yield return new PartItem(StorePart.Certificates, version.Name, () => Take(version.LineageId, version.Name));
            }
        }
    }

    private (TransferOutcome Outcome, string? Reason) Take(string lineageId, string name)
    {
        Source source = from.Read(session => Read(session, lineageId));
        try
        {
            return to.Write(session => Put(session, source, name));
        }
        finally
        {
            SecretValues.Overwrite(source.Secrets.Values);
        }
    }

    private static Source Read(IStoreSession session, string lineageId)
    {
        List<Certificate> versions = [.. session.Certificates.Query(new CertificateQuery { LineageId = lineageId, IncludeHistory = true }, null, int.MaxValue).Items
            .Where(v => v.SavedAt is not null).OrderBy(v => v.Version)];
        Dictionary<string, byte[]> secrets = new(StringComparer.Ordinal);
        List<PrivateKeyInfo> keys = [];
        foreach (string keyId in versions.Select(v => v.PrivateKeyId).OfType<string>().Distinct())
        {
            if (session.PrivateKeys.Find(keyId) is PrivateKeyInfo info && session.Secrets.Get(SecretRef.PrivateKey(keyId)) is byte[] pkcs8)
            {
                keys.Add(info);
                secrets[keyId] = pkcs8;
            }
        }

        if (session.Secrets.Get(SecretRef.KeystorePassword(lineageId)) is byte[] password)
        {
            secrets[""] = password;
        }

        return new Source(
            versions,
            versions.ToDictionary(v => v.Id, v => session.Certificates.GetChain(v.Id), StringComparer.Ordinal),
            keys,
            [.. versions.Select(v => v.OrderId).OfType<string>().Distinct().Select(session.Orders.Find).OfType<CertificateOrder>().Where(o => !o.IsOpen)],
            session.Orders.Query(new OrderQuery { LineageId = lineageId, IsOpen = true }, null, 1000).Items,
            secrets);
    }

    private (TransferOutcome Outcome, string? Reason) Put(IStoreSession session, Source source, string name)
    {
        List<string> notes = [.. source.Open.Select(o => $"its order {o.Id} is {o.Status} and stays with the store that placed it")];
        string? entry = session.Certificates.Query(new CertificateQuery { LineageId = source.Versions[0].LineageId, IncludeHistory = true }, null, 1).Items.Count > 0
            ? source.Versions[0].LineageId
            : session.Certificates.FindLineage(name);
        List<Certificate> missing = [.. source.Versions.Where(v => !IsHere(session, v, entry))];
        if (missing.Count == 0)
        {
            return (entry is null ? TransferOutcome.Skipped : TransferOutcome.Same, entry is null ? "its versions are here in entries of other names" : null);
        }

        if (entry is not null && options.Conflict != TransferConflict.Replace)
        {
            string difference = $"an entry of that name is here, without {missing.Count} of its versions";
            return options.Conflict == TransferConflict.Skip
                ? (TransferOutcome.Skipped, difference)
                : throw new ConflictException(ConflictKind.Exists, ErrorIds.NameAlreadyExists, $"'{name}' was not taken in: {difference}.")
                {
                    Target = name,
                    Remedy = "Use -Conflict Replace to add the versions that are missing, or -Conflict Skip to leave the entry alone.",
                };
        }

        Quota.Check(session, name, name, "Then import it again.");
        Dictionary<string, string> keys = source.Keys.ToDictionary(k => k.Id, k => PutKey(session, k, source.Secrets[k.Id]), StringComparer.Ordinal);
        Dictionary<string, AuthorityAccount> accounts = PutOrders(session, source, keys, entry ?? source.Versions[0].LineageId, missing, notes);
        if (source.Keys.Count < source.Versions.Select(v => v.PrivateKeyId).OfType<string>().Distinct().Count())
        {
            notes.Add("a private key of it was lost");
        }

        string lineage = PutVersions(session, source, missing, keys, accounts, entry);
        if (source.Secrets.TryGetValue("", out byte[]? password) && !session.Secrets.Exists(SecretRef.KeystorePassword(lineage)))
        {
            session.Secrets.Put(SecretRef.KeystorePassword(lineage), password);
        }

        if (!options.IsExport)
        {
            session.Audit.Append(new AuditEntry("Certificate", "CertificateImported", source.Versions[source.Versions.Count - 1].Id, name, $"{missing.Count} versions, from another store"));
        }

        return (entry is null ? TransferOutcome.Added : TransferOutcome.Replaced, notes.Count == 0 ? null : string.Join("; ", notes));
    }

    /// <summary>Of what is known by its details only, the serial number tells.</summary>
    private static bool IsHere(IStoreSession session, Certificate version, string? entry) => !version.IsDetailsOnly
        ? session.Certificates.FindBySha256(version.Sha256Thumbprint) is not null
        : entry is not null && session.Certificates.Query(new CertificateQuery { LineageId = entry, SerialNumber = version.SerialNumber, IncludeHistory = true }, null, 1).Items.Count > 0;

    /// <summary>Adds the versions; answers the entry.</summary>
    private static string PutVersions(
        IStoreSession session, Source source, List<Certificate> missing, Dictionary<string, string> keys, Dictionary<string, AuthorityAccount> accounts, string? entry)
    {
        string lineage = entry ?? missing[0].LineageId;
        IReadOnlyList<Certificate> stored = entry is null ? [] : session.Certificates.Query(new CertificateQuery { LineageId = lineage, IncludeHistory = true }, null, int.MaxValue).Items;
        string name = entry is null ? missing[0].Name : stored[0].Name;
        HashSet<int> taken = [.. stored.Select(v => v.Version)];
        Certificate? current = session.Certificates.FindCurrent(name);
        foreach (Certificate version in missing)
        {
            int number = version.LineageId == lineage && !taken.Contains(version.Version) ? version.Version : session.Certificates.LastVersion(lineage) + 1;
            AuthorityAccount? account = version.OrderId is not null && accounts.TryGetValue(version.OrderId, out AuthorityAccount? found) ? found : null;
            session.Certificates.Add(
                version with
                {
                    LineageId = lineage,
                    Name = name,
                    Version = number,
                    IsCurrent = false,
                    PrivateKeyId = version.PrivateKeyId is string key && keys.TryGetValue(key, out string? here) ? here : null,
                    OrderId = account is null ? null : version.OrderId,
                    Account = account?.Name ?? version.Account,
                },
                source.Chains[version.Id]);
            taken.Add(number);
        }

        // What is current here stays so, unless what comes is newer.
        Certificate best = missing.Find(v => v.IsCurrent) ?? missing[missing.Count - 1];
        if (current is null || (best.IsCurrent && best.NotBefore > current.NotBefore))
        {
            session.Certificates.MakeCurrent(best.Id);
        }

        return lineage;
    }

    private static string PutKey(IStoreSession session, PrivateKeyInfo key, byte[] pkcs8)
    {
        if (session.PrivateKeys.FindByPublicKeyHash(key.PublicKeyHash) is PrivateKeyInfo there)
        {
            return there.Id;
        }

        session.PrivateKeys.Add(key);
        session.Secrets.Put(SecretRef.PrivateKey(key.Id), pkcs8);
        return key.Id;
    }

    /// <summary>Adds the orders of the missing versions whose account is here; answers the accounts by order.</summary>
    private Dictionary<string, AuthorityAccount> PutOrders(
        IStoreSession session, Source source, Dictionary<string, string> keys, string lineage, List<Certificate> missing, List<string> notes)
    {
        Dictionary<string, AuthorityAccount> accounts = new(StringComparer.Ordinal);
        HashSet<string> coming = [.. missing.Select(v => v.Id)];
        foreach (CertificateOrder order in source.Orders.Where(o => o.CertificateId is string id && coming.Contains(id)))
        {
            AuthorityAccount? account = options.IsExport ? AccountOf(order) : FindAccount(session, order);
            if (account is null)
            {
                notes.Add($"order {order.Id} did not come along, because there is no account '{order.Account}' with {order.Authority} here");
                continue;
            }

            accounts[order.Id] = account;
            if (session.Orders.Find(order.Id) is not null)
            {
                continue;
            }

            bool isSwitchedOff = !options.IsExport && !options.EnablesRenewal;
            session.Orders.Add(order with
            {
                AccountId = account.Id,
                Account = account.Name,
                LineageId = lineage,
                RenewsCertificateId = order.RenewsCertificateId is string renewed && (coming.Contains(renewed) || session.Certificates.Find(renewed) is not null) ? renewed : null,
                PrivateKeyId = order.PrivateKeyId is string key && keys.TryGetValue(key, out string? here) ? here : null,
                CsrId = null,
                AutoRenew = isSwitchedOff ? false : order.AutoRenew,
                Challenges = [.. order.Challenges.Select(c => c with { PublishedBy = null })],
            });
            if (isSwitchedOff && missing.Exists(v => v.IsCurrent && v.OrderId == order.Id))
            {
                notes.Add("it is not renewed here until its policy says so (-EnableRenewal)");
            }
        }

        return accounts;
    }

    private AuthorityAccount? AccountOf(CertificateOrder order) => from.Read(session => session.Accounts.Find(order.AccountId));

    private static AuthorityAccount? FindAccount(IStoreSession session, CertificateOrder order) =>
        session.Accounts.Find(order.AccountId) ?? (session.Accounts.FindByName(order.Account) is { } named && named.Authority == order.Authority ? named : null);

    /// <summary>What an entry consists of.</summary>
    /// <param name="Versions">The saved versions, oldest first.</param>
    /// <param name="Chains">Their chains.</param>
    /// <param name="Keys">The private keys that are there.</param>
    /// <param name="Orders">The orders that are over.</param>
    /// <param name="Open">The orders that are not.</param>
    /// <param name="Secrets">The keys by their identifier; the password of keystores under the empty name.</param>
    private sealed record Source(
        IReadOnlyList<Certificate> Versions,
        IReadOnlyDictionary<string, IReadOnlyList<byte[]>> Chains,
        IReadOnlyList<PrivateKeyInfo> Keys,
        IReadOnlyList<CertificateOrder> Orders,
        IReadOnlyList<CertificateOrder> Open,
        Dictionary<string, byte[]> Secrets)
    {
        // A record prints its members; these hold keys.
        public override string ToString() => $"{Versions.Count} versions";
    }
}
