using System;

namespace KeyManager;

/// <summary>When the authority wants a certificate renewed, and when within that time it will be.</summary>
public sealed record RenewalInfo
{
    /// <summary>The certificate.</summary>
    public required string CertificateId { get; init; }

    /// <summary>First moment of the authority's window.</summary>
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>Last moment of the authority's window.</summary>
    public required DateTimeOffset WindowEnd { get; init; }

    /// <summary>The moment chosen at random inside of the window, so that not everybody comes at once.</summary>
    public required DateTimeOffset RenewAt { get; init; }

    /// <summary>When the authority is asked again.</summary>
    public required DateTimeOffset AskAgainAt { get; init; }

    /// <summary>A page that says why; <c>null</c> when there is nothing special.</summary>
    public string? ExplanationUrl { get; init; }
}
