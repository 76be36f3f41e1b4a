using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;

namespace KeyManager.PowerShell;

/// <summary>Turns the hash table of a -Setting parameter into names and values.</summary>
internal static class SettingTable
{
    public static Dictionary<string, string> ToDictionary(Hashtable? table)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in table ?? [])
        {
            settings[Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = entry.Value is object[] list
                ? string.Join(",", list)
                : Convert.ToString(entry.Value, CultureInfo.InvariantCulture) ?? "";
        }

        return settings;
    }
}
