using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Asks Azure Resource Manager for any account: with a token that is good, and within the limits of the subscription.</summary>
internal sealed class AzureClient(HttpChannels channels, Clock clock, AzureTokens tokens)
{
    /// <summary>The stable version of the interface for public zones (Microsoft.Network/dnsZones).</summary>
    public const string DnsVersion = "2018-05-01";

    private const string ServiceName = "Azure DNS";

    private readonly ConcurrentDictionary<(string Account, string Subscription, bool IsWrite), RequestBudget> _budgets = new();

    /// <summary>Asks once more with a new token when the first is not taken.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="subscription">Whose limits count.</param>
    /// <param name="method">GET, PUT or DELETE.</param>
    /// <param name="url">Where.</param>
    /// <param name="body">JSON; <c>null</c> for none.</param>
    /// <param name="condition">A header that makes it conditional; <c>null</c> for none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Any answer but 401, 408, 429 and 5xx.</returns>
    public async Task<HttpAnswer> SendAsync(
        AzureSettings settings, string subscription, HttpMethod method, Uri url, byte[]? body, (string Name, string Value)? condition, CancellationToken cancellationToken)
    {
        ServiceClient service = Service(settings.Context);
        RequestBudget budget = _budgets.GetOrAdd(
            (settings.Context.Account.Id, subscription.ToUpperInvariant(), method != HttpMethod.Get), key => key.IsWrite ? RequestBudget.OfWrites(clock) : RequestBudget.OfReads(clock));
        AccessToken token = await tokens.GetAsync(settings, cancellationToken).ConfigureAwait(false);
        for (bool isRenewed = false; ; isRenewed = true)
        {
            await budget.TakeAsync(cancellationToken).ConfigureAwait(false);
            HttpAnswer answer = await service.SendAsync(() => Question(method, url, body, condition, token), cancellationToken).ConfigureAwait(false);
            if (answer.Status != 401)
            {
                return answer;
            }

            token = (isRenewed ? null : await tokens.RenewAsync(settings, token, cancellationToken).ConfigureAwait(false)) ?? throw AzureErrors.Unauthorized(settings, answer);
        }
    }

    /// <summary>Reads a JSON answer.</summary>
    public T Read<T>(AzureSettings settings, HttpAnswer answer, Func<JToken, T> read) => Service(settings.Context).Read(answer, read);

    private ServiceClient Service(DnsContext context) => new(context, channels.Get(ServiceName, context), clock);

    private static HttpQuestion Question(HttpMethod method, Uri url, byte[]? body, (string Name, string Value)? condition, AccessToken token)
    {
        List<(string Name, string Value)> headers = [("Authorization", "Bearer " + token.Value), ("Accept", "application/json")];
        if (condition is (string Name, string Value) header)
        {
            headers.Add(header);
        }

        return new HttpQuestion(method, url) { Body = body, ContentType = body is null ? null : "application/json", Headers = headers };
    }
}
