using System;

namespace KeyManager;

/// <summary>One way to open the store; any one of them is enough.</summary>
public sealed record KeyProtector
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What it takes its key from.</summary>
    public required KeyProtectorKind Kind { get; init; }

    /// <summary>For a key file its path; for others empty.</summary>
    public string Path { get; init; } = "";

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public override string ToString() => $"{Name} ({Kind})";
}
