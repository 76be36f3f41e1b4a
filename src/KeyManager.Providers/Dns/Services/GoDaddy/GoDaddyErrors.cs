using System;
using System.Linq;
using System.Text;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>
/// What GoDaddy says no with. The first interface answers <c>code</c>, <c>message</c> and <c>fields</c>, the third <c>name</c>, <c>message</c> and <c>details</c>, or what the first does.
/// </summary>
internal static class GoDaddyErrors
{
    private const string Duplicate = "DUPLICATE_RECORD";
    private const int LongestWords = 500;

    /// <summary>Whether it says that such a record is there, which it says of an alias in the way too.</summary>
    public static bool IsDuplicate(HttpAnswer answer) => answer.Status is 409 or 422 && ServiceClient.TryRead(answer) is JObject body
        && (Text(body, "code") == Duplicate || Text(body, "name") == Duplicate || Problems(body).Any(p => Text(p, "code") == Duplicate || Text(p, "issue") == Duplicate));

    /// <summary>Its own words.</summary>
    public static string Said(HttpAnswer answer)
    {
        StringBuilder said = new();
        if (ServiceClient.TryRead(answer) is JObject body)
        {
            Join(said, " ", Text(body, "code") ?? Text(body, "name"));
            Join(said, ": ", Text(body, "message"));
            foreach (JObject problem in Problems(body))
            {
                Join(said, "; ", Text(problem, "path") ?? Text(problem, "field"));
                Join(said, " ", Text(problem, "code") ?? Text(problem, "issue"));
                Join(said, " ", Text(problem, "message") ?? Text(problem, "description"));
            }
        }

        Join(said, " ", $"(status {answer.Status})");
        return said.Length <= LongestWords ? said.ToString() : said.ToString(0, LongestWords) + "...";
    }

    /// <summary>The error of an answer that is none of those that the caller expects.</summary>
    /// <param name="context">The account.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="zone">The zone it was about.</param>
    /// <param name="what">What was tried.</param>
    public static KeyManagerException Of(DnsContext context, HttpAnswer answer, string zone, string what) => answer.Status switch
    {
        401 => Rejected(context, answer),
        403 => NotEligible(context, what, Said(answer)),
        404 => ServiceErrors.ZoneNotFound(context, zone, Said(answer)),
        409 => ServiceErrors.Refused(
            context, what, Said(answer), "Look at the domain at GoDaddy: one that is locked, being transferred, expired, or served by other name servers takes no changes."),
        _ => ServiceErrors.Refused(context, what, Said(answer)),
    };

    /// <summary>KmDnsCredentialRejected.</summary>
    public static CredentialException Rejected(DnsContext context, HttpAnswer answer)
    {
        string system = GoDaddySettings.SystemOf(context);
        string remedy = GoDaddySettings.HasToken(context)
            ? "Look whether the token is whole and has not expired, and whether it has the scope domains.domain:read beside domains.dns:update."
            : "Look whether key and secret are whole and belong together. GoDaddy gives new customers no such pairs any more and retires the old ones: use a personal access token, -ApiToken.";
        return ServiceErrors.Rejected(
            context, Said(answer), $"{remedy} The account uses the {system} environment; credentials of the other one are refused in the same words: -Environment {(system == GoDaddySettings.Ote ? GoDaddySettings.Production : GoDaddySettings.Ote)}.");
    }

    /// <summary>KmDnsRightMissing: the credentials are good, and the account is too small for the interface, the domain is another's, or a scope is missing.</summary>
    public static CredentialException NotEligible(DnsContext context, string what, string said) => ServiceErrors.RightMissing(
        context,
        what,
        said,
        "The credentials are known, so it is one of three. The domain is in another account of GoDaddy. "
            + (GoDaddySettings.HasToken(context) ? "The token has not both scopes, domains.domain:read and domains.dns:update. " : "The domain is a customer's, and ShopperId is missing. ")
            + "Or the account is too small: GoDaddy opens its DNS interface to accounts with enough domains (since 2024: 10, or a plan of the Discount Domain Club; since 2026 one active domain may do). "
            + "Without the interface delegate the proof: set a CNAME at _acme-challenge once by hand, to a zone at another DNS service or at acme-dns, and make a DNS account for that (New-KmDnsAccount -Provider AcmeDns); "
            + "or publish one lasting record by hand, where the authority knows dns-persist-01.");

    private static void Join(StringBuilder said, string separator, string? text)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            said.Append(said.Length == 0 ? "" : separator).Append(text!.Trim()); // it is not white space, so not null
        }
    }

    private static JObject[] Problems(JObject body) => [.. new[] { body["fields"], body["details"] }.OfType<JArray>().SelectMany(problems => problems.OfType<JObject>())];

    private static string? Text(JObject owner, string name) => owner[name] is JValue { Type: JTokenType.String } value ? (string?)value : null;
}
