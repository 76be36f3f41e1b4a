using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities;

/// <summary>
/// Reads what services send. Letter case of members does not matter, numbers and flags may come as text and text as numbers, and a member of another type than that counts as
/// missing.
/// </summary>
internal static class ApiJson
{
    private const int MaximumDepth = 32;

    /// <exception cref="FormatException">It is no JSON, or not all of it came.</exception>
    public static JToken Parse(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');

        // Old servers encode the whole answer as if it stood in an address.
        text = text.StartsWith("%7B", StringComparison.OrdinalIgnoreCase) || text.StartsWith("%5B", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(text) : text;
        if (text.Length == 0 || text[0] is not ('{' or '['))
        {
            throw new FormatException(text.Length == 0 ? "the answer is empty" : $"the answer is no JSON: '{Excerpt(text)}'");
        }

        try
        {
            using JsonTextReader reader = new(new StringReader(text)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Decimal, MaxDepth = MaximumDepth };
            return JToken.ReadFrom(reader);
        }
        catch (JsonException error)
        {
            throw new FormatException("the answer is JSON that breaks off or is wrong", error);
        }
    }

    public static JToken? Member(this JObject json, string name) => json.TryGetValue(name, StringComparison.OrdinalIgnoreCase, out JToken? value) && value.Type != JTokenType.Null ? value : null;

    public static JObject? Object(this JObject json, string name) => json.Member(name) as JObject;

    /// <summary>Text, or a number as text; <c>null</c> when it is missing or blank.</summary>
    public static string? Text(this JObject json, string name) =>
        json.Member(name) is JValue { Value: { } value } && Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    /// <summary>Text as it stands, blanks included, such as a password; <c>null</c> when it is missing or of another type.</summary>
    public static string? Exact(this JObject json, string name) => (json.Member(name) as JValue)?.Value as string;

    public static bool Flag(this JObject json, string name) => json.FlagOrNull(name) == true;

    public static bool? FlagOrNull(this JObject json, string name) => json.Text(name)?.ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" => true,
        "FALSE" or "0" or "NO" => false,
        _ => null,
    };

    public static int? Number(this JObject json, string name) =>
        decimal.TryParse(json.Text(name), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static decimal? Amount(this JObject json, string name) => decimal.TryParse(json.Text(name), NumberStyles.Number, CultureInfo.InvariantCulture, out decimal amount) ? amount : null;

    public static IReadOnlyList<JObject> Objects(this JObject json, string name) => json.Member(name) switch
    {
        JArray array => [.. array.OfType<JObject>()],
        JObject single => [single],
        _ => [],
    };

    /// <summary>A list of texts, or one text with commas between them.</summary>
    public static IReadOnlyList<string> Texts(this JObject json, string name) => json.Member(name) switch
    {
        JArray array => [.. array.OfType<JValue>().Select(v => Convert.ToString(v.Value, CultureInfo.InvariantCulture)?.Trim() ?? "").Where(t => t.Length > 0)],
        JValue { Value: string text } => [.. text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries).Select(t => t.Trim()).Where(t => t.Length > 0)],
        _ => [],
    };

    private static string Excerpt(string text)
    {
        string line = string.Join(" ", text.Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 120 ? line.Substring(0, 120) + "…" : line;
    }
}
