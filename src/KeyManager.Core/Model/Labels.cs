using System.Collections.Generic;

namespace KeyManager;

/// <summary>What people have written on an entry of the inventory or on an order.</summary>
public sealed record Labels
{
    /// <summary>Nothing is written.</summary>
    public static Labels None { get; } = new();

    /// <summary>Words to find it by, in the order of the alphabet; letter case does not tell two apart.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who answers for it: a name, a team or an address; <c>null</c> for nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>Where it belongs; <c>null</c> for nowhere. Groups within groups are written with a slash, such as "shop/production".</summary>
    public string? Group { get; init; }

    /// <summary>Free text; <c>null</c> for none.</summary>
    public string? Note { get; init; }

    /// <summary>True when nothing is written.</summary>
    public bool IsEmpty => Tags.Count == 0 && Owner is null && Group is null && Note is null;
}
