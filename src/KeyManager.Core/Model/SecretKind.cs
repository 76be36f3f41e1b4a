namespace KeyManager;

/// <summary>Whose a stored secret is.</summary>
public enum SecretKind
{
    /// <summary>An account with a certificate authority: its token, or its key.</summary>
    Account,

    /// <summary>An account with a DNS service.</summary>
    DnsAccount,

    /// <summary>The mapping of a domain, in the place of a secret of its DNS account.</summary>
    DomainMapping,

    /// <summary>A deployment target.</summary>
    DeployTarget,

    /// <summary>A notification policy.</summary>
    NotificationPolicy,

    /// <summary>An entry of the inventory: its private key, and the password of its keystores.</summary>
    Certificate,
}
