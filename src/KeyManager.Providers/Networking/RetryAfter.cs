using System;
using System.Globalization;

namespace KeyManager.Providers.Networking;

/// <summary>The header that says when to ask again.</summary>
internal static class RetryAfter
{
    /// <summary>Either form (RFC 9110 §10.2.3): seconds, or a date; <c>null</c> when it is neither.</summary>
    public static DateTimeOffset? Read(string? value, DateTimeOffset now)
    {
        string text = (value ?? "").Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds))
        {
            return now + TimeSpan.FromSeconds(Math.Min(seconds, (long)TimeSpan.FromDays(366).TotalSeconds));
        }

        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
    }
}
