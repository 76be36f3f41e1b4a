using System;

namespace KeyManager.Operations;

/// <summary>What a service was seen to serve, held against the inventory.</summary>
public sealed record CertificateTest
{
    /// <summary>Where it was looked, host:port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The name that was asked for.</summary>
    public string? ServerName { get; init; }

    /// <summary>Name of the target; <c>null</c> when the endpoint was named.</summary>
    public string? DeployTarget { get; init; }

    /// <summary>Name of the entry that should be served, or that is; <c>null</c> when it is not in the inventory.</summary>
    public string? Name { get; init; }

    /// <summary>True when the current version of the entry is served with its whole chain, and is good now.</summary>
    public bool IsServed => Problem is null;

    /// <summary>Serial number of what is served; <c>null</c> when nothing was seen.</summary>
    public string? ServedSerialNumber { get; init; }

    /// <summary>Subject of what is served; <c>null</c> when nothing was seen.</summary>
    public string? ServedSubject { get; init; }

    /// <summary>End of what is served; <c>null</c> when nothing was seen.</summary>
    public DateTimeOffset? ServedNotAfter { get; init; }

    /// <summary>Version of the entry that is served; <c>null</c> when it is none of the inventory.</summary>
    public int? ServedVersion { get; init; }

    /// <summary>Serial number of the current version; <c>null</c> when there is no entry.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>How many certificates above it the service sent.</summary>
    public int ChainLength { get; init; }

    /// <summary>Version of TLS; <c>null</c> when nothing was seen.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>What is not right; <c>null</c> when all is.</summary>
    public string? Problem { get; init; }
}
