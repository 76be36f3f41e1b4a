using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>The content of a TXT record as Cloudflare writes it: quoted strings as in a zone file (RFC 1035 §5.1), or the plain text when whoever made it sent it so.</summary>
internal static class CloudflareText
{
    private const int LongestString = 255;

    /// <summary>Quoted strings of at most 255 octets, with a blank between them.</summary>
    public static string Quote(string value)
    {
        byte[] octets = Encoding.UTF8.GetBytes(value);
        StringBuilder text = new("\"");
        for (int i = 0; i < octets.Length; i++)
        {
            text.Append(i > 0 && i % LongestString == 0 ? "\" \"" : "").Append(octets[i] switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => @"\\",
                < (byte)' ' or > (byte)'~' => "\\" + octets[i].ToString("000", CultureInfo.InvariantCulture),
                _ => ((char)octets[i]).ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>The text that a content means.</summary>
    public static string Unquote(string content)
    {
        string text = content.Trim();
        if (!text.StartsWith("\"", StringComparison.Ordinal))
        {
            return text;
        }

        List<byte> octets = [];
        bool isInside = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                isInside = !isInside;
            }
            else if (isInside && text[i] == '\\' && i + 3 < text.Length && text.Skip(i + 1).Take(3).All(c => c is >= '0' and <= '9'))
            {
                octets.Add((byte)int.Parse(text.Substring(i + 1, 3), CultureInfo.InvariantCulture));
                i += 3;
            }
            else if (isInside)
            {
                i += text[i] == '\\' && i + 1 < text.Length ? 1 : 0;
                int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                octets.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }
}
