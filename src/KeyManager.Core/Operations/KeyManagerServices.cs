using System;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Everything a cmdlet can call, bound to one open store. One instance serves a whole process and may be used from several threads.</summary>
/// <param name="ports">What operations reach the world through.</param>
/// <param name="connections">What the adapters keep open; closed together with the store.</param>
public sealed class KeyManagerServices(KeyManagerPorts ports, params IDisposable[] connections) : IDisposable
{
    public IStore Store { get; } = ports.Store;

    public Clock Clock { get; } = ports.Clock;

    public AuthorityRegistry Authorities { get; } = ports.Authorities;

    public BackUpStore BackUpStore { get; } = new(ports);

    public ExportParts ExportParts { get; } = new(ports);

    public ImportParts ImportParts { get; } = new(ports);

    public Inventory Inventory { get; } = new(ports);

    public ManageLabels Labels { get; } = new(ports);

    public ManageReports Reports { get; } = new(ports);

    public RegisterAccount RegisterAccount { get; } = new(ports);

    public ChangeAccount ChangeAccount { get; } = new(ports);

    public ManageAccountKey AccountKeys { get; } = new(ports);

    public ManageDnsAccounts DnsAccounts { get; } = new(ports);

    public ManageDomainMappings DomainMappings { get; } = new(ports);

    public ManageDeployTargets DeployTargets { get; } = new(ports);

    public DeployCertificate DeployCertificate { get; } = new(ports);

    public TestCertificate TestCertificate { get; } = new(ports);

    public FindCertificates FindCertificates { get; } = new(ports);

    public PlaceOrder PlaceOrder { get; } = new(ports);

    public CompleteOrder CompleteOrder { get; } = new(ports);

    public SyncOrder SyncOrder { get; } = new(ports);

    public ReissueCertificate ReissueCertificate { get; } = new(ports);

    public ImportOrders ImportOrders { get; } = new(ports);

    public CancelOrder CancelOrder { get; } = new(ports);

    public ChangeOrder ChangeOrder { get; } = new(ports);

    public RemoveOrder RemoveOrder { get; } = new(ports);

    public SaveCertificate SaveCertificate { get; } = new(ports);

    public ImportCertificate ImportCertificate { get; } = new(ports);

    public ImportCertificateList ImportCertificateList { get; } = new(ports);

    public MigrateFrom MigrateFrom { get; } = new(ports);

    public ExportCertificate ExportCertificate { get; } = new(ports);

    public ManageChallenges Challenges { get; } = new(ports);

    public ChallengeRecords ChallengeRecords { get; } = new(ports);

    public Preflight Preflight { get; } = new(ports);

    public RenewChallenges RenewChallenges { get; } = new(ports);

    public DecideRenewal DecideRenewal { get; } = new(ports);

    public RenewCertificate RenewCertificate { get; } = new(ports);

    public ManageRenewalPolicies RenewalPolicies { get; } = new(ports);

    public ManageNotifications Notifications { get; } = new(ports);

    public ManageRenewalTasks RenewalTasks { get; } = new(ports);

    public ExplainRenewal ExplainRenewal { get; } = new(ports);

    public ManageAudit Audit { get; } = new(ports);

    public RunRenewals Renewals { get; } = new(ports);

    public RevokeCertificate RevokeCertificate { get; } = new(ports);

    public RemoveCertificate RemoveCertificate { get; } = new(ports);

    public RemoveOldVersions RemoveOldVersions { get; } = new(ports);

    public ManageApprovers Approvers { get; } = new(ports);

    public ManageCatalog Catalog { get; } = new(ports);

    public ManageDirectory Directory { get; } = new(ports);

    public ManagePresets Presets { get; } = new(ports);

    public ManageKeys Keys { get; } = new(ports);

    public ManageCsrs Csrs { get; } = new(ports);

    public ManageSecrets Secrets { get; } = new(ports);

    public ManageSettings Settings { get; } = new(ports);

    public void Dispose()
    {
        foreach (IDisposable connection in connections)
        {
            connection.Dispose();
        }

        Store.Dispose();
    }
}
