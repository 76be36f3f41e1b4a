using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Moving;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes over another program's things, one by one. What was taken over before is found again, so it can be done again.</summary>
internal sealed class MigrationRun(KeyManagerPorts ports, string tool, MigrationOptions options, IReporter reporter)
{
    private readonly MigrationLookup _lookup = new(ports, options);
    private readonly Dictionary<string, AuthorityAccount> _accounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _toldDns = new(StringComparer.Ordinal);

    public MigrationLines Lines { get; } = new(tool);

    /// <summary>Takes up an account at its authority, by its key.</summary>
    public async Task<MigrationResult> TakeAsync(ForeignAccount account, CancellationToken cancellationToken)
    {
        try
        {
            ForeignAuthority authority = _lookup.AuthorityOf(account);
            if (_lookup.FindKnown(account, authority) is AuthorityAccount known)
            {
                _accounts[account.Id] = known;
                return Lines.New(MigrationKind.Account, known.Name, MigrationOutcome.Same, authority.Name, account.Source);
            }

            AuthorityAccount taken = await RegisterAsync(account, authority, cancellationToken).ConfigureAwait(false);
            _accounts[account.Id] = taken;
            return Lines.New(MigrationKind.Account, taken.Name, MigrationOutcome.Added, $"{authority.Name} knows it as {taken.AuthorityAccountId}", account.Source);
        }
        catch (KeyManagerException error) when (!EndsAll(error))
        {
            return Lines.OfError(MigrationKind.Account, account.Name, error, account.Source);
        }
    }

    /// <summary>Takes over a certificate, and how it is renewed.</summary>
    public IReadOnlyList<MigrationResult> Take(ForeignCertificate certificate)
    {
        List<MigrationResult> lines = [];
        Certificate taken;
        try
        {
            using OpenedCertificate opened = _lookup.Open(certificate);
            bool isKnown = ports.Store.Read(session => session.Certificates.FindBySha256(opened.Leaf.Sha256Thumbprint)) is not null;
            taken = new ImportCertificate(ports).Run(opened.Entries, certificate.Source, EntryName(certificate, opened.Leaf), options.Labels)[0];
            lines.Add(Lines.New(MigrationKind.Certificate, taken.Name, isKnown ? MigrationOutcome.Same : MigrationOutcome.Added, MigrationWords.Of(opened, ports.Clock.UtcNow), certificate.Source) with { CertificateId = taken.Id });
        }
        catch (KeyManagerException error) when (!EndsAll(error))
        {
            return [Lines.OfError(MigrationKind.Certificate, certificate.Name, error, certificate.Source)];
        }

        if (certificate.Renewal is ForeignRenewal renewal)
        {
            try
            {
                TakeRenewal(lines, certificate, renewal, taken);
            }
            catch (KeyManagerException error) when (!EndsAll(error))
            {
                lines.Add(Lines.OfError(MigrationKind.Renewal, taken.Name, error, certificate.Source) with { CertificateId = taken.Id });
            }
        }

        return lines;
    }

    /// <summary>A store that cannot be used is the fault of nothing in it: it ends the command.</summary>
    private static bool EndsAll(KeyManagerException error) => error is StoreException;

