using System;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>Writes a value so that PowerShell reads it back as one argument.</summary>
internal static class CompletionText
{
    /// <summary>The value, in single quotes where it needs them.</summary>
    public static string Quote(string value) =>
        value.Length > 0 && !value.StartsWith("-", StringComparison.Ordinal) && value.All(IsPlain)
            ? value
            : "'" + string.Concat(value.Select(c => IsSingleQuote(c) ? new string(c, 2) : c.ToString())) + "'";

    private static bool IsPlain(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '*' or '/' or ':' or '\\' or '+' or '=';

    // PowerShell takes typographic quotes for quotes.
    private static bool IsSingleQuote(char c) => c is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b';
}
