using System;
using System.Globalization;
using System.Text;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>A token that opens the management of Azure until it ends. It has no text, so that it does not get into a message.</summary>
internal sealed class AccessToken(string value, DateTimeOffset end)
{
    private static readonly TimeSpan Unsaid = TimeSpan.FromMinutes(5);

    /// <summary>What goes behind "Bearer".</summary>
    public string Value { get; } = value;

    /// <summary>When it ends.</summary>
    public DateTimeOffset End { get; } = end;

    /// <summary>Reads the answer of any of the places that give tokens. They write numbers as numbers or as text, and one of them an old date.</summary>
    /// <exception cref="FormatException">No token, or one of another kind.</exception>
    public static AccessToken Read(JToken answer, DateTimeOffset now)
    {
        string? value = (string?)answer["access_token"];
        string type = (string?)answer["token_type"] ?? "Bearer";
        return string.IsNullOrWhiteSpace(value) || !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? throw new FormatException("There is no bearer token in it.")
            : new AccessToken(value!, Moment((string?)answer["expires_on"]) ?? now + (Seconds((string?)answer["expires_in"]) ?? Unsaid));
    }

    /// <summary>Reads what stands in a token itself: for what it is, and until when. <c>null</c> when it is no JWT (RFC 7519).</summary>
    public static (AccessToken Token, string Audience)? TryDecode(string text)
    {
        string[] parts = text.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            JToken claims = JToken.Parse(Encoding.UTF8.GetString(Base64Url.Decode(parts[1])));
            return Seconds((string?)claims["exp"]) is TimeSpan end && (string?)claims["aud"] is string audience
                ? (new AccessToken(text, DateTimeOffset.FromUnixTimeSeconds((long)end.TotalSeconds)), audience)
                : null;
        }
        catch (Exception error) when (error is FormatException or JsonException or ArgumentException or InvalidOperationException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    private static TimeSpan? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= uint.MaxValue ? TimeSpan.FromSeconds(seconds) : null;

    private static DateTimeOffset? Moment(string? text) => Seconds(text) is TimeSpan sinceEpoch
        ? DateTimeOffset.FromUnixTimeSeconds((long)sinceEpoch.TotalSeconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment) ? moment : null;
}
