namespace KeyManager;

/// <summary>What is taken over from another program.</summary>
public enum MigrationKind
{
    /// <summary>An account with an authority.</summary>
    Account,

    /// <summary>An account with a DNS service.</summary>
    DnsAccount,

    /// <summary>A certificate with its key.</summary>
    Certificate,

    /// <summary>How a certificate is renewed.</summary>
    Renewal,

    /// <summary>What is run or copied when a certificate was renewed.</summary>
    DeployHook,

    /// <summary>The other program's own renewals.</summary>
    Task,
}
