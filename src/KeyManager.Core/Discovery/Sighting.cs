using System;

namespace KeyManager.Discovery;

/// <summary>A certificate of the inventory, and a place where it was seen.</summary>
public sealed record Sighting
{
    /// <summary>What kind of place.</summary>
    public required DiscoverySource Source { get; init; }

    /// <summary>The computer or target that has it; empty for a service.</summary>
    public required string ComputerName { get; init; }

    /// <summary>The place.</summary>
    public required string Location { get; init; }

    /// <summary>The certificate that was seen there last.</summary>
    public required string CertificateId { get; init; }

    /// <summary>When a certificate was first noted for the place.</summary>
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When it was last seen there.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the place was found empty; <c>null</c> while the certificate is there.</summary>
    public DateTimeOffset? GoneAt { get; init; }
}
