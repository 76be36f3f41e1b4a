using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>The interface V2.0 of DNS Made Easy for one account: signs each try anew, and turns what it says into our errors.</summary>
/// <param name="context">The account.</param>
/// <param name="channel">The connections.</param>
/// <param name="clock">For waiting, and for signatures.</param>
/// <param name="pace">What is left of the account's requests.</param>
/// <param name="zone">Whose records it is about; <c>null</c> while zones are looked for.</param>
internal sealed class DnsMadeEasyClient(DnsContext context, HttpChannel channel, Clock clock, DnsMadeEasyPace pace, HostedZone? zone = null)
{
    /// <summary>Further from the service's time than this a refusal is blamed on the clock. The service refuses from about half a minute on.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(25);

    private static readonly Regex Tags = new("<[^>]*>", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private readonly ServiceClient _service = new(context, channel, clock);

    private readonly Uri _url = DnsMadeEasySettings.Url(context);

    private readonly string _apiKey = Key(context, DnsMadeEasySettings.ApiKey);

    private readonly string _secretKey = Key(context, DnsMadeEasySettings.SecretKey);

    /// <summary>A key of the account without what came along when it was pasted.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting.</exception>
    public static string Key(DnsContext context, string setting) =>
        PastedKey.Read(context, setting)
        ?? throw PastedKey.Wrong(setting, "is missing", $"Give the account both keys: Set-KmDnsAccount -{DnsMadeEasySettings.ApiKey} -{DnsMadeEasySettings.SecretKey}.");

    /// <summary>Asks. What is answered is good, or one of the statuses that the caller wants to see itself.</summary>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">Path and query below the address of the interface.</param>
    /// <param name="body">What is sent; <c>null</c> for nothing.</param>
    /// <param name="what">What it is for, such as "change records of the zone contoso.com".</param>
    /// <param name="isExpected">Answers with an error status that the caller understands.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<HttpAnswer> AskAsync(HttpMethod method, string path, JToken? body, string what, Func<HttpAnswer, bool> isExpected, CancellationToken cancellationToken)
    {
        await pace.WaitAsync(context, cancellationToken).ConfigureAwait(false);
        DateTimeOffset asked = default;
        HttpQuestion Question()
        {
            asked = clock.UtcNow;
            return new HttpQuestion(method, new Uri(_url, path))
            {
                Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToString(Formatting.None)),
                ContentType = "application/json",
                Headers = [("Accept", "application/json"), .. DnsMadeEasySigner.Headers(_apiKey, _secretKey, asked)],
            };
        }

        // Its own clients wait from 5 to 10 seconds first: the window of five minutes moves slowly.
        double seconds = 10;
        TimeSpan? Pause(HttpAnswer throttled)
        {
            TimeSpan pause = TimeSpan.FromSeconds(IsThrottled(throttled) ? seconds : 0);
            seconds *= 1.5;
            return pause > TimeSpan.Zero ? pause : null;
        }

        HttpAnswer answer = await _service.SendAsync(Question, cancellationToken, IsThrottled, Pause).ConfigureAwait(false);
        pace.Note(context, answer);
        return answer.IsSuccess || isExpected(answer) ? answer : throw Explain(answer, asked, what);
    }

    /// <summary>One page of a list, and the counts that come with it.</summary>
    public async Task<(IReadOnlyList<JObject> Entries, long Pages, long Total)> PageAsync(string path, string what, CancellationToken cancellationToken)
    {
        HttpAnswer answer = await AskAsync(HttpMethod.Get, path, null, what, _ => false, cancellationToken).ConfigureAwait(false);
        return Read(answer, body =>
        {
            IReadOnlyList<JObject> entries = [.. (body["data"] as JArray ?? throw new FormatException("data is no list")).Cast<JObject>()];
            return (entries, (long?)body["totalPages"] ?? 1, (long?)body["totalRecords"] ?? -1);
        });
    }

