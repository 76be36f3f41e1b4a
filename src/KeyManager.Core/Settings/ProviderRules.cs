using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager;

/// <summary>Checks what a user gives for an account or a target against what its provider describes.</summary>
internal static class ProviderRules
{
    /// <summary>Settings with names and choices in their proper letter case.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: not known, not allowed, or a secret.</exception>
    public static IReadOnlyDictionary<string, string> CheckSettings(ProviderDescription about, IEnumerable<KeyValuePair<string, string>> settings)
    {
        List<KeyValuePair<string, string>> given = [.. settings];
        foreach (KeyValuePair<string, string> setting in given)
        {
            if (Find(about, setting.Key) is { IsSecret: true } secret)
            {
                throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {secret.Name} of {about.Title} is a secret.")
                {
                    Target = secret.Name,
                    Remedy = $"Give it with its own parameter, as a SecureString: -{secret.Name} (Read-Host -AsSecureString).",
                };
            }
        }

        Dictionary<string, string> result = new(StringComparer.OrdinalIgnoreCase);
        List<SettingDescription> known = [.. about.Settings.Where(s => s is { IsSecret: false, IsTable: false })];
        foreach (KeyValuePair<string, string> setting in SettingRules.Check(known, given.Where(s => !IsEntry(about, s.Key) && !IsTakenBack(known, s)), about.Title)
            .Concat(given.Where(s => IsEntry(about, s.Key) || IsTakenBack(known, s))))
        {
            result[setting.Key] = setting.Value;
        }

        return result;
    }

    // Empty takes a setting back to its default, whatever its values are.
    private static bool IsTakenBack(List<SettingDescription> known, KeyValuePair<string, string> setting) =>
        setting.Value.Length == 0 && known.Any(k => string.Equals(k.Name, setting.Key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is an entry of a table, such as PluginArgument.Token.</summary>
    public static bool IsEntry(ProviderDescription about, string name) =>
        name.IndexOf('.') is > 0 and int dot && dot < name.Length - 1 && Find(about, name.Substring(0, dot)) is { IsTable: true };

    /// <summary>The proper names of secrets.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: not one of the provider's.</exception>
    public static IReadOnlyDictionary<string, byte[]> CheckSecrets(ProviderDescription about, IEnumerable<KeyValuePair<string, byte[]>> secrets)
    {
        Dictionary<string, byte[]> result = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, byte[]> secret in secrets)
        {
            string known = IsEntry(about, secret.Key) ? secret.Key : Find(about, secret.Key) is { IsSecret: true } found ? found.Name
                : throw new InvalidRequestException(ErrorIds.InvalidSetting, $"{about.Title} has no secret '{secret.Key}'.")
                {
                    Target = secret.Key,
                    Remedy = $"Its secrets are: {string.Join(", ", about.Settings.Where(s => s.IsSecret).Select(s => s.Name))}.",
                };
            result[known] = secret.Value;
        }

        return result;
    }

    /// <summary>Passes when everything is there that the provider needs, and says one thing only.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static void CheckWhole(ProviderDescription about, ProviderContext context)
    {
        List<string> missing = [.. about.Required.Where(name => !IsThere(about, context, name))];
        if (missing.Count > 0)
        {
            throw Incomplete(about, $"{about.One} needs {string.Join(", ", missing)}.", $"Add {string.Join(" ", missing.Select(name => "-" + name))}.");
        }

        if (about.Credentials.Count == 0)
        {
            return;
        }

        List<CredentialWay> whole = [.. about.Credentials.Where(way => way.Settings.All(name => IsThere(about, context, name)))];
        List<CredentialWay> largest = [.. whole.Where(way => !whole.Any(other => other != way && other.Settings.Count > way.Settings.Count && way.Settings.All(other.Settings.Contains)))];
        string ways = string.Join("; ", about.Credentials.Select(way => $"{way.Name}: {(way.Settings.Count == 0 ? "nothing" : string.Join(" ", way.Settings.Select(name => "-" + name)))}"));
        if (largest.Count != 1)
        {
            throw Incomplete(
                about,
                largest.Count == 0
                    ? $"{about.One} needs credentials."
                    : $"{about.One} has one kind of credentials; these are {largest.Count}: {string.Join(", ", largest.Select(way => way.Name))}.",
                $"Give one of these. {ways}.");
        }
    }

    public static SettingDescription? Find(ProviderDescription about, string name) => about.Settings.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    // A flag that says no is as good as none.
    private static bool IsThere(ProviderDescription about, ProviderContext context, string name) =>
        context.Has(name) && !(Find(about, name) is { IsFlag: true } && string.Equals(context.Setting(name), bool.FalseString, StringComparison.OrdinalIgnoreCase));

    private static InvalidRequestException Incomplete(ProviderDescription about, string message, string remedy) =>
        new(ErrorIds.InvalidSetting, message) { Target = about.Name, Remedy = $"{remedy} {about.WhereToLook}" };
}
