using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>Signs a request: an HMAC-SHA1 over its date and nothing else, so whoever sees the three headers can ask anything until the date is too old.</summary>
internal static class DnsMadeEasySigner
{
    /// <summary>The three headers for a request that goes out now.</summary>
    public static IReadOnlyList<(string Name, string Value)> Headers(string apiKey, string secretKey, DateTimeOffset now)
    {
        string date = now.UtcDateTime.ToString("r", CultureInfo.InvariantCulture); // one text for both: over a second's border two would differ
        return [("x-dnsme-apiKey", apiKey), ("x-dnsme-requestDate", date), ("x-dnsme-hmac", Sign(secretKey, date))];
    }

    /// <summary>The signature of a date: 40 hexadecimal digits in lower case.</summary>
    /// <param name="secretKey">The key as it is shown; its letters are the octets.</param>
    /// <param name="date">The date exactly as it stands in the header.</param>
    public static string Sign(string secretKey, string date)
    {
        byte[] key = Encoding.UTF8.GetBytes(secretKey);
        try
        {
#pragma warning disable CA5350 // the service knows no other; for an HMAC SHA-1 still holds
            using HMACSHA1 hmac = new(key);
#pragma warning restore CA5350
            return string.Concat(hmac.ComputeHash(Encoding.ASCII.GetBytes(date)).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }
    }
}
