namespace KeyManager;

/// <summary>Settings of accounts that operations read, whatever the authority.</summary>
public static class AccountSettings
{
    /// <summary>DNS server to ask whether a record can be seen.</summary>
    public const string Resolver = nameof(Resolver);
}
