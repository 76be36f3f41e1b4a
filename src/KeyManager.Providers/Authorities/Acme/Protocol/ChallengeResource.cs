using System;
using System.Collections.Generic;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>One way to prove control of a name (RFC 8555 §7.1.5, §8).</summary>
internal sealed record ChallengeResource
{
    /// <summary>As the server writes it, such as "http-01"; also types that nobody here knows.</summary>
    public required string Type { get; init; }

    public Uri? Url { get; init; }

    /// <summary>pending, processing, valid or invalid.</summary>
    public required string Status { get; init; }

    public string? Token { get; init; }

    /// <summary>dns-persist-01: what the record names as issuer; the member was renamed in draft 02.</summary>
    public IReadOnlyList<string> IssuerDomainNames { get; init; } = [];

    /// <summary>dns-persist-01: what the record names as account.</summary>
    public string? AccountUrl { get; init; }

    public ProblemDocument? Error { get; init; }

    public static ChallengeResource Read(JObject json, Uri from) => new()
    {
        Type = json.Text("type") ?? "",
        Url = json.Url("url", from),
        Status = json.Text("status") ?? "pending",
        Token = json.Text("token"),
        IssuerDomainNames = json["issuerDomainNames"] is null ? json.Texts("issuer-domain-names") : json.Texts("issuerDomainNames"),
        AccountUrl = json.Text("accounturi"),
        Error = ProblemDocument.Read(json.Object("error")),
    };

    /// <summary>An empty object says that the proof is published (RFC 8555 §7.5.1).</summary>
    public static JObject Response() => [];
}
