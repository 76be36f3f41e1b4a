using System;
using System.Text.RegularExpressions;

namespace KeyManager.PowerShell;

/// <summary>
/// Takes from foreign text what looks like a secret. Our own messages are written without any; this is for the messages of
/// exceptions that nobody expected.
/// </summary>
internal static class SafeText
{
    private const string Hidden = "***";
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    private static readonly (Regex Pattern, string Replacement)[] Rules =
    [
        (Rule(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)", RegexOptions.Singleline), Hidden),
        (Rule(@"(?<=://)[^/\s@]+@"), Hidden + "@"),
        (Rule(@"(?<=\?)[^\s'""]+"), Hidden),
        (Rule(@"(?<=\b(?:bearer|basic|token|key|secret|password|pwd|authorization)\b[""']?\s*[:= ]\s*[""']?)[^\s""',;]{4,}"), Hidden),
        (Rule(@"[A-Za-z0-9+/_=-]{40,}"), Hidden),
    ];

    public static string Of(string? text)
    {
        string result = text ?? "";
        try
        {
            foreach ((Regex pattern, string replacement) in Rules)
            {
                result = pattern.Replace(result, replacement);
            }

            return result;
        }
        catch (RegexMatchTimeoutException)
        {
            return Hidden;
        }
    }

    private static Regex Rule(string pattern, RegexOptions options = RegexOptions.None) =>
        new(pattern, options | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Limit);
}
