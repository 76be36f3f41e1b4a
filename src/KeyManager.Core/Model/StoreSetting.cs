namespace KeyManager;

/// <summary>A setting of the store with its value.</summary>
public sealed record StoreSetting
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its value.</summary>
    public required string Value { get; init; }

    /// <summary>True when it was never set.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }
}
