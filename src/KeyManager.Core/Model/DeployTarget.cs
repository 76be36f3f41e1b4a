using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A server, folder, store or script that certificates are deployed to. Its secrets lie in the store's secret table and never in this object.</summary>
public sealed record DeployTarget : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique in the store.</summary>
    public required string Name { get; init; }

    /// <summary>Kind, such as Local or Ssh.</summary>
    public required string Kind { get; init; }

    /// <summary>Settings that are not secret, by name, as the kind describes them.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the settings that are stored as secrets.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public override string ToString() => $"{Name} ({Kind})";
}
