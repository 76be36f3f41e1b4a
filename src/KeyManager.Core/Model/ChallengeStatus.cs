namespace KeyManager;

/// <summary>Where one challenge stands.</summary>
public enum ChallengeStatus
{
    /// <summary>Waiting to be published.</summary>
    Pending,

    /// <summary>Published here, not yet shown to the authority.</summary>
    Published,

    /// <summary>The authority is looking.</summary>
    Processing,

    /// <summary>Proved.</summary>
    Valid,

    /// <summary>Refused; ErrorDetail says why.</summary>
    Invalid,
}
