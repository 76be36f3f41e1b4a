using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a user gives for a target.</summary>
public sealed record DeployTargetRequest
{
    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Settings that are not secret, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings that are, by name, UTF-8; the caller overwrites them.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    // A record prints its members; secrets are none to print.
    public override string ToString() => $"{Name} ({Kind})";
}
