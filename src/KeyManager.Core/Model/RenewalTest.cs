using KeyManager.Challenges;

namespace KeyManager;

/// <summary>Something that was looked at for the next renewal of a certificate.</summary>
public sealed record RenewalTest
{
    /// <summary>Name of the entry.</summary>
    public required string Name { get; init; }

    /// <summary>The certificate.</summary>
    public required string CertificateId { get; init; }

    /// <summary>What was looked at: Plan, Order, Account, Authority, Charge, Proof, Store, Task, or a check of the names such as Caa, Delegation, DnsAccount.</summary>
    public required string Subject { get; init; }

    /// <summary>Information: as it should be. Warning: may stand in the way. Problem: the renewal will fail.</summary>
    public required PreflightSeverity Severity { get; init; }

    /// <summary>What was found.</summary>
    public required string Message { get; init; }

    /// <summary>What to do; <c>null</c> when nothing has to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>Error id of what would happen; <c>null</c> for none.</summary>
    public string? ErrorId { get; init; }

    public override string ToString() => $"{Name}, {Subject}: {Message}";
}
