using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A name in an order: type "dns" or "ip", the value possibly with "*." before it.</summary>
public sealed record ServedIdentifier(string Type, string Value)
{
    public bool IsWildcard => Type == "dns" && Value.StartsWith("*.", System.StringComparison.Ordinal);

    /// <summary>The value without "*.".</summary>
    public string BaseValue => IsWildcard ? Value.Substring(2) : Value;

    internal Dictionary<string, object?> ToJson(bool asBase = false) => new() { ["type"] = Type, ["value"] = asBase ? BaseValue : Value };
}
