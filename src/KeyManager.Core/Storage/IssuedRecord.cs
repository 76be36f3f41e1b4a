using System;

namespace KeyManager.Storage;

/// <summary>What a built-in authority remembers about a certificate it has issued.</summary>
public sealed record IssuedRecord
{
    /// <summary>The authority's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Serial number, upper-case hexadecimal; unique per account.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>The order it was issued for; at most one certificate per order.</summary>
    public required string OrderId { get; init; }

    /// <summary>End of its life.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The certificate as DER.</summary>
    public required byte[] Der { get; init; }

    /// <summary>When it was revoked; <c>null</c> when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why.</summary>
    public RevocationReason? Reason { get; init; }
}
