using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Moving.Certbot;

/// <summary>The form in which Certbot writes settings: "name = value" in sections and sections of sections, values in quotes where they need them, lists with commas.</summary>
internal sealed class ConfigObj
{
    private readonly Dictionary<string, Dictionary<string, string>> _sections = new(StringComparer.Ordinal) { [""] = new(StringComparer.Ordinal) };

    private ConfigObj()
    {
    }

    /// <exception cref="FormatException">A line is neither a section nor a setting. The message does not quote it: it may hold a secret.</exception>
    public static ConfigObj Parse(string text)
    {
        ConfigObj parsed = new();
        List<string> path = [];
        Dictionary<string, string> section = parsed._sections[""];
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[')
            {
                int depth = line.TakeWhile(c => c == '[').Count();
                string name = line.Trim('[', ']').Trim();
                if (depth > path.Count + 1 || name.Length == 0)
                {
                    throw Bad(number);
                }

                path = [.. path.Take(depth - 1), name];
                section = parsed._sections[string.Join("/", path)] = new(StringComparer.Ordinal);
                continue;
            }

            int equals = line.IndexOf('=');
            if (equals <= 0)
            {
                throw Bad(number);
            }

            section[line.Substring(0, equals).Trim().Trim('"', '\'')] = line.Substring(equals + 1).Trim();
        }

        return parsed;
    }

    /// <summary>The names in a section; none when there is no such section.</summary>
    public IReadOnlyCollection<string> Names(string section) => _sections.TryGetValue(section, out Dictionary<string, string>? found) ? found.Keys : [];

    public bool HasSection(string section) => _sections.ContainsKey(section);

    /// <summary>A value without its quotes; <c>null</c> when it is not there, is empty, or says None.</summary>
    public string? Text(string section, string name) => List(section, name).FirstOrDefault() is { Length: > 0 } text && text != "None" ? text : null;

    /// <summary>A value that is a list; a single one is a list of one.</summary>
    public IReadOnlyList<string> List(string section, string name)
    {
        if (!_sections.TryGetValue(section, out Dictionary<string, string>? found) || !found.TryGetValue(name, out string? value))
        {
            return [];
        }

        List<string> items = [];
        int at = 0;
        while (at < value.Length)
        {
            char first = value[at];
            if (first is '"' or '\'')
            {
                int end = value.IndexOf(first, at + 1);
                end = end < 0 ? value.Length : end;
                items.Add(value.Substring(at + 1, end - at - 1));
                int comma = end >= value.Length ? -1 : value.IndexOf(',', end);
                at = comma < 0 ? value.Length : comma + 1;
            }
            else
            {
                int end = value.IndexOf(',', at);
                int comment = value.IndexOf(" #", at, StringComparison.Ordinal);
                bool isLast = end < 0 || (comment >= 0 && comment < end);
                int stop = isLast ? comment < 0 ? value.Length : comment : end;
                string item = value.Substring(at, stop - at).Trim();
                if (item.Length > 0)
                {
                    items.Add(item);
                }

                at = isLast ? value.Length : end + 1;
            }

            while (at < value.Length && value[at] == ' ')
            {
                at++;
            }
        }

        return items;
    }

    private static FormatException Bad(int line) => new(FormattableString.Invariant($"Line {line} is neither a section nor a setting."));
}
