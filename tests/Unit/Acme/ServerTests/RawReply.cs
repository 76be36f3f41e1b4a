using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>What came back, read with no more than regular expressions.</summary>
internal sealed record RawReply(int Status, IReadOnlyDictionary<string, string> Fields, string Body)
{
    /// <summary>The last part of the problem's type; empty when it is none.</summary>
    public string Problem => Fields.TryGetValue("Content-Type", out string? type) && type == "application/problem+json" ? Text("type").Split(':').Last() : "";

    public string Location => Fields["Location"];

    /// <summary>The first string member of a name.</summary>
    public string Text(string name) => Regex.Match(Body, $"\"{name}\": ?\"([^\"]*)\"").Groups[1].Value;

    public IReadOnlyList<string> Texts(string name) =>
        [.. Regex.Matches(Regex.Match(Body, $"\"{name}\": ?\\[([^\\]]*)\\]").Groups[1].Value, "\"([^\"]*)\"").Cast<Match>().Select(match => match.Groups[1].Value)];

    /// <summary>The address of the challenge of a type; empty when there is none.</summary>
    public string Challenge(string type) => Regex.Match(Body, $"\"type\": ?\"{type}\",\\s*\"url\": ?\"([^\"]*)\"").Groups[1].Value;

    public string Link(string relation) =>
        Fields.TryGetValue("Link", out string? links) ? Regex.Match(links, $"<([^>]*)>;rel=\"{relation}\"").Groups[1].Value : "";
}
