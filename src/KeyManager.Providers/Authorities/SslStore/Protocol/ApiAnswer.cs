using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore.Protocol;

/// <summary>An answer of the API, in any of its three shapes: the outcome in the member AuthResponse, at the root, or in the first of a list.</summary>
internal sealed class ApiAnswer
{
    private static readonly Regex CodeForm = new(@"ErrorCode:\s*(?<code>-?\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static readonly Regex MessageForm = new(@"ErrorCode:\s*-?\d+\s*\|?\s*(Message:)?\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private ApiAnswer(JObject? outcome, IReadOnlyList<JObject> items)
    {
        IsError = outcome?.Flag("isError") == true;
        string raw = outcome is null ? "" : string.Join(" ", Messages(outcome));
        Code = CodeForm.Match(raw) is { Success: true } match && int.TryParse(match.Groups["code"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code) ? code : null;
        Message = MessageForm.Replace(raw, "").Trim();
        ReplayToken = outcome?.Text("ReplayToken");
        Items = items;
    }

    /// <summary>True when the API says no.</summary>
    public bool IsError { get; }

    /// <summary>What it says, without its number; empty when it says nothing.</summary>
    public string Message { get; }

    /// <summary>The number of the error; <c>null</c> when there is none.</summary>
    public int? Code { get; }

    /// <summary>The token of the request, given back.</summary>
    public string? ReplayToken { get; }

    /// <summary>What was asked for: one object, or those of a list.</summary>
    public IReadOnlyList<JObject> Items { get; }

    /// <summary>The one object.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public JObject Item => Items.Count > 0 ? Items[0] : throw new FormatException("the answer is an empty list");

    /// <exception cref="FormatException">It is no JSON.</exception>
    public static ApiAnswer Read(byte[] body)
    {
        JToken root = ApiJson.Parse(body);
        if (root is JObject single)
        {
            return new ApiAnswer(single.Object("AuthResponse") ?? single, [single]);
        }

        // A list of one with an error in it is an error and no list.
        List<JObject> items = [.. root.Children<JObject>()];
        JObject? outcome = items.Count > 0 ? items[0].Object("AuthResponse") : null;
        return new ApiAnswer(outcome, outcome?.Flag("isError") == true ? [] : items);
    }

    private static IEnumerable<string> Messages(JObject outcome) => outcome.Member("Message") switch
    {
        JArray array => array.OfType<JValue>().Select(v => Convert.ToString(v.Value, CultureInfo.InvariantCulture) ?? "").Where(m => m.Length > 0),
        JValue value => [Convert.ToString(value.Value, CultureInfo.InvariantCulture) ?? ""],
        _ => [],
    };
}
