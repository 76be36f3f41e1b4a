namespace KeyManager.Storage;

/// <summary>Whose store it is.</summary>
public enum StoreScope
{
    /// <summary>One user's.</summary>
    CurrentUser,

    /// <summary>The machine's: administrators and services.</summary>
    LocalMachine,
}
