namespace KeyManager;

/// <summary>What became of something that was to be taken over from another program.</summary>
public enum MigrationOutcome
{
    /// <summary>It would be taken over.</summary>
    Planned,

    /// <summary>It was taken over.</summary>
    Added,

    /// <summary>It was here already.</summary>
    Same,

    /// <summary>Somebody has to do it: it cannot be taken over.</summary>
    ByHand,

    /// <summary>It could not be taken over; the others were.</summary>
    Failed,
}
