using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>
/// Reads what servers send. Only what is needed has to be there: a member of another type than expected counts as missing, because servers are
/// various and orders are not lost over a date.
/// </summary>
internal static class JsonReading
{
    private const int MaximumDepth = 32;

    /// <summary>The object in the body; <c>null</c> when it is empty or no JSON object.</summary>
    public static JObject? Parse(byte[] body)
    {
        try
        {
            using JsonTextReader reader = new(new StringReader(Encoding.UTF8.GetString(body))) { DateParseHandling = DateParseHandling.None, MaxDepth = MaximumDepth };
            return reader.Read() ? JToken.Load(reader) as JObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string? Text(this JObject json, string name) => json[name] is JValue { Type: JTokenType.String, Value: string text } ? text : null;

    public static bool Flag(this JObject json, string name) => json[name] is JValue { Type: JTokenType.Boolean, Value: true };

    public static JObject? Object(this JObject json, string name) => json[name] as JObject;

    public static IReadOnlyList<string> Texts(this JObject json, string name) =>
        json[name] is JArray array ? [.. array.OfType<JValue>().Select(v => v.Value as string).Where(t => !string.IsNullOrEmpty(t)).Select(t => t!)] : [];

    public static IReadOnlyList<JObject> Objects(this JObject json, string name) => json[name] is JArray array ? [.. array.OfType<JObject>()] : [];

    /// <summary>RFC 3339; <c>null</c> when it is missing or no date.</summary>
    public static DateTimeOffset? Time(this JObject json, string name) =>
        DateTimeOffset.TryParse(json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;

    /// <summary>An address, absolute or relative to where it was read.</summary>
    public static Uri? Url(this JObject json, string name, Uri from) => ToUrl(json.Text(name), from);

    public static IReadOnlyList<Uri> Urls(this JObject json, string name, Uri from) => [.. json.Texts(name).Select(t => ToUrl(t, from)).Where(u => u is not null).Select(u => u!)];

    /// <summary>The address; <c>null</c> for what is none on http or https.</summary>
    public static Uri? ToUrl(string? text, Uri from) =>
        !string.IsNullOrWhiteSpace(text) && Uri.TryCreate(from, text!.Trim(), out Uri? url) && url.Scheme is "http" or "https" ? url : null;
}
