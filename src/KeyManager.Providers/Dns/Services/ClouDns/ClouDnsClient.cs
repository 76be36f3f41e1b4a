using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>The HTTP interface of ClouDNS for one account. The password is a parameter of every call, so everything goes in the body: addresses get into logs.</summary>
internal sealed class ClouDnsClient(DnsContext context, HttpChannel channel, Clock clock, ClouDnsPace pace)
{
    private const string NoSuchZone = "Missing domain-name";

    private const string NoSuchRecord = "Invalid record-id param";

    private readonly ServiceClient _service = new(context, channel, clock);

    private readonly Uri _url = HttpSettings.BaseUrl(context, "https://api.cloudns.net/");

    /// <summary>Asks, and answers what is no "Failed".</summary>
    /// <param name="method">Such as "add-record".</param>
    /// <param name="parameters">Beside who signs in.</param>
    /// <param name="what">What it is for, such as "change records of the zone contoso.com".</param>
    /// <param name="zone">The zone it is about.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="isRepeatable">False when the request must not go out twice after its answer got lost.</param>
    /// <returns><c>null</c> where there is no such zone or record.</returns>
    /// <exception cref="LostAnswerException">It must not go out twice, and its answer got lost.</exception>
    public async Task<JToken?> AskAsync(
        string method, IReadOnlyList<(string Name, string Value)> parameters, string what, string zone, CancellationToken cancellationToken, bool isRepeatable = true)
    {
        await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
        bool mayGo = true;
        HttpQuestion Question()
        {
            HttpQuestion question = mayGo ? Form(method, parameters) : throw new LostAnswerException();
            mayGo = isRepeatable;
            return question;
        }

        // What was throttled was not done, so it may go out again.
        bool IsThrottled(HttpAnswer answered)
        {
            bool isThrottled = Failure(ServiceClient.TryRead(answered))?.StartsWith("Request blocked", StringComparison.OrdinalIgnoreCase) == true;
            mayGo |= isThrottled;
            return isThrottled;
        }

        HttpAnswer answer = await _service.SendAsync(Question, cancellationToken, IsThrottled).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            throw ServiceErrors.Refused(
                context, what, Failure(ServiceClient.TryRead(answer)) ?? string.Format(CultureInfo.InvariantCulture, "status {0}, which the service does not use", answer.Status),
                "Look whether the address is right and a proxy or firewall answers in the service's place.");
        }

        JToken body = _service.Read(answer, token => token);
        return Failure(body) is not string said ? body
            : Begins(said, NoSuchZone) || Begins(said, NoSuchRecord) ? null
            : throw Explain(said, what, zone);
    }

    /// <summary>KmDnsAnswerUnreadable for the answer of a method.</summary>
    public ChallengeException Unreadable(string method) => ServiceErrors.Unreadable(context, Url(method), 200, "a member that the service documents is missing or of another kind");

    /// <summary>A member as text: numbers come as numbers and as text.</summary>
    public static string Text(JToken? entry, string member) => ((entry as JObject)?[member] as JValue)?.ToString(CultureInfo.InvariantCulture) ?? "";

    private HttpQuestion Form(string method, IReadOnlyList<(string Name, string Value)> parameters)
    {
        (string user, string id) = ClouDnsSettings.User(context);
        IEnumerable<(string Name, string Value)> all = [(user, id), ("auth-password", ClouDnsSettings.Password(context)), .. parameters];
        return new HttpQuestion(HttpMethod.Post, Url(method))
        {
            Body = Encoding.ASCII.GetBytes(string.Join("&", all.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"))),
            ContentType = "application/x-www-form-urlencoded",
            Headers = [("Accept", "application/json")],
        };
    }

    private Uri Url(string method) => new(_url, $"dns/{method}.json");

    /// <summary>What went wrong, in the service's words: the status of the answer is 200 all the same. <c>null</c> when nothing did.</summary>
    private static string? Failure(JToken? body) => body is not JObject answer ? null
        : Text(answer, "status") == "Failed" ? Text(answer, "statusDescription")
        : Text(answer, "status") == "0" && answer["message"] is not null ? Text(answer, "message")
        : null;

    private KeyManagerException Explain(string said, string what, string zone) => Begins(said, "Invalid authentication")
        ? ServiceErrors.Rejected(
            context,
            said,
            "Compare user and password with API & Resellers in the control panel: it is the API user's own password, its filter of addresses has to hold this machine, "
                + "and the plan has to be a paid one. New ones go in with Set-KmDnsAccount.")
        : said.IndexOf("CNAME", StringComparison.OrdinalIgnoreCase) >= 0 ? ServiceErrors.NameOccupied(context, zone, said)
        : ServiceErrors.Refused(context, what, said);

    private static bool Begins(string text, string words) => text.StartsWith(words, StringComparison.OrdinalIgnoreCase);
}
