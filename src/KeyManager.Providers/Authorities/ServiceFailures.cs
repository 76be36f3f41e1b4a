using System;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Authorities;

/// <summary>What a service means that does not answer as its interface does.</summary>
internal static class ServiceFailures
{
    /// <summary>The error that a status other than 200 means.</summary>
    /// <param name="title">What the service is called.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="now">For Retry-After.</param>
    public static KeyManagerException Explain(string title, HttpAnswer answer, DateTimeOffset now)
    {
        DateTimeOffset? retryAfter = RetryAfter.Read(answer.First("Retry-After"), now);
        string place = answer.Url.GetLeftPart(UriPartial.Path);
        return answer.Status switch
        {
            429 => new RateLimitException(ErrorIds.RateLimited, $"{title} asks for fewer requests (HTTP 429).") { IsTransient = true, RetryAfter = retryAfter, Remedy = "Wait, then run the command again; it goes on where it was." },
            407 => new TransportException(ErrorIds.AuthorityUnreachable, $"{title} cannot be reached at {place}: the proxy wants a user and a password (HTTP 407).")
            {
                Target = answer.Url,
                WasNeverSent = true,
                Remedy = "Set-KmAccount -Proxy names another proxy.",
            },
            >= 500 => new TransportException(ErrorIds.AuthorityUnavailable, $"{title} failed with HTTP {answer.Status} at {place}.")
            {
                Target = answer.Url,
                IsTransient = true,
                RetryAfter = retryAfter,
                Remedy = "Run the command again later; it asks first what became of the request.",
            },
            _ => Unreadable(title, answer.Url, new FormatException(answer.Status is >= 300 and <= 399
                ? $"HTTP {answer.Status}, a redirect to {answer.First("Location") ?? "nowhere"}; credentials are not sent anywhere else"
                : $"HTTP {answer.Status}")),
        };
    }

    /// <summary>An answer that is not of the interface, or not all of one.</summary>
    public static AuthorityException Unreadable(string title, Uri url, FormatException problem) =>
        new(ErrorIds.AuthorityAnswerUnreadable, $"{title} answered at {url.GetLeftPart(UriPartial.Path)} with something that is not its API: {problem.Message}.", problem)
        {
            Target = url,
            Remedy = "Check the address (-BaseUrl) and whether a proxy answers in its place, then run the command again; it asks first what became of the request.",
        };
}