    private async Task<AuthorityAccount> RegisterAsync(ForeignAccount account, ForeignAuthority authority, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, byte[]> key = new ManageAccountKey(ports).Read(authority.Name, account.Key, null, account.Source);
        try
        {
            string name = ports.Store.Read(session => MigrationLookup.FreeName(_lookup.NameOf(authority), n => session.Accounts.FindByName(n) is { Status: not AccountStatus.Pending }));
            AccountRequest request = new()
            {
                Id = Identifier.New(),
                Name = name,
                Environment = authority.Environment,
                Contact = account.Contact,
                Settings = authority.Settings,
                IsExisting = true,
                Secrets = key,
            };
            return await new RegisterAccount(ports).RunAsync(authority.Name, request, false, reporter, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            SecretValues.Overwrite(key.Values);
        }
    }

    /// <summary>Its entry is called as there, unless an entry of that name holds the certificate of other names.</summary>
    private string EntryName(ForeignCertificate certificate, CertificateContent leaf) => ports.Store.Read(session =>
    {
        HashSet<string> names = [.. leaf.DomainNames.Select(n => n.Ascii)];
        return session.Certificates.FindBySha256(leaf.Sha256Thumbprint)?.Name
            ?? MigrationLookup.FreeName(certificate.Name, n => session.Certificates.FindCurrent(n) is Certificate other && !names.SetEquals(other.DomainNames.Select(d => d.Ascii)));
    });

    private void TakeRenewal(List<MigrationResult> lines, ForeignCertificate certificate, ForeignRenewal renewal, Certificate taken)
    {
        if (taken.OrderId is not null)
        {
            lines.Add(Lines.New(MigrationKind.Renewal, taken.Name, MigrationOutcome.Same, "It is renewed here already.", certificate.Source) with { CertificateId = taken.Id });
            return;
        }

        if (renewal.AccountId is null || !_accounts.TryGetValue(renewal.AccountId, out AuthorityAccount? account))
        {
            lines.Add(Lines.New(MigrationKind.Renewal, taken.Name, MigrationOutcome.Failed, "Its account was not taken over.", certificate.Source) with
            {
                ErrorId = ErrorIds.ForeignDataUnreadable,
                Remedy = $"Mend that and do it again, or: {MigrationWords.OrderAnew(taken.Name)}",
                CertificateId = taken.Id,
            });
            return;
        }

        DnsAccount? dns = renewal.DnsAccount is ForeignDnsAccount foreign ? TakeDns(lines, foreign) : null;
        ports.Store.Write(session => AddOrder(session, Order(session, renewal, taken, account, dns), taken));
        MigrationResult line = renewal.ProofByHand is ForeignRemark byHand ? Lines.OfRemark(byHand) with { Name = taken.Name }
            : Lines.New(MigrationKind.Renewal, taken.Name, MigrationOutcome.Added, MigrationWords.Of(renewal, options.AutoRenew), certificate.Source);
        if (renewal.WebRootPath is string folder && !Directory.Exists(folder))
        {
            line = line with { Remedy = $"The folder '{folder}' is not there. Mount it, or: Set-KmCertificateOrder {taken.Name} -WebRootPath ..." };
        }

        lines.Add(line with { CertificateId = taken.Id });
    }

    private DnsAccount TakeDns(List<MigrationResult> lines, ForeignDnsAccount foreign)
    {
        if (_lookup.FindKnown(foreign) is DnsAccount known)
        {
            if (_toldDns.Add(known.Id))
            {
                lines.Add(Lines.New(MigrationKind.DnsAccount, known.Name, MigrationOutcome.Same, foreign.Provider, foreign.Source));
            }

            return known;
        }

        string name = ports.Store.Read(session => MigrationLookup.FreeName(foreign.Name, n => session.DnsAccounts.FindByName(n) is not null));
        DnsAccountRequest request = new() { Name = name, Provider = foreign.Provider, Settings = foreign.Settings, Secrets = foreign.Secrets };
        DnsAccount added = new ManageDnsAccounts(ports).Add(request, reporter);
        _ = _toldDns.Add(added.Id);
        lines.Add(Lines.New(MigrationKind.DnsAccount, added.Name, MigrationOutcome.Added, foreign.Provider, foreign.Source) with { Remedy = $"Try it: Test-KmDnsAccount {added.Name} -DomainName ..." });
        return added;
    }

    /// <summary>The order that the certificate could have come from: what its renewals repeat.</summary>
    private CertificateOrder Order(IStoreSession session, ForeignRenewal renewal, Certificate taken, AuthorityAccount account, DnsAccount? dns)
    {
        KeySpec key = renewal.KeySpec ?? KeySpec.Find(taken.KeyDescription) ?? KeySpec.Default;
        return new CertificateOrder
        {
            Id = Identifier.New(),
            Name = taken.Name,
            DomainNames = taken.DomainNames,
            AccountId = account.Id,
            Account = account.Name,
            Authority = account.Authority,
            Origin = OrderOrigin.Imported,
            Status = OrderStatus.Saved,
            Step = OrderStep.Collected,
            ChallengeType = renewal.ChallengeType,
            WebRootPath = renewal.WebRootPath,
            ListenAddress = renewal.ListenAddress,
            DnsAccount = dns?.Name,
            Profile = renewal.Profile,
            PreferredChain = renewal.PreferredChain,
            AutoRenew = options.AutoRenew,
            DaysBeforeExpiry = renewal.DaysBeforeExpiry,
            KeySpec = key,
            SignatureAlgorithm = KeyDefaults.HashFor(key),
            KeyPolicy = new RenewalKeyPolicy(taken.HasPrivateKey ? renewal.KeyOnRenewal : KeyOnRenewal.New),
            KeystoreType = StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            PrivateKeyId = taken.PrivateKeyId,
            LineageId = taken.LineageId,
            CertificateId = taken.Id,
            Labels = LabelRules.Apply(taken.Labels, options.Labels),
            CreatedAt = taken.NotBefore,
            UpdatedAt = ports.Clock.UtcNow,
            ExpiresAt = taken.NotAfter,
        };
    }

    private static void AddOrder(IStoreSession session, CertificateOrder order, Certificate taken)
    {
        session.Orders.Add(order);
        session.Certificates.Update(taken with { OrderId = order.Id, Account = order.Account, Authority = order.Authority });
        ChangeOrder.LookAgain(session, order);
        session.Audit.Append(new AuditEntry("Order", "OrderImported", order.Id, order.Name, $"account {order.Account}"));
    }
}
