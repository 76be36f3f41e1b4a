using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Names as Route 53 writes them: a final dot, and three octal digits behind a backslash for what is no letter, digit, hyphen or underscore.</summary>
internal static class RecordNames
{
    /// <summary>The name in lower case without a final dot, escapes undone.</summary>
    public static string Decode(string name)
    {
        StringBuilder decoded = new(name.Length);
        for (int i = 0; i < name.Length; i++)
        {
            if (Octal.TryRead(name, i, out byte octet))
            {
                decoded.Append((char)octet);
                i += Octal.Length - 1;
            }
            else
            {
                decoded.Append(name[i]);
            }
        }

        return ZoneMatch.Canonical(decoded.ToString());
    }

    /// <summary>
    /// True when Route 53 certainly lists a name before another one: names are in the order of their reversed labels. Whether an escaped character counts as itself or as it is
    /// written is not documented, so both have to agree.
    /// </summary>
    /// <param name="name">Lower case, A-labels, no final dot.</param>
    /// <param name="other">As Route 53 writes it.</param>
    public static bool IsBefore(string name, string other)
    {
        string reversed = Reverse(name);
        return string.CompareOrdinal(reversed, Reverse(ZoneMatch.Canonical(other))) < 0 && string.CompareOrdinal(reversed, Reverse(Decode(other))) < 0;
    }

    /// <summary>In the order in which Route 53 lists them.</summary>
    public static IOrderedEnumerable<T> Order<T>(IEnumerable<T> things, Func<T, string> name) => things.OrderBy(t => Reverse(name(t)), StringComparer.Ordinal);

    private static string Reverse(string name) => string.Concat(Enumerable.Reverse(name.Split('.')).Select(label => label + "."));
}
