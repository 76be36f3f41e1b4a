using KeyManager.Challenges;

namespace KeyManager.Operations;

/// <summary>How to deploy.</summary>
public sealed record DeployOptions
{
    /// <summary>How many targets at the same time, 1 to 100.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>Do everything again, also when all of it is in place and served.</summary>
    public bool Force { get; init; }

    /// <summary>Runs scripts of the user's; <c>null</c> where no PowerShell is at hand.</summary>
    public IScriptRunner? Scripts { get; init; }
}
