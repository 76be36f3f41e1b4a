using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>The proof of control of one name (RFC 8555 §7.1.4).</summary>
internal sealed record AuthorizationResource
{
    public required Uri Url { get; init; }

    /// <summary>pending, valid, invalid, deactivated, expired or revoked.</summary>
    public required string Status { get; init; }

    /// <summary>The name, without its wildcard label.</summary>
    public required string Identifier { get; init; }

    public bool IsWildcard { get; init; }

    public IReadOnlyList<ChallengeResource> Challenges { get; init; } = [];

    public static AuthorizationResource Read(JObject json, Uri url) => new()
    {
        Url = url,
        Status = json.Text("status") ?? "pending",
        Identifier = json.Object("identifier")?.Text("value") ?? "",
        IsWildcard = json.Flag("wildcard"),
        Challenges = [.. json.Objects("challenges").Select(c => ChallengeResource.Read(c, url))],
    };

    /// <summary>RFC 8555 §7.5.2.</summary>
    public static JObject Deactivation() => new() { ["status"] = "deactivated" };
}
