using System.Collections.Generic;

namespace KeyManager.Discovery;

/// <summary>What a finder saw at a place, before anybody compared it with anything.</summary>
/// <param name="Source">What kind of place.</param>
/// <param name="ComputerName">The computer or target that has it; empty for a service.</param>
/// <param name="Location">The place.</param>
public sealed record Finding(DiscoverySource Source, string ComputerName, string Location)
{
    /// <summary>The certificate, DER; <c>null</c> when none was seen.</summary>
    public byte[]? Certificate { get; init; }

    /// <summary>The certificates above it that came along, DER.</summary>
    public IReadOnlyList<byte[]> Chain { get; init; } = [];

    /// <summary>Version of TLS, for people; <c>null</c> when it is no service.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>True when a private key lies with it; <c>null</c> where that cannot be seen.</summary>
    public bool? HasPrivateKey { get; init; }

    /// <summary>Why no certificate was seen.</summary>
    public string? Problem { get; init; }

    /// <summary>True when nobody is there at all: then the place is worth a line only when it was named or is remembered.</summary>
    public bool IsAbsent { get; init; }

    /// <summary>True when the user named this very place, and not a range or a folder that it lies in.</summary>
    public bool IsNamed { get; init; }
}
