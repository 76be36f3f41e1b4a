namespace KeyManager;

/// <summary>Parts of a store that can be taken to another one.</summary>
public enum StorePart
{
    /// <summary>The settings of the store.</summary>
    Settings,

    /// <summary>Organizations that orders call by name.</summary>
    Organizations,

    /// <summary>Contacts that orders call by name.</summary>
    Contacts,

    /// <summary>Accounts with DNS services, with their credentials.</summary>
    DnsAccounts,

    /// <summary>Accounts with authorities, with their keys and credentials; a private authority with what it has issued.</summary>
    Accounts,

    /// <summary>Targets of deployments, with their credentials.</summary>
    DeployTargets,

    /// <summary>Which DNS account and which targets belong to a domain.</summary>
    DomainMappings,

    /// <summary>Certificates with all versions, chains, private keys, labels, and the orders that they came from.</summary>
    Certificates,

    /// <summary>Renewal policies.</summary>
    RenewalPolicies,

    /// <summary>Notification policies, with their credentials.</summary>
    NotificationPolicies,
}
