namespace KeyManager;

/// <summary>Settings of accounts that operations read, whatever the authority.</summary>
public static class AccountSettings
{
    /// <summary>DNS server to ask whether a record can be seen.</summary>
    public const string Resolver = nameof(Resolver);

    /// <summary>Name of the stored organization that orders use when they name none.</summary>
    public const string Organization = nameof(Organization);

    /// <summary>Name of the stored contact that orders use as administrator when they name none.</summary>
    public const string AdminContact = nameof(AdminContact);

    /// <summary>Name of the stored contact that orders use as requester when they name none.</summary>
    public const string Requester = nameof(Requester);

    /// <summary>Name of the stored contact that orders use as technician when they name none.</summary>
    public const string TechnicalContact = nameof(TechnicalContact);
}
