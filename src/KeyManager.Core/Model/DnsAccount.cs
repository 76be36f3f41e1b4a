using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>An account with a DNS service. Its secrets lie in the store's secret table and never in this object.</summary>
public sealed record DnsAccount : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the service, as Get-KmProvider shows it.</summary>
    public required string Provider { get; init; }

    /// <summary>False when it must not be used.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Settings that are not secret, by name, as the service describes them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the settings that are stored as secrets.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({Provider})";
}
