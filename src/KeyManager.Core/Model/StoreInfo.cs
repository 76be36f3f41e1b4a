using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>Where a store is and how it is.</summary>
public sealed record StoreInfo
{
    /// <summary>Identifier of the store, made with it.</summary>
    public required string Id { get; init; }

    /// <summary>Full path of the database file.</summary>
    public required string Path { get; init; }

    /// <summary>Number of the newest migration it has been through.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>True while its data key is in memory.</summary>
    public bool IsUnlocked { get; init; }

    /// <summary>How many entries the inventory has.</summary>
    public int Certificates { get; init; }

    /// <summary>How many orders it knows.</summary>
    public int Orders { get; init; }

    /// <summary>Size in bytes, with the write-ahead log.</summary>
    public long Size { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What a user should know about the place, for example that it lies on a network share; usually empty.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public override string ToString() => Path;
}
