using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Deployments;

/// <summary>Writes arguments so that they arrive as they are.</summary>
internal static class CommandLine
{
    /// <summary>For ProcessStartInfo.Arguments, which .NET takes apart by the rules of Windows on every system.</summary>
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    /// <summary>For a POSIX shell: one word, whatever is in it.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: no command line can hold a NUL.</exception>
    public static string ShellWord(string text) => text.IndexOf('\0') < 0
        ? "'" + text.Replace("'", "'\\''") + "'"
        : throw new InvalidRequestException(ErrorIds.InvalidParameter, "A command line cannot hold a NUL character.") { Target = text };

    private static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.All(c => c is not (' ' or '\t' or '\n' or '\v' or '"' or '\'' or '\\')))
        {
            return argument;
        }

        StringBuilder text = new("\"");
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '\\')
            {
                backslashes++;
                continue;
            }

            // Backslashes count double in front of a quote only.
            text.Append('\\', c == '"' ? (2 * backslashes) + 1 : backslashes).Append(c);
            backslashes = 0;
        }

        return text.Append('\\', 2 * backslashes).Append('"').ToString();
    }
}
