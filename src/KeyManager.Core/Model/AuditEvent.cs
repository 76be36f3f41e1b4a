using System;

namespace KeyManager;

/// <summary>One line of the audit trail. Each holds the hash of the one before it, so that a changed or missing line shows.</summary>
public sealed record AuditEvent
{
    /// <summary>1 for the first, one more for each, without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The area: Store, Account, DnsAccount, DomainMapping, DeployTarget, Deployment, Order, Challenge, Certificate, PrivateKey, Csr, Secret, Setting, AutoRenewal, Schedule, Audit, Notification.</summary>
    public required string Category { get; init; }

    /// <summary>What was done, for example "CertificateRevoked".</summary>
    public required string Action { get; init; }

    /// <summary>Identifier of the thing; empty when there is none.</summary>
    public string SubjectId { get; init; } = "";

    /// <summary>Name of the thing; empty when there is none.</summary>
    public string SubjectName { get; init; } = "";

    /// <summary>True when it worked.</summary>
    public bool Succeeded { get; init; } = true;

    /// <summary>More about it, for people; never a secret.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The operating system's name of the user who did it.</summary>
    public string User { get; init; } = "";

    /// <summary>The machine on which it was done.</summary>
    public string Machine { get; init; } = "";

    /// <summary>SHA-256 over the previous hash and this line's content, lower-case hexadecimal.</summary>
    public string Hash { get; init; } = "";
}
