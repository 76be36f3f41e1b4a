using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Dns;

/// <summary>An issuer with parameters, as CAA records and dns-persist-01 records write them (RFC 8659 §4.2): <c>ca.example; tag=value</c>.</summary>
/// <param name="Issuer">Name of the authority in lower case; empty for nobody.</param>
/// <param name="Parameters">The parameters in their order, tags in lower case.</param>
public sealed record IssueValue(string Issuer, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    /// <summary>Reads it; <c>null</c> for a text off the grammar.</summary>
    public static IssueValue? TryParse(string? text)
    {
        string[] parts = (text ?? "").Split(';');
        string issuer = parts[0].Trim(' ', '\t');
        List<KeyValuePair<string, string>> parameters = [];
        for (int i = 1; i < parts.Length; i++)
        {
            string part = parts[i].Trim(' ', '\t');
            if (part.Length == 0 && parts.Length == 2)
            {
                break; // ";" alone, or "ca.example;"
            }

            int equals = part.IndexOf('=');
            string tag = equals > 0 ? part.Substring(0, equals).TrimEnd(' ', '\t') : "";
            string value = equals > 0 ? part.Substring(equals + 1).TrimStart(' ', '\t') : "";
            if (tag.Length == 0 || !tag.All(c => IsLetterOrDigit(c) || c == '-') || value.Any(c => c is < '!' or > '~'))
            {
                return null;
            }

            parameters.Add(new KeyValuePair<string, string>(tag.ToLowerInvariant(), value));
        }

        return issuer.All(c => IsLetterOrDigit(c) || c is '-' or '.') ? new IssueValue(issuer.ToLowerInvariant(), parameters) : null;
    }

    /// <summary>The values of a parameter, in their order.</summary>
    public IReadOnlyList<string> Values(string tag) => [.. Parameters.Where(p => string.Equals(p.Key, tag, StringComparison.OrdinalIgnoreCase)).Select(p => p.Value)];

    public override string ToString() => string.Join("; ", Parameters.Select(p => $"{p.Key}={p.Value}").Prepend(Issuer));

    private static bool IsLetterOrDigit(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');
}
