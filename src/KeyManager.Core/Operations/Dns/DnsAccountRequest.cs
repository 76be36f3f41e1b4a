using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a user gives for an account with a DNS service.</summary>
public sealed record DnsAccountRequest
{
    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the service.</summary>
    public required string Provider { get; init; }

    /// <summary>Settings that are not secret, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings that are, by name, UTF-8; the caller overwrites them.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>False to store it switched off.</summary>
    public bool Enabled { get; init; } = true;

    // A record prints its members; secrets are none to print.
    public override string ToString() => $"{Name} ({Provider})";
}
