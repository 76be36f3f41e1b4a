using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

/// <summary>PowerShell's wildcards: * ? [a-z], and the backtick that takes their meaning away.</summary>
public sealed class WildcardPattern
{
    private readonly Regex _regex;

    public WildcardPattern(string pattern)
        : this(pattern, WildcardOptions.None)
    {
    }

    public WildcardPattern(string pattern, WildcardOptions options)
    {
        RegexOptions regex = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        _regex = new Regex(ToRegex(pattern), options.HasFlag(WildcardOptions.IgnoreCase) ? regex | RegexOptions.IgnoreCase : regex);
    }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    public static bool ContainsWildcardCharacters(string pattern)
    {
        for (int i = 0; i < (pattern?.Length ?? 0); i++)
        {
            if (pattern[i] == '`')
            {
                i++;
            }
            else if ("*?[]".Contains(pattern[i]))
            {
                return true;
            }
        }

        return false;
    }

    public static string Escape(string pattern) => string.Concat(pattern.Select(c => "*?[]`".Contains(c) ? "`" + c : c.ToString()));

    public bool IsMatch(string input) => input is not null && _regex.IsMatch(input);

    private static string ToRegex(string pattern)
    {
        StringBuilder regex = new("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '`' && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else if (c == '[' && pattern.IndexOf(']', i) > i)
            {
                int end = pattern.IndexOf(']', i);
                regex.Append('[').Append(pattern.Substring(i + 1, end - i - 1).Replace("\\", "\\\\")).Append(']');
                i = end;
            }
            else
            {
                regex.Append(c switch { '*' => ".*", '?' => ".", _ => Regex.Escape(c.ToString()) });
            }
        }

        return regex.Append('$').ToString();
    }
}

[Flags]
public enum WildcardOptions
{
    None = 0,
    Compiled = 1,
    IgnoreCase = 2,
    CultureInvariant = 4,
}
