using System;
using System.Linq;
using System.Text.RegularExpressions;

namespace KeyManager.Providers.Moving;

/// <summary>Shows people a command of another program; one that may hold a secret by its program only.</summary>
internal static class CommandText
{
    private const int Longest = 160;

    private static readonly Regex s_telltale = new("pass|pwd|secret|token|key|auth|cred|bearer|^-{1,2}[up]|[=:@]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    private static readonly Regex s_path = new(@"^(/|\./|~/|[A-Za-z]:\\|\\\\)[^@=?]*$", RegexOptions.CultureInvariant);
    private static readonly Regex s_name = new("^[A-Za-z][A-Za-z0-9._-]{0,30}$", RegexOptions.CultureInvariant);

    /// <summary>The command in quotes, or as much of it as nobody needs to hide.</summary>
    public static string Show(string command)
    {
        string[] words = command.Split([' ', '\t', '\r', '\n', ';'], StringSplitOptions.RemoveEmptyEntries);
        if (command.Length <= Longest && words.Length > 0 && words.All(IsHarmless))
        {
            return $"'{string.Join(" ", command.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim()))}'";
        }

        return words.Length > 0 && (s_path.IsMatch(words[0]) || (s_name.IsMatch(words[0]) && IsHarmless(words[0]))) ? $"'{words[0]} ...'" : "a command";
    }

    // A random word is long and mixes digits with letters; paths may be as long as they like.
    private static bool IsHarmless(string word)
    {
        string bare = word.Trim('"', '\'');
        return s_path.IsMatch(bare) || (!s_telltale.IsMatch(bare) && (bare.Length < 12 || !bare.Any(char.IsDigit) || !bare.Any(char.IsLetter)));
    }
}
