namespace KeyManager;

/// <summary>A file of a deployment, as it is called on the target.</summary>
public sealed record DeployedFile
{
    /// <summary>Where the service reads it.</summary>
    public required string Path { get; init; }

    /// <summary>What it holds, such as FullChain.</summary>
    public required string Content { get; init; }

    /// <summary>Where it is written before it is put in place.</summary>
    public required string TemporaryPath { get; init; }

    /// <summary>Where what was there before is kept; <c>null</c> when nothing was there.</summary>
    public string? PreviousPath { get; init; }

    /// <summary>SHA-256 of what was written, upper-case hexadecimal; empty until it was.</summary>
    public string Sha256 { get; init; } = "";

    public override string ToString() => Path;
}
