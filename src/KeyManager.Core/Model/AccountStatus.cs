namespace KeyManager;

/// <summary>Whether an account can be used.</summary>
public enum AccountStatus
{
    /// <summary>In use.</summary>
    Valid,

    /// <summary>Its key is stored, and the authority has not answered yet; the same New-KmAccount goes on.</summary>
    Pending,

    /// <summary>Given up at the authority for good.</summary>
    Deactivated,
}
