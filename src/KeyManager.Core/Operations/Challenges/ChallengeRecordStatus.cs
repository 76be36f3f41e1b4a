namespace KeyManager.Operations;

/// <summary>Whether a record that stands for long is there and good.</summary>
public enum ChallengeRecordStatus
{
    /// <summary>It was not looked for.</summary>
    Unknown,

    /// <summary>Each order has a value of its own, which Get-KmChallenge shows.</summary>
    PerOrder,

    /// <summary>There is none for this authority and account.</summary>
    Missing,

    /// <summary>It proves the name.</summary>
    Valid,

    /// <summary>It proves the name, for a month at most.</summary>
    Expiring,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It names the authority, but another account, or not wildcards, or cannot be read.</summary>
    Unfit,
}