    /// <summary>
    /// Every entry of a list, by its id; <c>null</c> when more than <paramref name="mostPages"/> follow the first, or when they do not come to as many as the service counts.
    /// </summary>
    /// <remarks>Whether its pages count from 0 or from 1 is not documented: both are asked for, and what comes twice counts once.</remarks>
    public async Task<IReadOnlyDictionary<long, JObject>?> ListAsync(string path, long mostPages, string what, CancellationToken cancellationToken)
    {
        Dictionary<long, JObject> all = [];
        (IReadOnlyList<JObject> entries, long pages, long total) = await PageAsync(path, what, cancellationToken).ConfigureAwait(false);
        for (int page = 1; ; page++)
        {
            foreach (JObject entry in entries)
            {
                all[Id(entry, path)] = entry;
            }

            if (pages <= 1 || all.Count >= total)
            {
                return all;
            }

            if (page > pages || pages - 1 > mostPages)
            {
                return null;
            }

            string next = string.Format(CultureInfo.InvariantCulture, "{0}{1}page={2}", path, path.Contains("?") ? "&" : "?", page);
            (entries, _, _) = await PageAsync(next, what, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a JSON answer.</summary>
    /// <exception cref="ChallengeException">KmDnsAnswerUnreadable.</exception>
    public T Read<T>(HttpAnswer answer, Func<JToken, T> read) => _service.Read(answer, read);

    /// <summary>The number of a zone or record: JSON's, beyond 32 bits too, or the same as text.</summary>
    public long Id(JObject entry, string path) =>
        long.TryParse((entry["id"] as JValue)?.ToString(CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out long id)
        ? id
        : throw ServiceErrors.Unreadable(context, new Uri(_url, path), 200, "an entry has no number");

    /// <summary>Whether the service says that the value is there already.</summary>
    public static bool IsDuplicate(HttpAnswer answer) => answer.Status == 400 && Said(answer).IndexOf("already exists", StringComparison.OrdinalIgnoreCase) >= 0;

    /// <summary>The words of an answer: the entries of <c>error</c> (older answers have the name without quotes), or what text an error page has.</summary>
    public static string Said(HttpAnswer answer)
    {
        if (ServiceClient.TryRead(answer) is JObject { } body && body["error"] is JToken error)
        {
            IEnumerable<JToken> texts = error is JArray several ? several : [error];
            return Cut(string.Join(" ", texts.OfType<JValue>().Select(t => t.ToString(CultureInfo.InvariantCulture))));
        }

        string text = Encoding.UTF8.GetString(answer.Body);
        return Cut(string.Join(" ", Tags.Replace(text.Length > 4000 ? text.Substring(0, 4000) : text, " ").Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    private static string Cut(string text) => text.Length > 300 ? text.Substring(0, 300) : text;

    /// <summary>It has no status of its own for it, and no Retry-After.</summary>
    private static bool IsThrottled(HttpAnswer answer) => answer.Status switch
    {
        400 => Said(answer).IndexOf("rate limit exceeded", StringComparison.OrdinalIgnoreCase) >= 0,
        404 => DnsMadeEasyPace.Left(answer) == 0, // only where the header is there: without it a 404 is one
        _ => false,
    };

    private KeyManagerException Explain(HttpAnswer answer, DateTimeOffset asked, string what)
    {
        string said = Said(answer) is { Length: > 0 } words ? words : $"status {answer.Status.ToString(CultureInfo.InvariantCulture)} without a reason";
        if (answer.Status is 401 or 403)
        {
            DateTimeOffset? theirs = DateTimeOffset.TryParse(answer.First("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
            if (said.IndexOf("out of sync", StringComparison.OrdinalIgnoreCase) >= 0 || (theirs is DateTimeOffset t && (t - asked).Duration() > MostSkew))
            {
                return ServiceErrors.ClockWrong(context, asked, theirs, said);
            }

            bool isSandbox = DnsMadeEasySettings.IsSandbox(context);
            string other = $"-{DnsMadeEasySettings.Environment} {(isSandbox ? DnsMadeEasySettings.Production : DnsMadeEasySettings.Sandbox)}";
            return ServiceErrors.Rejected(
                context,
                $"{said.TrimEnd('.')}, says {_url.Host}",
                $"Compare both keys with Config > Account Information of the {(isSandbox ? "sandbox" : "production")} console. "
                    + $"Keys of the {(isSandbox ? "production service" : "sandbox")} need {other}; keys are for the Business plan and above. New ones go in with Set-KmDnsAccount.");
        }

        return answer.Status == 404 && zone is not null ? ServiceErrors.ZoneNotFound(context, zone.Name, said) : ServiceErrors.Refused(context, what, said);
    }
}
