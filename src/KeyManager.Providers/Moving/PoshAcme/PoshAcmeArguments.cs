using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Providers.Dns.Services.PoshAcme;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>The arguments of an order's plug-ins (pluginargs.json), with their secrets in the clear.</summary>
internal sealed class PoshAcmeArguments
{
    private readonly SortedDictionary<string, JToken> _plain = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, (string? User, string Password)> _secrets = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FormatException">A secret that cannot be read, with the name of its argument.</exception>
    public static PoshAcmeArguments Read(JObject json, PoshAcmeSecrets secrets)
    {
        PoshAcmeArguments arguments = new();
        foreach (JProperty property in json.Properties().Where(p => p.Value.Type != JTokenType.Null))
        {
            if (property.Value is JObject table && table["origType"] is JValue { Value: string kind })
            {
                bool isCredential = kind == "pscredential";
                string text = (table[isCredential ? "pass" : "value"] as JValue)?.Value as string ?? throw new FormatException($"The argument {property.Name} has no secret in it.");
                try
                {
                    arguments._secrets[property.Name] = (isCredential ? (table["user"] as JValue)?.Value as string ?? "" : null, secrets.Read(text));
                }
                catch (FormatException error)
                {
                    throw new FormatException($"The argument {property.Name}: {error.Message}", error);
                }
            }
            else if ((property.Value is JContainer inner ? inner.DescendantsAndSelf() : []).OfType<JProperty>().Any(p => p.Name == "origType"))
            {
                throw new FormatException($"The argument {property.Name} is a list of secrets, which cannot be taken over.");
            }
            else
            {
                arguments._plain[property.Name] = property.Value;
            }
        }

        return arguments;
    }

    /// <summary>An argument as text, secret or not; <c>null</c> when it is missing, blank or no single value.</summary>
    public string? Text(string name) =>
        _secrets.TryGetValue(name, out (string? User, string Password) secret) ? secret.Password
        : _plain.TryGetValue(name, out JToken? token) && token is JValue { Value: { } value } && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text
        : null;

    /// <summary>The first of several names that has a text.</summary>
    public string? Text(string name, string other) => Text(name) ?? Text(other);

    /// <summary>User name of a credential; <c>null</c> when it is none.</summary>
    public string? User(string name) => _secrets.TryGetValue(name, out (string? User, string Password) secret) ? secret.User : null;

    public bool Has(string name) => _secrets.ContainsKey(name) || _plain.ContainsKey(name);

    /// <summary>Whether a switch is on; PowerShell may have written it as an object.</summary>
    public bool IsOn(string name) =>
        _plain.TryGetValue(name, out JToken? token) && (token is JObject table ? table["IsPresent"] : token) is JValue { Value: true };

    /// <summary>A list, or one value, as texts.</summary>
    public IReadOnlyList<string> Texts(string name) => !_plain.TryGetValue(name, out JToken? token) ? []
        : token is JArray array ? [.. array.OfType<JValue>().Select(v => Convert.ToString(v.Value, CultureInfo.InvariantCulture) ?? "").Where(t => t.Length > 0)]
        : Text(name) is string one ? [one]
        : [];

    /// <summary>A value that is an object.</summary>
    public JObject? Object(string name) => _plain.TryGetValue(name, out JToken? token) ? token as JObject : null;

    /// <summary>All of them, for the plug-in itself.</summary>
    public void CopyTo(DnsAccountDraft draft)
    {
        foreach (KeyValuePair<string, JToken> argument in _plain)
        {
            draft.Set($"{PoshAcmeSettings.PluginArgument}.{argument.Key}", argument.Value.ToString(Formatting.None));
        }

        foreach (KeyValuePair<string, (string? User, string Password)> argument in _secrets)
        {
            string setting = $"{PoshAcmeSettings.PluginArgument}.{argument.Key}";
            draft.Set(setting, argument.Value.User is string user ? JsonConvert.ToString(user) : null).Secret(setting, argument.Value.Password);
        }
    }
}
