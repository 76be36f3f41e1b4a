using System;
using System.Linq;
using System.Text;
using KeyManager.Providers.Authorities.Acme.Protocol;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities.Acme;

/// <summary>Problem documents as our errors: the authority's own words, and what to do.</summary>
internal static class AcmeErrors
{
    /// <summary>The error that an answer means, whose body nobody has read yet.</summary>
    public static KeyManagerException Explain(string authority, HttpAnswer answer, DateTimeOffset now) => Explain(authority, answer, ProblemDocument.Read(JsonReading.Parse(answer.Body)), now);

    /// <summary>The error that an answer means.</summary>
    /// <param name="authority">Title of the authority.</param>
    /// <param name="answer">Not a success.</param>
    /// <param name="problem">What it says; <c>null</c> when that is no problem document.</param>
    /// <param name="now">For dates in headers.</param>
    public static KeyManagerException Explain(string authority, HttpAnswer answer, ProblemDocument? problem, DateTimeOffset now)
    {
        DateTimeOffset? retryAfter = RetryAfter.Read(answer.First("Retry-After"), now);
        if (problem is null)
        {
            return Unreadable(authority, answer, retryAfter);
        }

        string said = $"{authority} refused: {problem}";
        switch (problem.Type)
        {
            case "rateLimited":
                return RateLimited(said, retryAfter);
            case "serverInternal":
                return new TransportException(ErrorIds.AuthorityUnavailable, $"{authority} failed: {problem}")
                {
                    IsTransient = true,
                    RetryAfter = retryAfter,
                    Remedy = "Run the command again later; it goes on where it was.",
                };
            case "rejectedIdentifier" or "unsupportedIdentifier":
                return new InvalidRequestException(ErrorIds.NameNotAllowed, said)
                {
                    Target = problem.Parts.Select(p => p.Identifier).FirstOrDefault(i => i is not null),
                    Remedy = "Leave the name out, or use an authority that issues for it.",
                };
            case "caa":
                return new AuthorityException(ErrorIds.CaaForbids, said) { Remedy = "Add the authority to the CAA record of the domain; Get-KmAuthority shows what it has to name (CaaIdentities)." };
            case "invalidProfile":
                return new InvalidRequestException(ErrorIds.ProfileNotFound, said) { Remedy = "Get-KmAuthority -DirectoryUrl shows the authority's profiles; leave out -Profile for the usual one." };
            case "externalAccountRequired":
                return new CredentialException(ErrorIds.ExternalAccountRequired, said) { Remedy = "Get a key id and a key from the authority, and give them with -EabKeyId and -EabKey." };
            case "userActionRequired":
                string page = problem.Instance ?? TermsIn(answer) ?? "the authority's website";
                return new AuthorityException(ErrorIds.UserActionRequired, $"{said}. Page to visit: {page}") { Target = page, Remedy = $"Open {page}, do what it says, then run the command again." };
            case "accountDoesNotExist":
                return new CredentialException(ErrorIds.AccountNotFound, said) { Remedy = "The authority has no account with this key. Make one with New-KmAccount." };
            case "unauthorized" when problem.Detail?.IndexOf("deactivated", StringComparison.OrdinalIgnoreCase) >= 0:
                return new CredentialException(ErrorIds.AccountDeactivated, said) { Remedy = "The account was given up and can never be used again. Make a new one with New-KmAccount." };
            case "badPublicKey" or "badSignatureAlgorithm":
                return new CredentialException(ErrorIds.KeyTooWeak, said) { Remedy = "The authority takes other keys for accounts: New-KmAccount -Setting @{ AccountKey = 'RS256' }." };
            case "invalidContact" or "unsupportedContact":
                return new InvalidRequestException(ErrorIds.InvalidParameter, said) { Remedy = "Give an e-mail address that the authority accepts with -Contact." };
            case "badCSR":
                return new AuthorityException(ErrorIds.AuthorityRejected, said) { Remedy = "Order with another kind of key (-KeyAlgorithm, -KeyLength), or with a request that holds exactly the names of the order." };
            case "badRevocationReason":
                return new InvalidRequestException(ErrorIds.InvalidParameter, said) { Remedy = "Use -Reason Unspecified, KeyCompromise, Superseded, AffiliationChanged or CessationOfOperation, as the authority allows." };
            case "malformed" when answer.Status is 404 or 405:
                return new AuthorityException(ErrorIds.AuthorityRejected, said) { Remedy = "The authority no longer has it. Order again." };
            default:
                return answer.Status is 503 or 429 ? RateLimited(said, retryAfter) : new AuthorityException(ErrorIds.AuthorityRejected, said) { RetryAfter = retryAfter, Remedy = "Mend what it names, then run the command again." };
        }
    }

    /// <summary>An answer that is not what the protocol says.</summary>
    public static AuthorityException Unreadable(string authority, Uri url, string what) =>
        new(ErrorIds.AuthorityAnswerUnreadable, $"{authority} answered at {url.GetLeftPart(UriPartial.Path)} with something that is not ACME: {what}", new FormatException(what))
        {
            Target = url,
            Remedy = "Check the address (-DirectoryUrl) and whether a proxy answers in its place.",
        };

    private static KeyManagerException Unreadable(string authority, HttpAnswer answer, DateTimeOffset? retryAfter)
    {
        if (answer.Status is 429 or 503)
        {
            return RateLimited($"{authority} asks for fewer requests (HTTP {answer.Status}).", retryAfter);
        }

        if (answer.Status >= 500)
        {
            return new TransportException(ErrorIds.AuthorityUnavailable, $"{authority} failed with HTTP {answer.Status} at {answer.Url.GetLeftPart(UriPartial.Path)}.")
            {
                Target = answer.Url,
                IsTransient = true,
                RetryAfter = retryAfter,
                Remedy = "Run the command again later; it goes on where it was.",
            };
        }

        return Unreadable(authority, answer.Url, $"HTTP {answer.Status}{Excerpt(answer.Body)}");
    }

    private static RateLimitException RateLimited(string said, DateTimeOffset? retryAfter) =>
        new(ErrorIds.RateLimited, retryAfter is DateTimeOffset at ? FormattableString.Invariant($"{said} It wants to be asked again from {at:yyyy-MM-dd HH:mm:ss} UTC on.") : said)
        {
            IsTransient = true,
            RetryAfter = retryAfter,
            Remedy = "Wait until then; the command goes on where it was. Try things out with -Environment Staging.",
        };

    private static string? TermsIn(HttpAnswer answer) => HeaderValues.ReadLinks(answer.All("Link"), "terms-of-service", answer.Url).FirstOrDefault()?.ToString();

    /// <summary>The first words of a page, in one line: enough to recognise a proxy.</summary>
    private static string Excerpt(byte[] body)
    {
        string text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 400));
        string line = string.Join(" ", text.Split([' ', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? "" : $", '{(line.Length > 120 ? line.Substring(0, 120) + "…" : line)}'";
    }
}
