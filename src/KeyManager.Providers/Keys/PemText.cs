using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>Reads PEM text, forgiving about what people paste: any line length, indentation, CR LF, UTF-16, text between the blocks.</summary>
internal static class PemText
{
    private const string Begin = "-----BEGIN ";
    private const string Dashes = "-----";

    /// <summary>True when there is the start of a block in it.</summary>
    public static bool IsIn(byte[] data) => Decode(data).IndexOf(Begin, StringComparison.Ordinal) >= 0;

    /// <summary>Every block, in the order of the text; none when the text holds none.</summary>
    /// <exception cref="UnusableBytesException">A block has no end, or is not base64.</exception>
    public static IReadOnlyList<PemBlock> Read(byte[] data)
    {
        string text = Decode(data);
        List<PemBlock> blocks = [];
        int position = text.IndexOf(Begin, StringComparison.Ordinal);
        while (position >= 0)
        {
            int labelStart = position + Begin.Length;
            int labelEnd = text.IndexOf(Dashes, labelStart, StringComparison.Ordinal);
            string label = labelEnd < 0 ? "" : text.Substring(labelStart, labelEnd - labelStart);
            int end = label.Length is 0 or > 64 || label.Any(c => c is < ' ' or > '~') ? -1 : text.IndexOf($"-----END {label}-----", labelEnd, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new UnusableBytesException(
                    null, "has a PEM block without its end", "Copy the whole text, from the line -----BEGIN …----- to the line -----END …-----.");
            }

            blocks.Add(ReadBlock(label, text.Substring(labelEnd + Dashes.Length, end - labelEnd - Dashes.Length)));
            position = text.IndexOf(Begin, end, StringComparison.Ordinal);
        }

        return blocks;
    }

    /// <summary>The text, by its byte order mark; without one every byte is a character, which is all that base64 needs.</summary>
    public static string Decode(byte[] data)
    {
        // Out-File and > of Windows PowerShell write UTF-16 by default, so certificates often arrive that way.
        if (data.Length >= 2 && data[0] == 0xFF && data[1] == 0xFE)
        {
            return Encoding.Unicode.GetString(data, 2, data.Length - 2);
        }

        if (data.Length >= 2 && data[0] == 0xFE && data[1] == 0xFF)
        {
            return Encoding.BigEndianUnicode.GetString(data, 2, data.Length - 2);
        }

        return Encoding.GetEncoding("ISO-8859-1").GetString(data);
    }

    private static PemBlock ReadBlock(string label, string body)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        StringBuilder base64 = new(body.Length);
        foreach (string line in body.Split('\n').Select(l => l.Trim()))
        {
            int colon = line.IndexOf(':');
            if (colon > 0)
            {
                headers[line.Substring(0, colon).Trim()] = line.Substring(colon + 1).Trim();
            }
            else
            {
                base64.Append(line);
            }
        }

        try
        {
            return new PemBlock(label, headers, Convert.FromBase64String(base64.ToString()));
        }
        catch (FormatException e)
        {
            throw new UnusableBytesException(null, $"has a {label} block that is not base64", "Copy the text again, without changing it.", e);
        }
    }
}
