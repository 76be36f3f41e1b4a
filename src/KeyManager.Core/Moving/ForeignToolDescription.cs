using System.Collections.Generic;

namespace KeyManager.Moving;

/// <summary>Another program that manages certificates.</summary>
public sealed record ForeignToolDescription
{
    /// <summary>Name by which it is chosen: -From.</summary>
    public required string Name { get; init; }

    /// <summary>Where it usually keeps its data on this machine, the likeliest first. They need not exist.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>How it runs by itself, and how that is switched off: whole sentences.</summary>
    public required string HowToStop { get; init; }

    public override string ToString() => Name;
}
