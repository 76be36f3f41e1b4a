using System;

namespace KeyManager;

/// <summary>What a sweep would do with one certificate, and why.</summary>
public sealed record RenewalPlanLine
{
    /// <summary>The current version.</summary>
    public required string CertificateId { get; init; }

    /// <summary>The entry.</summary>
    public required string LineageId { get; init; }

    /// <summary>Name of the entry.</summary>
    public required string Name { get; init; }

    /// <summary>What would be done.</summary>
    public required RenewalStatus Status { get; init; }

    /// <summary>When it is, or was, due; <c>null</c> when it never is.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When there is something to look at again.</summary>
    public required DateTimeOffset NextLook { get; init; }

    /// <summary>End of the current version.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>True when less than a twentieth of its life is left: nobody is asked any more.</summary>
    public bool IsEmergency { get; init; }

    /// <summary>The account.</summary>
    public string? Account { get; init; }

    /// <summary>The policy that counts; <c>null</c> for none.</summary>
    public string? Policy { get; init; }

    /// <summary>True for one that is worked on now.</summary>
    public bool IsDue => Status is RenewalStatus.Due or RenewalStatus.Undeployed;

    public override string ToString() => $"{Name}: {Reason}";
}
