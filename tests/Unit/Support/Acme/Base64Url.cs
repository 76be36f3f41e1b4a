using System;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>RFC 4648 §5 without padding, as RFC 7515 wants it; one text for one value, so stray bits at the end are refused too.</summary>
internal static class Base64Url
{
    public static string Encode(byte[] data) => Convert.ToBase64String(data).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <exception cref="FormatException">It is not the one text of its value.</exception>
    public static byte[] Decode(string text)
    {
        bool isInAlphabet = text.All(c => c is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_');
        if (!isInAlphabet || text.Length % 4 == 1)
        {
            throw new FormatException("not base64url without padding and line breaks");
        }

        string padded = text.Replace('-', '+').Replace('_', '/') + new string('=', (4 - (text.Length % 4)) % 4);
        byte[] data = Convert.FromBase64String(padded);
        return Encode(data) == text ? data : throw new FormatException("not canonical base64url: bits are left over");
    }
}
