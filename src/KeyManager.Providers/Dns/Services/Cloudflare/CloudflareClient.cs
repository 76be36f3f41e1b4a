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
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>Cloudflare's interface, version 4, for one account: every request is built and every answer opened here.</summary>
internal sealed class CloudflareClient(DnsContext context, HttpChannel channel, Clock clock)
{
    private const string UsualUrl = "https://api.cloudflare.com/client/v4/";

    private readonly ServiceClient _service = new(context, channel, clock);

    private readonly Uri _url = HttpSettings.BaseUrl(context, UsualUrl);

    /// <summary>Asks, and answers the JSON in <c>result</c>, or what is wrong.</summary>
    /// <param name="credential">Who asks.</param>
    /// <param name="method">GET, POST or DELETE.</param>
    /// <param name="path">Path and query below the address of the interface.</param>
    /// <param name="body">What is sent; <c>null</c> for nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(JToken? Result, CloudflareProblem? Problem)> AskAsync(
        CloudflareCredential credential, HttpMethod method, string path, JToken? body, CancellationToken cancellationToken)
    {
        (JObject? envelope, CloudflareProblem? problem) = await OpenAsync(credential, method, path, body, cancellationToken).ConfigureAwait(false);
        return (envelope?["result"], problem);
    }

    /// <summary>One page of a list, and how many pages there are after it.</summary>
    /// <param name="credential">Who asks.</param>
    /// <param name="path">Path and query, with everything but the page.</param>
    /// <param name="size">Most entries of a page.</param>
    /// <param name="page">The page, from 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(IReadOnlyList<JObject> Entries, long Following, CloudflareProblem? Problem)> PageAsync(
        CloudflareCredential credential, string path, int size, int page, CancellationToken cancellationToken)
    {
        string where = string.Format(CultureInfo.InvariantCulture, "{0}{1}per_page={2}&page={3}", path, path.Contains("?") ? "&" : "?", size, page);
        (JObject? envelope, CloudflareProblem? problem) = await OpenAsync(credential, HttpMethod.Get, where, null, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
        {
            return ([], 0, problem);
        }

        IReadOnlyList<JObject> entries = [.. (envelope["result"] as JArray ?? throw Unreadable(where)).OfType<JObject>()];

        // Without a count (result_info may be missing) a full page may have another one behind it.
        long? total = (envelope["result_info"] as JObject)?["total_count"] is JValue { Value: long count } ? count : null;
        long following = entries.Count == 0 ? 0 : total is long all ? Math.Max(0, ((all + size - 1) / size) - page) : entries.Count == size ? 1 : 0;
        return (entries, following, null);
    }

    /// <summary>What Cloudflare says of a token itself: active, disabled or expired; <c>null</c> when it does not say.</summary>
    public async Task<string?> TokenStatusAsync(CloudflareCredential credential, CancellationToken cancellationToken)
    {
        string? account = CloudflareSettings.Account(context);
        try
        {
            // The token of an account is not known to the call for those of users, and the other way round.
            string[] paths = credential.IsOfAccount ? [] : ["user/tokens/verify"];
            foreach (string path in account is null ? paths : [.. paths, $"accounts/{account}/tokens/verify"])
            {
                (JToken? result, CloudflareProblem? problem) = await AskAsync(credential, HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
                if (problem is null)
                {
                    return ((result as JObject)?["status"] as JValue)?.ToString(CultureInfo.InvariantCulture);
                }
            }
        }
        catch (KeyManagerException)
        {
            // The question was only to explain an error better.
        }

        return null;
    }

    /// <summary>KmDnsAnswerUnreadable for a part of the interface.</summary>
    public ChallengeException Unreadable(string path) => ServiceErrors.Unreadable(context, new Uri(_url, path), 200, "a member that Cloudflare documents is missing or of another kind");

    private async Task<(JObject? Envelope, CloudflareProblem? Problem)> OpenAsync(
        CloudflareCredential credential, HttpMethod method, string path, JToken? body, CancellationToken cancellationToken)
    {
        HttpQuestion Question() => new(method, new Uri(_url, path))
        {
            Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToString(Formatting.None)),
            ContentType = "application/json",
            Headers = [("Accept", "application/json"), .. credential.Headers],
        };

        HttpAnswer answer = await _service.SendAsync(Question, cancellationToken, IsThrottled).ConfigureAwait(false);
        return CloudflareProblem.Read(answer) is CloudflareProblem problem ? (null, problem) : (_service.Read(answer, token => (JObject)token), null);
    }

    private static bool IsThrottled(HttpAnswer answer) => !answer.IsSuccess && CloudflareProblem.Read(answer)?.Has(971, 10429) == true;
}
