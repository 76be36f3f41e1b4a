using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Providers.Keys;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>An order (RFC 8555 §7.1.3).</summary>
internal sealed record OrderResource
{
    public required Uri Url { get; init; }

    /// <summary>pending, ready, processing, valid or invalid; other words are kept as they come.</summary>
    public required string Status { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Values of the identifiers, as the server writes them.</summary>
    public IReadOnlyList<string> Identifiers { get; init; } = [];

    public IReadOnlyList<Uri> Authorizations { get; init; } = [];

    public Uri? Finalize { get; init; }

    public Uri? Certificate { get; init; }

    /// <summary>The profile that the server has chosen; <c>null</c> where it has none.</summary>
    public string? Profile { get; init; }

    public ProblemDocument? Error { get; init; }

    public DateTimeOffset? RetryAfter { get; init; }

    public static OrderResource Read(JObject json, Uri url, DateTimeOffset? retryAfter) => new()
    {
        Url = url,
        Status = json.Text("status") ?? "unknown",
        Expires = json.Time("expires"),
        Identifiers = [.. json.Objects("identifiers").Select(i => i.Text("value")).Where(v => v is not null).Select(v => v!)],
        Authorizations = json.Urls("authorizations", url),
        Finalize = json.Url("finalize", url),
        Certificate = json.Url("certificate", url),
        Profile = json.Text("profile"),
        Error = ProblemDocument.Read(json.Object("error")),
        RetryAfter = retryAfter,
    };

    /// <summary>newOrder (RFC 8555 §7.4), with a profile (draft-ietf-acme-profiles) and the certificate it replaces (RFC 9773 §5).</summary>
    public static JObject Request(IEnumerable<DomainName> names, DateTimeOffset? notAfter, string? profile, string? replaces)
    {
        JObject request = new() { ["identifiers"] = new JArray(names.Select(Identifier)) };
        if (notAfter is DateTimeOffset end)
        {
            request["notAfter"] = end.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        if (profile is not null)
        {
            request["profile"] = profile;
        }

        if (replaces is not null)
        {
            request["replaces"] = replaces;
        }

        return request;
    }

    /// <summary>RFC 8555 §7.4.</summary>
    public static JObject Finalization(byte[] csr) => new() { ["csr"] = Base64Url.Encode(csr) };

    /// <summary>RFC 8555 §7.1.4, RFC 8738 §3.</summary>
    private static JObject Identifier(DomainName name) =>
        new() { ["type"] = name.Kind == DomainNameKind.IpAddress ? "ip" : "dns", ["value"] = name.Ascii };
}
