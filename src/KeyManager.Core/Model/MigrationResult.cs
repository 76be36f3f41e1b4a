namespace KeyManager;

/// <summary>A line of a move from another program.</summary>
public sealed record MigrationResult
{
    /// <summary>The other program.</summary>
    public required string Tool { get; init; }

    /// <summary>What it is about.</summary>
    public required MigrationKind Kind { get; init; }

    /// <summary>Name of what it is about: here where it was taken over, there where it was not.</summary>
    public required string Name { get; init; }

    /// <summary>What became of it.</summary>
    public required MigrationOutcome Outcome { get; init; }

    /// <summary>What was found or done, in a sentence or two.</summary>
    public required string Detail { get; init; }

    /// <summary>What to do next; <c>null</c> for nothing.</summary>
    public string? Remedy { get; init; }

    /// <summary>The file or folder it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>Error id of what failed; <c>null</c> when nothing did.</summary>
    public string? ErrorId { get; init; }

    /// <summary>The certificate here; <c>null</c> for other kinds, and for one that was not taken over.</summary>
    public string? CertificateId { get; init; }

    public override string ToString() => $"{Outcome} {Kind} {Name}";
}
