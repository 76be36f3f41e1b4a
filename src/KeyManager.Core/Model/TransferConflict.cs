namespace KeyManager;

/// <summary>What to do with a thing that is here already, and differs.</summary>
public enum TransferConflict
{
    /// <summary>Leave the one that is here.</summary>
    Skip,

    /// <summary>Replace the one that is here, unless it is newer. Of a certificate only what is missing is added.</summary>
    Replace,

    /// <summary>Leave the one that is here, with an error.</summary>
    Fail,
}
