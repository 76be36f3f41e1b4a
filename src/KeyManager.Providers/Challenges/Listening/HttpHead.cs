using System;
using System.Globalization;
using System.Text;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>The little of HTTP/1 (RFC 9112) that a challenge needs: a request's head in, a whole answer out, no network.</summary>
internal static class HttpHead
{
    /// <summary>Octets of the longest head that is read.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>True when these octets hold a head with the empty line that ends it.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="length">How much of it.</param>
    public static bool IsComplete(byte[] bytes, int length)
    {
        // A lone line feed ends a line too (RFC 9112 §2.2).
        for (int i = 1; i < length; i++)
        {
            if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || (i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The answer to a complete head: a file that <paramref name="find"/> knows by exactly this path, else 404.</summary>
    public static byte[] Answer(byte[] bytes, int length, Func<string, byte[]?> find)
    {
        string text = Encoding.ASCII.GetString(bytes, 0, length);
        string[] words = text.Substring(0, text.IndexOf('\n')).TrimEnd('\r').Split(' ');
        if (words.Length != 3 || words[2] is not ("HTTP/1.0" or "HTTP/1.1"))
        {
            return Status("400 Bad Request");
        }

        bool isHead = words[0] == "HEAD";
        return (isHead || words[0] == "GET") && find(PathOf(words[1])) is byte[] content
            ? Whole("200 OK", "application/octet-stream", content, isHead) // the type that RFC 8555 §8.3 shows
            : Status("404 Not Found", isHead);
    }

    /// <summary>The answer to a head that does not end.</summary>
    public static byte[] TooLong() => Status("431 Request Header Fields Too Large");

    // A proxy may send the whole URL (RFC 9112 §3.2.2). Nothing is decoded: what stands there is a published path or it is not.
    private static string PathOf(string target)
    {
        const string Scheme = "http://";
        int path = target.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? target.IndexOf('/', Scheme.Length) : 0;
        return path < 0 ? "/" : target.Substring(path);
    }

    private static byte[] Status(string status, bool isHead = false) => Whole(status, "text/plain", Encoding.ASCII.GetBytes(status + "\n"), isHead);

    private static byte[] Whole(string status, string type, byte[] body, bool isHead)
    {
        byte[] head = Encoding.ASCII.GetBytes(string.Format(
            CultureInfo.InvariantCulture, "HTTP/1.1 {0}\r\nContent-Type: {1}\r\nContent-Length: {2}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n", status, type, body.Length));
        return isHead ? head : [.. head, .. body];
    }
}
