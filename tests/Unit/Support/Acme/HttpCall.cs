using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace KeyManager.Tests.Support.Acme;

/// <summary>One HTTP/1.1 request as it came.</summary>
internal sealed record HttpCall(string Method, string Target, IReadOnlyDictionary<string, string> Fields, byte[] Body)
{
    private const int MostOctets = 1024 * 1024;

    public string? Field(string name) => Fields.TryGetValue(name, out string? value) ? value : null;

    /// <summary>Reads the next request; null when the client has left.</summary>
    /// <param name="input">What the client sends, buffered.</param>
    /// <param name="output">Where "100 Continue" goes when the client waits for it, as .NET Framework's does.</param>
    public static HttpCall? Read(Stream input, Stream output)
    {
        string? first = Line(input);
        if (first is null)
        {
            return null;
        }

        string[] words = first.Split(' ');
        if (words.Length != 3 || !words[2].StartsWith("HTTP/", StringComparison.Ordinal))
        {
            throw new FormatException("It is not HTTP."); // another test looks what listens here
        }

        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        for (string? line = Line(input); !string.IsNullOrEmpty(line); line = Line(input))
        {
            int colon = line!.IndexOf(':');
            if (colon <= 0)
            {
                throw new FormatException($"'{line}' is no header field.");
            }

            string name = line.Substring(0, colon);
            string value = line.Substring(colon + 1).Trim();
            fields[name] = fields.TryGetValue(name, out string? earlier) ? earlier + ", " + value : value;
        }

        if (fields.TryGetValue("Expect", out string? expected) && expected == "100-continue")
        {
            byte[] goOn = Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n");
            output.Write(goOn, 0, goOn.Length);
        }

        return new HttpCall(words[0], words[1], fields, ReadBody(input, fields));
    }

    private static byte[] ReadBody(Stream input, Dictionary<string, string> fields)
    {
        using MemoryStream body = new();
        if (fields.TryGetValue("Transfer-Encoding", out string? coding) && coding == "chunked")
        {
            int size;
            do
            {
                size = int.Parse((Line(input) ?? "").Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                Copy(input, body, size);
                Line(input);
            }
            while (size > 0);
        }
        else if (fields.TryGetValue("Content-Length", out string? length))
        {
            Copy(input, body, int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return body.ToArray();
    }

    private static void Copy(Stream input, MemoryStream body, int size)
    {
        if (size + body.Length > MostOctets)
        {
            throw new IOException("More than any ACME message has.");
        }

        byte[] part = new byte[size];
        for (int read = 0; read < size;)
        {
            int more = input.Read(part, read, size - read);
            read += more > 0 ? more : throw new EndOfStreamException();
        }

        body.Write(part, 0, size);
    }

    private static string? Line(Stream input)
    {
        StringBuilder line = new();
        while (true)
        {
            int octet = input.ReadByte();
            if (octet < 0)
            {
                return line.Length == 0 ? null : throw new EndOfStreamException();
            }

            if (octet == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(line.Length < MostOctets ? (char)octet : throw new IOException("A line without an end."));
        }
    }
}
