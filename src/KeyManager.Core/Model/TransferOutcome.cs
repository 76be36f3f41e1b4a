namespace KeyManager;

/// <summary>What became of a thing that was to be taken into a store.</summary>
public enum TransferOutcome
{
    /// <summary>It is new here.</summary>
    Added,

    /// <summary>It was here already, just so.</summary>
    Same,

    /// <summary>Another one is here, and was left alone.</summary>
    Skipped,

    /// <summary>It took the place of the one that was here; of a certificate, the versions that were missing came along.</summary>
    Replaced,

    /// <summary>It could not be taken in; nothing of it is here.</summary>
    Failed,
}
