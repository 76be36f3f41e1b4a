using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Dns;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services;

/// <summary>The table of arguments that an account keeps for a script, secrets included, as long as a call needs it; disposing overwrites the secrets.</summary>
internal sealed class ScriptArguments : IDisposable
{
    private readonly List<byte[]> _secrets = [];

    /// <param name="context">The account.</param>
    /// <param name="table">Name of the setting.</param>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: an entry is no JSON.</exception>
    public ScriptArguments(DnsContext context, string table)
    {
        string start = table + ".";
        Dictionary<string, object> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, string> setting in context.Account.Settings.Where(s => s.Key.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
        {
            if (Read(setting.Key, setting.Value) is object value)
            {
                values[setting.Key.Substring(start.Length)] = value;
            }
        }

        foreach (string name in context.Account.Secrets.Where(s => s.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
        {
            byte[] secret = context.GetSecret(name) ?? [];
            _secrets.Add(secret);

            // A user name of the same entry makes it a credential.
            string entry = name.Substring(start.Length);
            values[entry] = new ScriptSecret(secret, values.TryGetValue(entry, out object? user) ? user as string : null);
        }

        Values = values;
    }

    public IReadOnlyDictionary<string, object> Values { get; }

    public void Dispose() => _secrets.ForEach(secret => Array.Clear(secret, 0, secret.Length));

    private static object? Read(string name, string json)
    {
        try
        {
            using JsonTextReader reader = new(new StringReader(json)) { DateParseHandling = DateParseHandling.None, MaxDepth = 32 };
            return reader.Read() ? Value(JToken.Load(reader)) : null;
        }
        catch (JsonException error)
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting {name} is no JSON.", error)
            {
                Target = name,
                Remedy = "Give the whole table with its own parameter, such as -PluginArgument @{ ... }.",
            };
        }
    }

    private static object? Value(JToken token) => token switch
    {
        JObject table => table.Properties().Where(p => p.Value.Type != JTokenType.Null).ToDictionary(p => p.Name, p => Value(p.Value)!),
        JArray list => list.Select(Value).ToArray(),
        JValue value => value.Value,
        _ => null,
    };
}
