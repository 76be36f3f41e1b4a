using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services;

/// <summary>
/// Asks a DNS service over HTTP for one account. Waits and asks again where the service asks for it or is in trouble for a moment; the changes of
/// <see cref="IDnsProvider"/> may be made twice, so a broken connection is tried again too.
/// </summary>
/// <param name="context">The account.</param>
/// <param name="channel">The connections.</param>
/// <param name="clock">For waiting.</param>
internal sealed class ServiceClient(DnsContext context, HttpChannel channel, Clock clock)
{
    /// <summary>How often something is asked at most.</summary>
    public const int Tries = 5;

    private const int MaximumDepth = 32;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait that is reasonable while somebody sits before it; a service that asks for more gets an error with the date.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Asks, and answers whatever comes that is not "later".</summary>
    /// <param name="question">Makes the question, anew for each try: a signature holds the time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="isThrottled">What beside status 429 means "later", such as a 400 with a code of its own; <c>null</c> for nothing else.</param>
    /// <param name="pause">How long the service asks to wait, where it says so elsewhere than in Retry-After; <c>null</c> where it does not.</param>
    /// <exception cref="RateLimitException">KmRateLimited: it still said "later" after <see cref="Tries"/>, or asks for more patience than <see cref="LongestPause"/>.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable, KmDnsNotTrusted; KmDnsUnavailable: status 408 or 500 to 599 each time.</exception>
    public async Task<HttpAnswer> SendAsync(
        Func<HttpQuestion> question, CancellationToken cancellationToken, Func<HttpAnswer, bool>? isThrottled = null, Func<HttpAnswer, TimeSpan?>? pause = null)
    {
        TimeSpan ownPause = FirstPause;
        for (int attempt = 1; ; attempt++, ownPause += ownPause)
        {
            HttpAnswer answer;
            try
            {
                HttpQuestion sent = question();
                answer = await channel.SendAsync(sent, cancellationToken).ConfigureAwait(false);
                context.Reporter.Verbose($"{sent.Method} {answer.Url.GetLeftPart(UriPartial.Path)}: {answer.Status.ToString(CultureInfo.InvariantCulture)}");
            }
            catch (TransportException error) when (error.IsTransient && attempt < Tries)
            {
                await clock.DelayAsync(ownPause, cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch (TransportException error)
            {
                throw new TransportException(error.ErrorId, $"For the DNS account {context.Account}: {error.Message}", error.InnerException)
                {
                    Target = context.Account.Name,
                    IsTransient = error.IsTransient,
                    WasNeverSent = error.WasNeverSent,
                    Remedy = error.Remedy,
                };
            }

            bool throttled = answer.Status == 429 || isThrottled?.Invoke(answer) == true;
            if (!throttled && answer.Status < 500 && answer.Status != 408)
            {
                return answer;
            }

            DateTimeOffset now = clock.UtcNow;
            DateTimeOffset? wanted = pause?.Invoke(answer) is TimeSpan asked ? now + asked : RetryAfter.Read(answer.First("Retry-After"), now);
            TimeSpan wait = wanted is DateTimeOffset date && date - now > ownPause ? date - now : ownPause;
            if (attempt == Tries || wait > LongestPause)
            {
                throw throttled ? Throttled(wanted) : Unavailable(answer, wanted);
            }

            context.Reporter.Verbose($"{channel.Service} asks to wait {wait.TotalSeconds:0.#} s.");
            await clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a JSON answer. A member of another kind than the documents say is one error, whatever the reader throws.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="read">Takes out what is needed. Dates are text.</param>
    /// <exception cref="ChallengeException">KmDnsAnswerUnreadable.</exception>
    public T Read<T>(HttpAnswer answer, Func<JToken, T> read)
    {
        try
        {
            using JsonTextReader reader = new(new StringReader(Encoding.UTF8.GetString(answer.Body))) { DateParseHandling = DateParseHandling.None, MaxDepth = MaximumDepth };
            return reader.Read() ? read(JToken.Load(reader)) : throw ServiceErrors.Unreadable(context, answer.Url, answer.Status, "it is empty");
        }
        catch (Exception error) when (error is JsonException or InvalidCastException or FormatException or ArgumentException or OverflowException or InvalidOperationException)
        {
            throw ServiceErrors.Unreadable(context, answer.Url, answer.Status, "it is not the JSON that was expected", error);
        }
    }

    /// <summary>The JSON of an answer that may be none, such as an error page; <c>null</c> when it is none.</summary>
    public static JToken? TryRead(HttpAnswer answer)
    {
        try
        {
            using JsonTextReader reader = new(new StringReader(Encoding.UTF8.GetString(answer.Body))) { DateParseHandling = DateParseHandling.None, MaxDepth = MaximumDepth };
            return reader.Read() ? JToken.Load(reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private RateLimitException Throttled(DateTimeOffset? until) =>
        new(ErrorIds.RateLimited, $"{channel.Service} takes no more requests of the DNS account {context.Account} for now{(until is DateTimeOffset u ? $", until {u.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC" : "")}.")
        {
            Target = context.Account.Name,
            RetryAfter = until,
            IsTransient = true,
            Remedy = "Run the command again later; nothing is lost.",
        };

    private TransportException Unavailable(HttpAnswer answer, DateTimeOffset? until) =>
        new(ErrorIds.DnsUnavailable, $"For the DNS account {context.Account}: {channel.Service} is in trouble: it answered {answer.Url.GetLeftPart(UriPartial.Path)} with status {answer.Status}, {Tries} times.")
        {
            Target = context.Account.Name,
            RetryAfter = until,
            IsTransient = true,
            Remedy = "Look at the status page of the service and run the command again later; nothing is lost.",
        };
}
