using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Reads and changes the settings of the store.</summary>
public sealed class ManageSettings(KeyManagerPorts ports)
{
    /// <summary>All settings with their values.</summary>
    public IReadOnlyList<StoreSetting> List()
    {
        IReadOnlyDictionary<string, string> set = ports.Store.Read(session => session.Settings.List());
        return [.. StoreSettings.All.Select(s => Describe(s, set.TryGetValue(s.Name, out string? value) ? value : null))];
    }

    /// <summary>Sets a value, or with <c>null</c> takes it back to the default.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public StoreSetting Set(string name, string? value)
    {
        KeyValuePair<string, string> change = SettingRules.Check(
            StoreSettings.All, [new KeyValuePair<string, string>(name, value ?? StoreSettings.All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))?.Default ?? "")], "The store").Single();
        if (change.Key == StoreSettings.AccountsNeedAdministrator)
        {
            AdministratorRule.Check(ports, $"change the setting {change.Key}");
        }

        return ports.Store.Write(session =>
        {
            if (value is null)
            {
                session.Settings.Remove(change.Key);
            }
            else
            {
                session.Settings.Put(change.Key, change.Value);
            }

            session.Audit.Append(new AuditEntry("Setting", "SettingChanged", change.Key, change.Key, value is null ? "default" : change.Value));
            return Describe(StoreSettings.All.First(s => s.Name == change.Key), value is null ? null : change.Value);
        });
    }

    private static StoreSetting Describe(SettingDescription setting, string? value) =>
        new() { Name = setting.Name, Value = value ?? setting.Default, IsDefault = value is null, Description = setting.Description };
}
