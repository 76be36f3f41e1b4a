using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>A password as the bytes that each scheme wants.</summary>
internal static class PasswordBytes
{
    /// <summary>UTF-8, for PBES2 (as OpenSSL 3, .NET and Java do) and all else outside PKCS#12 and Java.</summary>
    public static byte[] Utf8(string? password) => Encoding.UTF8.GetBytes(password ?? "");

    /// <summary>BMPString with two zero bytes behind it (RFC 7292 appendix B.1); no bytes at all for <c>null</c>, which some programs use for "none".</summary>
    public static byte[] Bmp(string? password) => password is null ? [] : Encoding.BigEndianUnicode.GetBytes(password + "\0");

    /// <summary>UTF-16 big endian, for Java's own keystore.</summary>
    public static byte[] Java(string password) => Encoding.BigEndianUnicode.GetBytes(password);
}
