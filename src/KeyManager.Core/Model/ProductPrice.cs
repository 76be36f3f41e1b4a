namespace KeyManager;

/// <summary>What a product costs for one term.</summary>
public sealed record ProductPrice
{
    /// <summary>The term in months.</summary>
    public required int Months { get; init; }

    /// <summary>For how many servers.</summary>
    public int Servers { get; init; } = 1;

    /// <summary>The price.</summary>
    public required decimal Amount { get; init; }

    /// <summary>For each name beyond those that are included.</summary>
    public decimal PerName { get; init; }

    /// <summary>For each wildcard name beyond those that are included.</summary>
    public decimal PerWildcard { get; init; }

    /// <summary>For each server beyond <see cref="Servers"/>.</summary>
    public decimal PerServer { get; init; }
}
