namespace KeyManager;

/// <summary>What became of one thing of an import.</summary>
public sealed record StoreTransfer
{
    /// <summary>What it is.</summary>
    public required StorePart Part { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required TransferOutcome Outcome { get; init; }

    /// <summary>Why, or what one should know; <c>null</c> when there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do; <c>null</c> when nothing has to be done.</summary>
    public string? Remedy { get; init; }

    /// <summary>Error id of a failure; <c>null</c> when it did not fail.</summary>
    public string? ErrorId { get; init; }

    public override string ToString() => Reason is null ? $"{Part} {Name}: {Outcome}" : $"{Part} {Name}: {Outcome}, {Reason}";
}
