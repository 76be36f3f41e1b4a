namespace KeyManager;

/// <summary>What came of a check of the store.</summary>
public enum StoreCheckOutcome
{
    /// <summary>As it should be.</summary>
    Passed,

    /// <summary>Nothing is lost, but one should know of it.</summary>
    Warning,

    /// <summary>Something is damaged or lost, or does not work here.</summary>
    Failed,

    /// <summary>It was damaged, and is mended.</summary>
    Repaired,
}
