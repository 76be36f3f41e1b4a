using System;
using System.Collections.Generic;
using System.Text;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Values as Route 53 writes them. A text is one or more strings in quotes of at most 255 octets each.</summary>
internal static class RecordValues
{
    private const int LongestString = 255;

    /// <summary>The value as it is sent.</summary>
    public static string Encode(DnsRecordType type, string value)
    {
        if (type == DnsRecordType.CName)
        {
            return value + ".";
        }

        byte[] octets = Encoding.UTF8.GetBytes(value);
        StringBuilder text = new("\"");
        for (int i = 0; i < octets.Length; i++)
        {
            if (i > 0 && i % LongestString == 0)
            {
                text.Append("\" \"");
            }

            text.Append(octets[i] switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                < 0x20 or > 0x7E => Octal.Write(octets[i]),
                _ => ((char)octets[i]).ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>Whether a value that is there is the one that is meant, whatever its quotes, escapes and strings. Texts differ by letter case, names do not.</summary>
    public static bool Means(DnsRecordType type, string stored, string value) =>
        type == DnsRecordType.CName ? RecordNames.Decode(stored) == ZoneMatch.Canonical(value) : DecodeText(stored) == value;

    /// <summary>The text that is meant. What stands outside of quotes, which Route 53 does not take, is taken as it is.</summary>
    public static string DecodeText(string stored)
    {
        List<byte> octets = [];
        bool isQuoted = false;
        for (int i = 0; i < stored.Length; i++)
        {
            char c = stored[i];
            if (Octal.TryRead(stored, i, out byte octet))
            {
                octets.Add(octet);
                i += Octal.Length - 1;
            }
            else if (c == '\\' && i + 1 < stored.Length)
            {
                octets.AddRange(Encoding.UTF8.GetBytes(stored[++i].ToString()));
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted || !char.IsWhiteSpace(c))
            {
                octets.AddRange(Encoding.UTF8.GetBytes(c.ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. octets]);
    }
}
