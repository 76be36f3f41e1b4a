using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>Sets of settings, whose names are the same in any letter case.</summary>
internal static class SettingValues
{
    /// <summary>Both; where a name is in both, the second one's value.</summary>
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> more)
    {
        Dictionary<string, string> all = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> setting in settings.Concat(more))
        {
            all[setting.Key] = setting.Value;
        }

        return all;
    }

    /// <summary>Those that have a value: an empty one takes a setting back to its default.</summary>
    public static Dictionary<string, string> WithoutEmpty(IReadOnlyDictionary<string, string> settings) =>
        settings.Where(s => s.Value.Length > 0).ToDictionary(s => s.Key, s => s.Value, StringComparer.OrdinalIgnoreCase);
}
