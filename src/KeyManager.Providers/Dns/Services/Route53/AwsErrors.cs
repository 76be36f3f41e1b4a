using System;
using System.Globalization;
using KeyManager.Dns;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Turns what AWS refuses into our errors.</summary>
internal static class AwsErrors
{
    private const string LookAtKeys = "Look whether the key is complete, active and of this partition of AWS; Set-KmDnsAccount takes another.";

    /// <summary>The error for an answer that is no success.</summary>
    /// <param name="context">The account.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time here.</param>
    /// <param name="what">What was tried, such as "list the hosted zones".</param>
    /// <param name="right">The remedy when the right is missing.</param>
    /// <param name="zone">The zone it is about; <c>null</c> for none.</param>
    public static KeyManagerException Explain(DnsContext context, HttpAnswer answer, DateTimeOffset now, string what, string right, string? zone)
    {
        AwsError error = AwsError.Read(answer);
        if (error.IsOfTime)
        {
            return ServiceErrors.ClockWrong(context, now, Date(answer), error.Said);
        }

        switch (error.Code)
        {
            case "":
                return ServiceErrors.Unreadable(context, answer.Url, answer.Status, "it is not the XML that was expected");
            case "AccessDenied" or "AccessDeniedException":
                return ServiceErrors.RightMissing(context, what, error.Said, right);

            // Its words may hold what the server signed, and that holds the session token.
            case "SignatureDoesNotMatch" or "IncompleteSignature":
                return ServiceErrors.Rejected(context, $"{error.Code}: the signature is not the one of this access key", "Give the secret access key again: Set-KmDnsAccount. A piece may be missing, or it belongs to another key.");
            case "InvalidClientTokenId" or "UnrecognizedClientException":
                return ServiceErrors.Rejected(context, Said(error), LookAtKeys + " A temporary key needs its session token too.");
            case "MissingAuthenticationToken":
                return ServiceErrors.Rejected(context, Said(error), LookAtKeys);
            case "InvalidIdentityToken":
                return ServiceErrors.Rejected(context, Said(error), "Look whether the token is one that the identity provider of the role issues, for the audience sts.amazonaws.com.");
            case "ValidationError" or "IDPCommunicationError":
                return ServiceErrors.Rejected(context, Said(error), "Look at the role and how it is assumed: RoleArn, ExternalId, RoleSessionName, RoleDuration, and the identity provider that it trusts.");
            case "NoSuchHostedZone":
                return ServiceErrors.ZoneNotFound(context, zone ?? "", error.Said);
        }

        if (error.IsExpired)
        {
            return ServiceErrors.Rejected(context, Said(error), "Give a new temporary key (Set-KmDnsAccount), or have KeyManager get them by itself: a role, a profile or the instance.");
        }

        return answer.Status is 401 or 403
            ? ServiceErrors.Rejected(context, Said(error), LookAtKeys)
            : ServiceErrors.Refused(context, what, Said(error));
    }

    private static string Said(AwsError error) => error.Messages.Count == 0 ? error.Code : $"{error.Code}: {error.Said}";

    private static DateTimeOffset? Date(HttpAnswer answer) =>
        DateTimeOffset.TryParse(answer.First("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
}
