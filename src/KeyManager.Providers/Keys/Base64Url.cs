using System;

namespace KeyManager.Providers.Keys;

/// <summary>Base64 with the alphabet of URLs and without padding (RFC 7515 §2).</summary>
internal static class Base64Url
{
    public static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Reads it; padding and the plain alphabet are put up with, as people paste keys in either form.</summary>
    /// <exception cref="FormatException">Not base64.</exception>
    public static byte[] Decode(string text)
    {
        string plain = text.Trim().TrimEnd('=').Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(plain + new string('=', (4 - (plain.Length % 4)) % 4));
    }
}
