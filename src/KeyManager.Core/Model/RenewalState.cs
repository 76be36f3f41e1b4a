using System;

namespace KeyManager;

/// <summary>What is remembered about the renewals of an entry from one sweep to the next.</summary>
public sealed record RenewalState
{
    /// <summary>The entry.</summary>
    public required string LineageId { get; init; }

    /// <summary>Nothing needs to be looked at before.</summary>
    public DateTimeOffset NextLook { get; init; }

    /// <summary>Failed attempts in a row; 0 when the last one succeeded.</summary>
    public int Attempts { get; init; }

    /// <summary>When the last attempt began; <c>null</c> for none.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>Nothing is tried before; <c>null</c> when nothing stands in the way.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Error id of the last failure; <c>null</c> for none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What the last failure was; <c>null</c> for none.</summary>
    public string? Error { get; init; }

    /// <summary>The version that is renewed and still has to be deployed; <c>null</c> for none.</summary>
    public string? UndeployedId { get; init; }

    /// <summary>What the authority publishes about revoked certificates is read again then; <c>null</c> for now.</summary>
    public DateTimeOffset? RevocationLookAt { get; init; }
}
