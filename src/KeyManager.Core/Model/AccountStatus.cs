namespace KeyManager;

/// <summary>Whether an account can be used.</summary>
public enum AccountStatus
{
    /// <summary>In use.</summary>
    Valid,

    /// <summary>Given up at the authority for good.</summary>
    Deactivated,
}
