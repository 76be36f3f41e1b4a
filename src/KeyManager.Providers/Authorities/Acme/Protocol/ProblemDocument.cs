using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>What went wrong, in the server's words (RFC 7807, RFC 8555 §6.7).</summary>
internal sealed record ProblemDocument
{
    private const string Prefix = "urn:ietf:params:acme:error:";

    /// <summary>The type without its prefix, such as "badNonce"; the whole of one that is not ACME's.</summary>
    public required string Type { get; init; }

    public string? Detail { get; init; }

    /// <summary>userActionRequired: the page to visit.</summary>
    public string? Instance { get; init; }

    /// <summary>The name it is about, in a part of a problem.</summary>
    public string? Identifier { get; init; }

    /// <summary>One for each name (RFC 8555 §6.7.1).</summary>
    public IReadOnlyList<ProblemDocument> Parts { get; init; } = [];

    public static ProblemDocument? Read(JObject? json) => json is null || (json.Text("type") is null && json.Text("detail") is null)
        ? null
        : new ProblemDocument
        {
            Type = ShortType(json.Text("type") ?? "about:blank"),
            Detail = json.Text("detail") ?? json.Text("title"),
            Instance = json.Text("instance"),
            Identifier = json.Object("identifier")?.Text("value"),
            Parts = [.. json.Objects("subproblems").Select(Read).Where(p => p is not null).Select(p => p!)],
        };

    /// <summary>For people: the detail, and what it says for each name.</summary>
    public override string ToString()
    {
        string text = string.IsNullOrWhiteSpace(Detail) ? Type : $"{Detail!.Trim()} ({Type})";
        IEnumerable<string> parts = Parts.Select(p => (p.Identifier is null ? "" : p.Identifier + ": ") + p);
        return Parts.Count == 0 ? text : $"{text}: {string.Join("; ", parts)}";
    }

    private static string ShortType(string type) => type.StartsWith(Prefix, StringComparison.Ordinal) ? type.Substring(Prefix.Length) : type;
}
