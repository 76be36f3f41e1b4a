namespace KeyManager.Challenges;

/// <summary>How much a finding matters.</summary>
public enum PreflightSeverity
{
    /// <summary>As it should be; good to know.</summary>
    Information,

    /// <summary>May stand in the way.</summary>
    Warning,

    /// <summary>The authority will most likely refuse.</summary>
    Problem,
}
