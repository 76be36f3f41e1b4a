using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager;

/// <summary>Checks settings against their descriptions, so that a typo is caught when it is typed.</summary>
public static class SettingRules
{
    /// <summary>Checks each name and value and answers them with names and choices in their proper letter case.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static IReadOnlyDictionary<string, string> Check(
        IReadOnlyList<SettingDescription> known, IEnumerable<KeyValuePair<string, string>> values, string owner)
    {
        Dictionary<string, string> result = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> value in values)
        {
            SettingDescription setting = known.FirstOrDefault(s => string.Equals(s.Name, value.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{value.Key}' is no setting of {owner}.")
                {
                    Target = value.Key,
                    Remedy = known.Count == 0 ? "Leave it out." : $"Its settings are: {string.Join(", ", known.Select(s => s.Name))}.",
                };
            result[setting.Name] = CheckValue(setting, value.Value);
        }

        return result;
    }

    private static string CheckValue(SettingDescription setting, string value)
    {
        if (setting.IsFlag)
        {
            return bool.TryParse(value, out bool flag) ? flag.ToString() : throw Wrong(setting, value, "True or False");
        }

        if (setting.IsDate)
        {
            return value.Length == 0 ? value : DateTime.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime day)
                ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                : throw Wrong(setting, value, "a day, such as 2027-05-31");
        }

        if (setting.Choices.Count > 0)
        {
            return setting.Choices.FirstOrDefault(c => string.Equals(c, value, StringComparison.OrdinalIgnoreCase))
                ?? throw Wrong(setting, value, $"one of {string.Join(", ", setting.Choices)}");
        }

        if (setting.Minimum is int minimum && setting.Maximum is int maximum)
        {
            return value.Length == 0 && setting.Default.Length == 0 ? value : int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum
                ? number.ToString(CultureInfo.InvariantCulture)
                : throw Wrong(setting, value, string.Format(CultureInfo.InvariantCulture, "a number from {0} to {1}", minimum, maximum));
        }

        return value;
    }

    private static InvalidRequestException Wrong(SettingDescription setting, string value, string right) =>
        new(ErrorIds.InvalidSetting, $"The setting {setting.Name} cannot be '{value}'.")
        {
            Target = setting.Name,
            Remedy = $"{setting.Name} is {right}.",
        };
}
