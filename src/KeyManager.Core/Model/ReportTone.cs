namespace KeyManager;

/// <summary>Whether somebody should do something about it.</summary>
public enum ReportTone
{
    /// <summary>It is a fact and no more.</summary>
    Neutral,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Soon.</summary>
    Warning,

    /// <summary>Now.</summary>
    Bad,
}
