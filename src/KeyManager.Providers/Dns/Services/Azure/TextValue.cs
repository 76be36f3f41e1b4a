using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// A text as Azure DNS holds it: strings of 255 characters at most, in which a backslash begins an escape as in master files (RFC 1035 §5.1), without quotes around them.
/// </summary>
internal static class TextValue
{
    private const int LongestString = 255;

    /// <summary>Writes a text. An escape is never cut in two.</summary>
    public static IReadOnlyList<string> Encode(string value)
    {
        List<string> strings = [];
        StringBuilder current = new();
        foreach (byte octet in Encoding.UTF8.GetBytes(value))
        {
            string written = octet switch
            {
                (byte)'\\' => @"\\",
                < 0x20 or > 0x7E => "\\" + octet.ToString("000", CultureInfo.InvariantCulture),
                _ => ((char)octet).ToString(),
            };
            if (current.Length + written.Length > LongestString)
            {
                strings.Add(current.ToString());
                current.Clear();
            }

            current.Append(written);
        }

        strings.Add(current.ToString());
        return strings;
    }

    /// <summary>True when the strings of a record say this, whole and with the same letter case.</summary>
    public static bool Says(IEnumerable<string> strings, string value) => strings.SelectMany(Decode).SequenceEqual(Encoding.UTF8.GetBytes(value));

    private static IEnumerable<byte> Decode(string written)
    {
        for (int i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\' || i + 1 == written.Length)
            {
                int length = char.IsHighSurrogate(written[i]) && i + 1 < written.Length ? 2 : 1;
                foreach (byte octet in Encoding.UTF8.GetBytes(written.Substring(i, length)))
                {
                    yield return octet;
                }

                i += length - 1;
            }
            else if (i + 3 < written.Length && byte.TryParse(written.Substring(i + 1, 3), NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
            {
                yield return octet;
                i += 3;
            }
            else
            {
                yield return (byte)written[++i];
            }
        }
    }
}
