using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>The members of a JSON object, each of the type it must have and none that the object does not have.</summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, object?> _members;
    private readonly string _what;

    private JsonMembers(Dictionary<string, object?> members, string what)
    {
        _members = members;
        _what = what;
    }

    public static JsonMembers Parse(byte[] utf8, string what, params string[] allowed)
    {
        try
        {
            return Of(StrictJson.Parse(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8)), what, allowed);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw ServerProblem.Malformed($"The {what} is {error.Message}.");
        }
    }

    public static JsonMembers Of(object? value, string what, params string[] allowed)
    {
        Dictionary<string, object?> members = value as Dictionary<string, object?> ?? throw ServerProblem.Malformed($"The {what} is not a JSON object.");
        string? stranger = members.Keys.FirstOrDefault(name => !allowed.Contains(name));
        return stranger is null ? new JsonMembers(members, what) : throw ServerProblem.Malformed($"The {what} has no member '{stranger}'.");
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public object? Value(string name) => _members.TryGetValue(name, out object? value) ? value : throw ServerProblem.Malformed($"The {_what} lacks '{name}'.");

    public string Text(string name) => Value(name) as string ?? throw Wrong(name, "a string");

    public string? OptionalText(string name) => Has(name) ? Text(name) : null;

    public bool Flag(string name) => Has(name) && (Value(name) as bool? ?? throw Wrong(name, "true or false"));

    public long? Number(string name) => Has(name) ? Value(name) as long? ?? throw Wrong(name, "a whole number") : null;

    public IReadOnlyList<object?> List(string name) => Value(name) as List<object?> ?? throw Wrong(name, "an array");

    public IReadOnlyList<string> Texts(string name) => [.. List(name).Select(item => item as string ?? throw Wrong(name, "an array of strings"))];

    public byte[] Bytes(string name)
    {
        try
        {
            return Base64Url.Decode(Text(name));
        }
        catch (FormatException error)
        {
            throw ServerProblem.Malformed($"'{name}' of the {_what} is {error.Message}.");
        }
    }

    private ServerProblem Wrong(string name, string expected) => ServerProblem.Malformed($"'{name}' of the {_what} is not {expected}.");
}
