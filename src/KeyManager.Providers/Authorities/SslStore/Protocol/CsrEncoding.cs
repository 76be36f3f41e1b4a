using System;
using System.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>The ways in which the API has taken certificate requests over the years; its documents do not agree.</summary>
internal static class CsrEncoding
{
    public const string Auto = "Auto";
    public const string RawPem = "RawPem";
    public const string UrlEncodedPem = "UrlEncodedPem";
    public const string SingleLine = "SingleLine";

    private const int LineLength = 64;

    /// <summary>Those that are tried, in this order, when nothing says which.</summary>
    public static string[] Tried { get; } = [RawPem, UrlEncodedPem, SingleLine];

    public static string Write(byte[] csr, string encoding)
    {
        string content = Convert.ToBase64String(csr);
        string[] lines =
        [
            "-----BEGIN CERTIFICATE REQUEST-----",
            .. Enumerable.Range(0, (content.Length + LineLength - 1) / LineLength).Select(i => content.Substring(i * LineLength, Math.Min(LineLength, content.Length - (i * LineLength)))),
            "-----END CERTIFICATE REQUEST-----",
        ];
        string pem = string.Join("\n", lines) + "\n";
        return encoding switch
        {
            UrlEncodedPem => Uri.EscapeDataString(pem),
            SingleLine => string.Concat(lines),
            _ => pem,
        };
    }
}
