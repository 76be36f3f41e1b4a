namespace KeyManager.Storage;

/// <summary>The parts of a store, valid inside one <see cref="IStore.Read{T}"/> or <see cref="IStore.Write{T}"/> call.</summary>
public interface IStoreSession
{
    IOrderStore Orders { get; }

    ICertificateStore Certificates { get; }

    ILabelStore Labels { get; }

    IReportStore Reports { get; }

    IAccountStore Accounts { get; }

    INamedStore<DnsAccount> DnsAccounts { get; }

    INamedStore<DomainMapping> DomainMappings { get; }

    INamedStore<DeployTarget> DeployTargets { get; }

    IDeploymentStore Deployments { get; }

    IPrivateKeyStore PrivateKeys { get; }

    ICsrStore Csrs { get; }

    ISettingStore Settings { get; }

    ISecretStore Secrets { get; }

    IAuditLog Audit { get; }

    IIssuanceLedger Issued { get; }

    IRenewalInfoStore RenewalInfo { get; }

    IPropagationStore Propagation { get; }

    INamedStore<RenewalPolicy> RenewalPolicies { get; }

    IRenewalStore Renewals { get; }

    INamedStore<NotificationPolicy> NotificationPolicies { get; }

    INoticeStore Notices { get; }

    INamedStore<Organization> Organizations { get; }

    INamedStore<Contact> Contacts { get; }

    IProductStore Products { get; }

    IImportStore Imports { get; }

    IDirectoryStore Directory { get; }

    ISightingStore Sightings { get; }
}
