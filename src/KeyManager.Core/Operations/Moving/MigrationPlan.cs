using System.Collections.Generic;
using KeyManager.Moving;

namespace KeyManager.Operations;

/// <summary>Says what would become of another program's things.</summary>
internal sealed class MigrationPlan(KeyManagerPorts ports, string tool, MigrationOptions options)
{
    private readonly MigrationLookup _lookup = new(ports, options);

    public MigrationLines Lines { get; } = new(tool);

    public MigrationResult OfAccount(ForeignAccount account)
    {
        try
        {
            ForeignAuthority authority = _lookup.AuthorityOf(account);
            string where = $"{authority.Name}{(authority.Environment == AuthorityEnvironment.Production ? "" : $" ({authority.Environment})")}{(account.Contact.Count > 0 ? ", " + string.Join(", ", account.Contact) : "")}";
            return _lookup.FindKnown(account, authority) is AuthorityAccount known
                ? Lines.New(MigrationKind.Account, known.Name, MigrationOutcome.Same, where, account.Source)
                : Lines.New(MigrationKind.Account, _lookup.NameOf(authority), MigrationOutcome.Planned, where, account.Source);
        }
        catch (KeyManagerException error)
        {
            return Lines.OfError(MigrationKind.Account, account.Name, error, account.Source);
        }
    }

    public MigrationResult OfDnsAccount(ForeignDnsAccount account) => _lookup.FindKnown(account) is DnsAccount known
        ? Lines.New(MigrationKind.DnsAccount, known.Name, MigrationOutcome.Same, account.Provider, account.Source)
        : Lines.New(MigrationKind.DnsAccount, account.Name, MigrationOutcome.Planned, account.Provider, account.Source);

    public IEnumerable<MigrationResult> OfCertificate(ForeignCertificate certificate, bool hasAccount)
    {
        MigrationResult line;
        bool isRenewed = false;
        try
        {
            using OpenedCertificate opened = _lookup.Open(certificate);
            Certificate? known = ports.Store.Read(session => session.Certificates.FindBySha256(opened.Leaf.Sha256Thumbprint));
            line = Lines.New(MigrationKind.Certificate, known?.Name ?? certificate.Name, known is null ? MigrationOutcome.Planned : MigrationOutcome.Same, MigrationWords.Of(opened, ports.Clock.UtcNow), certificate.Source) with
            {
                CertificateId = known?.Id,
            };
            isRenewed = known?.OrderId is not null;
        }
        catch (KeyManagerException error)
        {
            return [Lines.OfError(MigrationKind.Certificate, certificate.Name, error, certificate.Source)];
        }

        if (certificate.Renewal is not ForeignRenewal renewal)
        {
            return [line];
        }

        MigrationResult how = isRenewed ? Lines.New(MigrationKind.Renewal, line.Name, MigrationOutcome.Same, "It is renewed here already.", certificate.Source)
            : !hasAccount ? Lines.New(MigrationKind.Renewal, line.Name, MigrationOutcome.Failed, "Its account is missing.", certificate.Source) with { ErrorId = ErrorIds.ForeignDataUnreadable, Remedy = MigrationWords.OrderAnew(certificate.Name) }
            : renewal.ProofByHand is ForeignRemark byHand ? Lines.OfRemark(byHand)
            : Lines.New(MigrationKind.Renewal, line.Name, MigrationOutcome.Planned, MigrationWords.Of(renewal, options.AutoRenew), certificate.Source);
        return [line, how];
    }
}
