using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Renewal information and replacement (RFC 9773).</summary>
internal sealed class RenewalResources(ServerContext context)
{
    public HttpAnswer Get(string certId)
    {
        RequireForm(certId);
        ServedCertificate certificate = context.Certificates.FirstOrDefault(known => known.CertId == certId) ?? throw ServerProblem.NotFound();
        RenewalInfoAnswer kind = context.Oddities.RenewalInfo;
        HttpAnswer answer = kind switch
        {
            RenewalInfoAnswer.NotFound => throw ServerProblem.NotFound(),
            RenewalInfoAnswer.ServerError => throw ServerProblem.Refusal("serverInternal", "The clerk is out.", 500),
            RenewalInfoAnswer.Garbage => new HttpAnswer(200).With("Content-Type", "application/json").WithBody("{\"suggestedWindow\": {\"start\": "),
            RenewalInfoAnswer.NoWindow => HttpAnswer.Json(200, new Dictionary<string, object?>()),
            RenewalInfoAnswer.BadDates => Show("tomorrow", "2026-13-45T25:00:00Z"),
            _ => Show(certificate, kind),
        };
        return answer.With("Retry-After", context.Pace.Write(context.Policy.RenewalInfoRetryAfter, context.Now));
    }

    /// <summary>The certificate that a new order replaces (RFC 9773 §5).</summary>
    public ServedCertificate FindReplaceable(string certId, ServedAccount account, IReadOnlyList<ServedIdentifier> identifiers)
    {
        RequireForm(certId);
        ServedCertificate certificate = context.Certificates.FirstOrDefault(known => known.CertId == certId) ?? throw ServerProblem.NotFound();
        if (certificate.Order.Account != account)
        {
            throw ServerProblem.NotYours();
        }

        if (!certificate.Order.Identifiers.Intersect(identifiers).Any())
        {
            throw ServerProblem.Refusal("malformed", "The order shares no identifier with the certificate it replaces.");
        }

        return certificate.ReplacedBy is null or { Status: "invalid" }
            ? certificate
            : throw ServerProblem.Refusal("alreadyReplaced", "The certificate has a replacement.", 409);
    }

    private void RequireForm(string certId)
    {
        string[] parts = certId.Split('.');
        try
        {
            if (parts.Length == 2 && Base64Url.Decode(parts[0]).Length > 0 && IsSerial(Base64Url.Decode(parts[1])))
            {
                return;
            }
        }
        catch (FormatException)
        {
            // Said below.
        }

        throw ServerProblem.Malformed($"'{certId}' is not key identifier and serial number in base64url with a dot between.");
    }

    /// <summary>The octets of a positive INTEGER in DER: a leading zero exactly when it is needed.</summary>
    private static bool IsSerial(byte[] octets) => octets is [> 0 and < 0x80, ..] or [0, >= 0x80, ..];

    private HttpAnswer Show(ServedCertificate certificate, RenewalInfoAnswer kind)
    {
        (DateTimeOffset start, DateTimeOffset end) = Window(certificate);
        DateTimeOffset now = context.Now;
        (start, end) = kind switch
        {
            RenewalInfoAnswer.WindowInThePast => (now.AddDays(-3), now.AddDays(-1)),
            RenewalInfoAnswer.FarFuture => (now.AddYears(10), now.AddYears(10).AddDays(2)),
            RenewalInfoAnswer.EndBeforeStart => (end, start),
            RenewalInfoAnswer.EmptyWindow => (start, start),
            _ => (start, end),
        };
        return Show(ServerContext.Time(start), ServerContext.Time(end), kind == RenewalInfoAnswer.Explained ? "https://ca.example/why" : null);
    }

    private (DateTimeOffset Start, DateTimeOffset End) Window(ServedCertificate certificate)
    {
        if (certificate.SuggestedWindow is (DateTimeOffset, DateTimeOffset) suggested)
        {
            return suggested;
        }

        if (certificate.IsRevoked)
        {
            return (context.Now.AddHours(-2), context.Now.AddHours(-1));
        }

        // A fiftieth of the life, around two thirds of it.
        TimeSpan life = certificate.NotAfter - certificate.NotBefore;
        DateTimeOffset middle = certificate.NotBefore + TimeSpan.FromTicks(life.Ticks / 3 * 2);
        TimeSpan half = TimeSpan.FromTicks(life.Ticks / 100);
        return (middle - half, middle + half);
    }

    private static HttpAnswer Show(string start, string end, string? explanation = null)
    {
        Dictionary<string, object?> members = new() { ["suggestedWindow"] = new Dictionary<string, object?> { ["start"] = start, ["end"] = end } };
        if (explanation is not null)
        {
            members["explanationURL"] = explanation;
        }

        return HttpAnswer.Json(200, members);
    }
}
