namespace KeyManager.Providers.Secrets;

/// <summary>How much work a passphrase protector makes.</summary>
/// <param name="MemoryKiB">Memory.</param>
/// <param name="Passes">Passes over it.</param>
/// <param name="Lanes">Lanes.</param>
internal sealed record Argon2Cost(int MemoryKiB, int Passes, int Lanes)
{
    /// <summary>For new protectors: RFC 9106 §4, second recommendation, with one lane.</summary>
    public static Argon2Cost Default { get; } = new(65_536, 3, 1);

    /// <summary>The least that is accepted (OWASP); tests use it to be quick.</summary>
    public static Argon2Cost Least { get; } = new(19_456, 2, 1);

    /// <summary>Neither so little that guessing is cheap, nor so much that a row somebody has changed takes the machine down.</summary>
    public bool IsAcceptable => MemoryKiB is >= 19_456 and <= 1_048_576 && Passes is >= 2 and <= 16 && Lanes is >= 1 and <= 4;
}
