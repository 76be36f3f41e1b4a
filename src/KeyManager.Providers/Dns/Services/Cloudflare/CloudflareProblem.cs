using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>A no of Cloudflare: the codes of its errors and of what stands behind them, and its words.</summary>
internal sealed class CloudflareProblem
{
    private readonly HashSet<int> _codes = [];

    private CloudflareProblem(int status) => Status = status;

    public int Status { get; }

    /// <summary>Its words, with the codes.</summary>
    public string Said { get; private set; } = "";

    public bool Has(params int[] codes) => codes.Any(_codes.Contains);

    public bool Says(string words) => Said.IndexOf(words, StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>What is wrong; <c>null</c> when it went well. A DELETE may answer without <c>success</c>.</summary>
    public static CloudflareProblem? Read(HttpAnswer answer)
    {
        JObject? body = ServiceClient.TryRead(answer) as JObject;
        if (answer.IsSuccess && (body is null || body["success"] is not JValue { Value: false }))
        {
            return null; // whether the body can be read is for who needs it
        }

        CloudflareProblem problem = new(answer.Status);
        List<string> words = [];
        problem.Add(body?["errors"], words);
        if (words.Count == 0 && body is not null)
        {
            problem.AddOne(body["code"], body["error"] ?? body["message"], words); // some layers in front answer without the envelope
        }

        problem.Said = words.Count > 0 ? string.Join("; ", words.Distinct()) : $"status {answer.Status.ToString(CultureInfo.InvariantCulture)} without a reason";
        return problem;
    }

    private void Add(JToken? errors, List<string> words)
    {
        foreach (JObject error in (errors as JArray ?? []).OfType<JObject>())
        {
            AddOne(error["code"], error["message"], words);
            Add(error["error_chain"], words);
        }
    }

    private void AddOne(JToken? code, JToken? message, List<string> words)
    {
        bool isCode = int.TryParse((code as JValue)?.ToString(CultureInfo.InvariantCulture) ?? "", NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (isCode)
        {
            _codes.Add(number);
        }

        if ((message as JValue)?.ToString(CultureInfo.InvariantCulture) is { Length: > 0 } text)
        {
            string shown = text.Length > 300 ? text.Substring(0, 300) : text;
            words.Add(isCode ? $"{shown.TrimEnd('.')} ({number.ToString(CultureInfo.InvariantCulture)})" : shown);
        }
        else if (isCode)
        {
            words.Add($"error {number.ToString(CultureInfo.InvariantCulture)}");
        }
    }
}
