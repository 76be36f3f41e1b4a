using System;
using KeyManager.Authorities;
using KeyManager.Providers.Keys;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.Acme.Protocol;

/// <summary>When the server wants a certificate renewed (RFC 9773 §4).</summary>
internal static class RenewalInfoResource
{
    /// <summary>RFC 9773 §4.3.2: without a word from the server, ask again after six hours.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromHours(6);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The name of a certificate in such requests (RFC 9773 §4.1); <c>null</c> when it has no authority key identifier.</summary>
    public static string? Identify(byte[] certificate)
    {
        (byte[]? issuerKey, byte[] serialNumber) = CertificateReader.ReadIssuance(certificate);
        return issuerKey is null ? null : Base64Url.Encode(issuerKey) + "." + Base64Url.Encode(serialNumber);
    }

    /// <summary>The window; <c>null</c> when what the server sent is none, such as one that ends before it begins.</summary>
    public static RenewalWindow? Read(JObject? json, DateTimeOffset? retryAfter, DateTimeOffset now)
    {
        JObject? window = json?.Object("suggestedWindow");
        if (window?.Time("start") is not DateTimeOffset start || window.Time("end") is not DateTimeOffset end || end <= start)
        {
            return null;
        }

        TimeSpan wait = retryAfter - now ?? Usual;
        return new RenewalWindow
        {
            Start = start,
            End = end,
            ExplanationUrl = json!.Text("explanationURL"),
            AskAgainAt = now + (wait < Shortest ? Shortest : wait > Longest ? Longest : wait),
        };
    }
}
