using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>Turns what Cloudflare says into our errors.</summary>
internal static class CloudflareErrors
{
    /// <summary>The interface is closed for zones below .tk and a few like it.</summary>
    private const int FreeTopLevelDomain = 1038;

    private const string Rights = "Zone > Zone > Read and Zone > DNS > Edit";

    /// <summary>A no that may only mean: not with these credentials. The search for a zone goes on after it.</summary>
    public static bool IsNotOurs(CloudflareProblem problem) =>
        !IsUnknownToken(problem) && (problem.Has(9109, 10000, 1009) || IsListingForbidden(problem)) && problem.Status is 400 or 401 or 403 or 404;

    /// <summary>Records of another kind stand at the name. Older answers have a number that means other things too.</summary>
    public static bool IsOccupied(CloudflareProblem problem) => problem.Has(81053, 81054) || (problem.Has(1003) && problem.Says("CNAME record"));

    /// <summary>The error for a no. Cloudflare says "Authentication error" to a token that it does not know and to one that lacks a right, so the token itself is asked about.</summary>
    /// <param name="context">The account.</param>
    /// <param name="client">To ask about the token.</param>
    /// <param name="credential">Who asked.</param>
    /// <param name="problem">The no.</param>
    /// <param name="what">What was tried, such as "change records of the zone contoso.com".</param>
    /// <param name="zone">Name or id of the zone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<KeyManagerException> ExplainAsync(
        DnsContext context, CloudflareClient client, CloudflareCredential credential, CloudflareProblem problem, string what, string zone, CancellationToken cancellationToken)
    {
        if (problem.Status == 405)
        {
            return ServiceErrors.Refused(context, what, problem.Said, "Look whether the address (BaseUrl) is right. If it is, this is a defect: please report it.");
        }

        if (problem.Has(6003, 9103, 9106, 9107) || IsUnknownToken(problem))
        {
            return ServiceErrors.Rejected(context, problem.Said, Renew(credential));
        }

        if (problem.Has(7000, 7003))
        {
            return ServiceErrors.ZoneNotFound(context, zone, problem.Said);
        }

        if (IsListingForbidden(problem))
        {
            return ServiceErrors.RightMissing(
                context,
                "list zones",
                problem.Said,
                $"Give the token Zone > Zone > Read for the zone, or name the zone with -{CloudflareSettings.ZoneId} and -{CloudflareSettings.ZoneName}.");
        }

        if (!problem.Has(FreeTopLevelDomain) && (problem.Has(9109, 10000, 1009) || problem.Status is 401 or 403))
        {
            return await NotAllowedAsync(context, client, credential, problem, what, cancellationToken).ConfigureAwait(false);
        }

        string? remedy = problem.Has(9021) ? "Choose another TTL with -Ttl: 60 to 86400 seconds, 30 with an Enterprise plan, or 1 for Cloudflare's choice."
            : problem.Says("quota") ? "Remove records of the zone that nothing needs any more, or take a plan with more of them."
            : null;
        return ServiceErrors.Refused(context, what, problem.Said, remedy);
    }

    private static async Task<CredentialException> NotAllowedAsync(
        DnsContext context, CloudflareClient client, CloudflareCredential credential, CloudflareProblem problem, string what, CancellationToken cancellationToken)
    {
        string rights = $"Give the token {Rights} for the zone, and look at its filter of client addresses: dash.cloudflare.com, My Profile, API Tokens.";
        if (!credential.IsToken)
        {
            return problem.Has(10000) || problem.Status == 401
                ? ServiceErrors.Rejected(context, problem.Said, Renew(credential))
                : ServiceErrors.RightMissing(context, what, problem.Said, "The user of the Global API Key has to be a member of the account with the role DNS or Administrator.");
        }

        return await client.TokenStatusAsync(credential, cancellationToken).ConfigureAwait(false) switch
        {
            "active" => ServiceErrors.RightMissing(context, what, problem.Said, rights),
            string status => ServiceErrors.Rejected(context, $"the token is {status}. {problem.Said}", Renew(credential)),
            null => problem.Has(1009)
                ? ServiceErrors.RightMissing(context, what, problem.Said, rights)
                : ServiceErrors.Rejected(context, problem.Said, $"{Renew(credential)} Cloudflare answers so too when the token lacks a right: {Rights}."),
        };
    }

    private static bool IsUnknownToken(CloudflareProblem problem) => problem.Has(9109) && problem.Says("access token");

    private static bool IsListingForbidden(CloudflareProblem problem) => problem.Says("com.cloudflare.api.account.zone.list");

    private static string Renew(CloudflareCredential credential) => credential.IsToken
        ? "Compare it with dash.cloudflare.com, My Profile, API Tokens (or Manage Account, Account API Tokens): it has to be there, active and not over. "
            + $"A new one goes in with Set-KmDnsAccount -{credential.Setting}."
        : $"Compare e-mail address and Global API Key with dash.cloudflare.com, My Profile, API Tokens; better still, make a token. Either goes in with Set-KmDnsAccount.";
}
