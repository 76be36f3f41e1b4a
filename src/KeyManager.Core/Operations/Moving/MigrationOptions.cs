using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What to take over from another program.</summary>
public sealed record MigrationOptions
{
    /// <summary>Name of the program.</summary>
    public required string Tool { get; init; }

    /// <summary>Full path of its folder; <c>null</c> for the usual one of this machine.</summary>
    public string? Folder { get; init; }

    /// <summary>Only the certificates that the program calls so; * and ? are wildcards. Empty for all.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>True to have the certificates renewed here at once; false to wait until their orders say so.</summary>
    public bool AutoRenew { get; init; }

    /// <summary>Address of the authority's directory, for programs that do not keep it.</summary>
    public string? DirectoryUrl { get; init; }

    /// <summary>Settings of every account that is taken over, such as roots to trust and a proxy.</summary>
    public IReadOnlyDictionary<string, string> AccountSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>What to write on the entries.</summary>
    public LabelChange Labels { get; init; } = LabelChange.None;
}
