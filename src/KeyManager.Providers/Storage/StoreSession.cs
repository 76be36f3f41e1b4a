using System;
using KeyManager.Providers.Secrets;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The tables of the store inside one transaction.</summary>
internal sealed class StoreSession : IStoreSession, IDisposable
{
    private readonly SecretTable _secrets;

    public StoreSession(Database database, StoreProtection protection, Clock clock)
    {
        _secrets = new SecretTable(database, protection, clock);
        Labels = new LabelTable(database);
        Reports = new ReportTable(database);
        Orders = new OrderTable(database);
        Certificates = new CertificateTable(database, clock);
        Accounts = new AccountTable(database);
        DnsAccounts = new NamedTable<DnsAccount>(database, "dns_accounts", "DNS account", ErrorIds.DnsAccountAlreadyExists, ErrorIds.DnsAccountNotFound);
        DomainMappings = new NamedTable<DomainMapping>(database, "domain_mappings", "mapping of the domain", ErrorIds.NameAlreadyExists, ErrorIds.DomainMappingNotFound);
        DeployTargets = new NamedTable<DeployTarget>(database, "deploy_targets", "target", ErrorIds.DeployTargetAlreadyExists, ErrorIds.DeployTargetNotFound);
        Deployments = new DeploymentTable(database);
        PrivateKeys = new PrivateKeyTable(database);
        Csrs = new CsrTable(database);
        Settings = new SettingTable(database);
        Audit = new AuditTable(database, clock, protection.StoreId);
        Issued = new IssuanceTable(database);
        RenewalInfo = new RenewalInfoTable(database);
        Propagation = new PropagationTable(database);
        RenewalPolicies = new NamedTable<RenewalPolicy>(database, "renewal_policies", "renewal policy", ErrorIds.NameAlreadyExists, ErrorIds.RenewalPolicyNotFound);
        Renewals = new RenewalTable(database);
        NotificationPolicies = new NamedTable<NotificationPolicy>(database, "notification_policies", "notification policy", ErrorIds.NameAlreadyExists, ErrorIds.NotificationPolicyNotFound);
        Notices = new NoticeTable(database);
        Organizations = new PresetTable<Organization>(database, "organizations", "an organization");
        Contacts = new PresetTable<Contact>(database, "contacts", "a contact");
        Products = new ProductTable(database);
        Imports = new ImportTable(database);
        Directory = new DirectoryTable(database);
        Sightings = new SightingTable(database);
    }

    public IOrderStore Orders { get; }

    public ICertificateStore Certificates { get; }

    public ILabelStore Labels { get; }

    public IReportStore Reports { get; }

    public IAccountStore Accounts { get; }

    public INamedStore<DnsAccount> DnsAccounts { get; }

    public INamedStore<DomainMapping> DomainMappings { get; }

    public INamedStore<DeployTarget> DeployTargets { get; }

    public IDeploymentStore Deployments { get; }

    public IPrivateKeyStore PrivateKeys { get; }

    public ICsrStore Csrs { get; }

    public ISettingStore Settings { get; }

    public ISecretStore Secrets => _secrets;

    public IAuditLog Audit { get; }

    public IIssuanceLedger Issued { get; }

    public IRenewalInfoStore RenewalInfo { get; }

    public IPropagationStore Propagation { get; }

    public INamedStore<RenewalPolicy> RenewalPolicies { get; }

    public IRenewalStore Renewals { get; }

    public INamedStore<NotificationPolicy> NotificationPolicies { get; }

    public INoticeStore Notices { get; }

    public INamedStore<Organization> Organizations { get; }

    public INamedStore<Contact> Contacts { get; }

    public IProductStore Products { get; }

    public IImportStore Imports { get; }

    public IDirectoryStore Directory { get; }

    public ISightingStore Sightings { get; }

    public void Dispose() => _secrets.Dispose();
}
