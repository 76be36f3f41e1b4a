using System;
using System.Collections;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Security;
using System.Threading.Tasks;

namespace KeyManager.PowerShell;

/// <summary>
/// The settings of a provider as parameters of a cmdlet: completion, choices, ranges, secrets as SecureString, all from one description. PowerShell asks for them once it knows which
/// provider is meant.
/// </summary>
internal sealed class SettingParameters
{
    private readonly IReadOnlyList<SettingDescription> _settings;

    /// <param name="settings">What the provider describes.</param>
    /// <param name="taken">Names of parameters that the cmdlet has itself; such a setting is given with -Setting.</param>
    public SettingParameters(IEnumerable<SettingDescription> settings, params string[] taken)
    {
        _settings = [.. settings.Where(s => !taken.Contains(s.Name, StringComparer.OrdinalIgnoreCase)).GroupBy(s => s.Name, StringComparer.OrdinalIgnoreCase).Select(Widest)];
        foreach (SettingDescription setting in _settings)
        {
            Parameters.Add(setting.Name, new RuntimeDefinedParameter(setting.Name, TypeOf(setting), AttributesOf(setting)));
        }
    }

    /// <summary>What PowerShell gets.</summary>
    public RuntimeDefinedParameterDictionary Parameters { get; } = [];

    /// <summary>The values that were given and are no secrets, by name, as settings are stored.</summary>
    /// <param name="resolve">Makes a path a full one.</param>
    public async Task<(string Name, string? Value)[]> ValuesAsync(Func<string, Task<string>> resolve)
    {
        List<(string, string?)> values = [];
        foreach (SettingDescription setting in _settings.Where(s => !s.IsSecret && Parameters[s.Name].IsSet))
        {
            if (setting.IsTable)
            {
                values.AddRange(Entries(setting).Where(e => !IsSecret(e.Value)).Select(e => ($"{setting.Name}.{e.Key}", (string?)TableJson.Write(e.Value))));
                values.AddRange(Entries(setting).Where(e => e.Value is PSCredential).Select(e => ($"{setting.Name}.{e.Key}", (string?)TableJson.Write(((PSCredential)e.Value!).UserName))));
                continue;
            }

            string text = Parameters[setting.Name].Value switch
            {
                SwitchParameter flag => flag.IsPresent ? bool.TrueString : bool.FalseString,
                object value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
                null => "",
            };
            values.Add((setting.Name, setting.IsPath && text.Length > 0 ? await resolve(text).ConfigureAwait(false) : text));
        }

        return [.. values];
    }

    /// <summary>The secrets that were given. The caller disposes them.</summary>
    public IReadOnlyDictionary<string, SecretText> Secrets()
    {
        Dictionary<string, SecretText> secrets = _settings.Where(s => s.IsSecret && Parameters[s.Name] is { IsSet: true, Value: SecureString })
            .ToDictionary(s => s.Name, s => new SecretText((SecureString)Parameters[s.Name].Value), StringComparer.OrdinalIgnoreCase);
        foreach (SettingDescription table in _settings.Where(s => s.IsTable && Parameters[s.Name].IsSet))
        {
            foreach (KeyValuePair<string, object?> entry in Entries(table).Where(e => IsSecret(e.Value)))
            {
                secrets[$"{table.Name}.{entry.Key}"] = new SecretText(entry.Value as SecureString ?? ((PSCredential)entry.Value!).Password);
            }
        }

        return secrets;
    }

    private IEnumerable<KeyValuePair<string, object?>> Entries(SettingDescription table) => (Parameters[table.Name].Value as Hashtable ?? []).Cast<DictionaryEntry>()
        .Select(e => new KeyValuePair<string, object?>(Convert.ToString(e.Key, CultureInfo.InvariantCulture) ?? "", VaultSecretAttribute.Read(e.Value) ?? (e.Value is PSObject wrapped ? wrapped.BaseObject : e.Value)));

    private static bool IsSecret(object? value) => value is SecureString or PSCredential;

    // Several services may have a setting of one name, with other values.
    private static SettingDescription Widest(IEnumerable<SettingDescription> same)
    {
        List<SettingDescription> all = [.. same];
        return all.Count == 1 ? all[0] : all[0] with
        {
            Choices = all.All(s => s.Choices.Count > 0) ? [.. all.SelectMany(s => s.Choices).Distinct(StringComparer.OrdinalIgnoreCase)] : [],
            Minimum = all.All(s => s.Minimum is not null) ? all.Min(s => s.Minimum) : null,
            Maximum = all.All(s => s.Maximum is not null) ? all.Max(s => s.Maximum) : null,
        };
    }

    private static Type TypeOf(SettingDescription setting) =>
        setting.IsSecret ? typeof(SecureString) : setting.IsTable ? typeof(Hashtable) : setting.IsFlag ? typeof(SwitchParameter) : setting.Minimum is not null ? typeof(int) : typeof(string);

    private static Collection<Attribute> AttributesOf(SettingDescription setting)
    {
        Collection<Attribute> attributes = [new ParameterAttribute { HelpMessage = setting.Description }];
        if (setting.IsSecret)
        {
            attributes.Add(new VaultSecretAttribute());
        }

        if (setting is { IsFlag: false, Choices.Count: > 0 })
        {
            attributes.Add(new ValidateSetAttribute([.. setting.Choices]) { IgnoreCase = true });
        }

        if (setting is { Minimum: int minimum, Maximum: int maximum })
        {
            attributes.Add(new ValidateRangeAttribute(minimum, maximum));
        }

        if (TypeOf(setting) == typeof(string))
        {
            attributes.Add(new AllowEmptyStringAttribute());
        }

        return attributes;
    }
}
