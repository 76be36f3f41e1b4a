using System;
using System.Globalization;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>Moments as the API writes them: in the form of a culture (en-US is asked for), as ISO 8601, or as "/Date(milliseconds)/". They are taken for UTC.</summary>
internal static class ApiDate
{
    private const string Head = "/Date(";

    private static readonly string[] American = ["M/d/yyyy h:mm:ss tt", "M/d/yyyy H:mm:ss", "M/d/yyyy h:mm tt", "M/d/yyyy"];

    private static readonly string[] British = ["d/M/yyyy h:mm:ss tt", "d/M/yyyy H:mm:ss", "d/M/yyyy"];

    private static readonly string[] Iso = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"];

    /// <summary>The moment; <c>null</c> for "", for a day of the year 1900 or before, which means "not set", and for what is no date.</summary>
    public static DateTimeOffset? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        string value = text!.Trim();
        if (value.StartsWith(Head, StringComparison.Ordinal))
        {
            string digits = new([.. value.Substring(Head.Length).TakeWhile((c, i) => char.IsDigit(c) || (i == 0 && c == '-'))]);
            return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long milliseconds) && Math.Abs(milliseconds) < 253_402_300_800_000
                ? Set(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds))
                : null;
        }

        foreach (string[] forms in new[] { American, British, Iso })
        {
            if (DateTimeOffset.TryParseExact(
                value, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces, out DateTimeOffset time))
            {
                return Set(time);
            }
        }

        return null;
    }

    /// <summary>The moment of a member; the twin in UTC counts where there is one. <c>null</c> when it is not set.</summary>
    public static DateTimeOffset? Time(this JObject json, string name) => Read(json.Text(name + "InUTC")) ?? Read(json.Text(name));

    /// <summary>The form that requests take.</summary>
    public static string Write(DateTimeOffset time) => FormattableString.Invariant($"/Date({time.ToUnixTimeMilliseconds()})/");

    private static DateTimeOffset? Set(DateTimeOffset time) => time.Year <= 1900 ? null : time;
}
