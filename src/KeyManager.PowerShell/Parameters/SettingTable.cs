using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;

namespace KeyManager.PowerShell;

/// <summary>Turns the hash table of a -Setting parameter into names and values.</summary>
internal static class SettingTable
{
    /// <param name="table">The hash table; <c>null</c> for none.</param>
    /// <param name="more">Settings with parameters of their own, which go before; those without a value are left out.</param>
    public static Dictionary<string, string> ToDictionary(Hashtable? table, params (string Name, string? Value)[] more)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table ?? [])
        {
            settings[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = entry.Value is object[] list
                ? string.Join(",", list)
                : Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";
        }

        foreach ((string name, string? value) in more)
        {
            if (value is not null)
            {
                settings[name] = value;
            }
        }

        return settings;
    }
}
