using System;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Escapes of a backslash and three octal digits.</summary>
internal static class Octal
{
    /// <summary>Characters of an escape.</summary>
    public const int Length = 4;

    public static bool TryRead(string text, int start, out byte octet)
    {
        octet = 0;
        if (start + Length > text.Length || text[start] != '\\' || text[start + 1] is < '0' or > '3' || text[start + 2] is < '0' or > '7' || text[start + 3] is < '0' or > '7')
        {
            return false;
        }

        octet = (byte)(((text[start + 1] - '0') << 6) | ((text[start + 2] - '0') << 3) | (text[start + 3] - '0'));
        return true;
    }

    public static string Write(byte octet) => "\\" + Convert.ToString(octet, 8).PadLeft(3, '0');
}
