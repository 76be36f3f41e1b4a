using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The setting AccountsNeedAdministrator: accounts are made, changed, given up and taken along by administrators only.</summary>
internal static class AdministratorRule
{
    /// <exception cref="ConflictException">KmAdministratorRequired.</exception>
    public static void Check(KeyManagerPorts ports, string what)
    {
        if (ports.Rights.IsAdministrator || !ports.Store.Read(session => IsSet(session.Settings)))
        {
            return;
        }

        throw new ConflictException(ConflictKind.State, ErrorIds.AdministratorRequired, $"Only an administrator may {what}: the setting {StoreSettings.AccountsNeedAdministrator} says so.")
        {
            Target = what,
            Remedy = "Run the command as root, or in a PowerShell that was started as administrator.",
        };
    }

    public static bool IsSet(ISettingStore settings) => StoreSettings.Get(settings, StoreSettings.AccountsNeedAdministrator) == bool.TrueString;
}
