using System;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>Asks GoDaddy for one account, at the pace that it allows.</summary>
internal sealed class GoDaddyClient(DnsContext context, HttpChannel channel, RequestPace pace, Clock clock)
{
    /// <summary>What a pair of key and secret is sent as.</summary>
    private const string PairScheme = "sso-key";

    private readonly ServiceClient _service = new(context, channel, clock);
    private readonly bool _hasToken = GoDaddySettings.HasToken(context);
    private readonly Uri _base = HttpSettings.BaseUrl(context, GoDaddySettings.SystemOf(context) == GoDaddySettings.Ote ? "https://api.ote-godaddy.com/" : "https://api.godaddy.com/");

    public DnsContext Context { get; } = context;

    /// <summary>Asks, and answers whatever comes but a wrong credential.</summary>
    /// <param name="method">GET, PATCH, ...</param>
    /// <param name="path">Relative to the interface, with its version.</param>
    /// <param name="body">What is sent; <c>null</c> for nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CredentialException">KmDnsCredentialRejected.</exception>
    public async Task<HttpAnswer> SendAsync(string method, string path, JToken? body, CancellationToken cancellationToken)
    {
        Uri url = new(_base, path);
        byte[]? octets = body is null ? null : Encoding.UTF8.GetBytes(body.ToString(Formatting.None));
        await pace.WaitAsync(cancellationToken).ConfigureAwait(false);
        bool isFirst = true;
        HttpAnswer answer = await _service.SendAsync(Ask, cancellationToken, pause: Pause).ConfigureAwait(false);
        pace.Heed(answer);
        return answer.Status == 401 ? throw GoDaddyErrors.Rejected(Context, answer) : answer;

        HttpQuestion Ask()
        {
            if (!isFirst)
            {
                pace.Count();
            }

            isFirst = false;
            return new HttpQuestion(new HttpMethod(method), url)
            {
                Body = octets,
                ContentType = octets is null ? null : "application/json",
                Headers = Context.Setting(GoDaddySettings.ShopperId) is string shopper
                    ? [("Authorization", Authorization()), ("Accept", "application/json"), ("X-Shopper-Id", shopper)]
                    : [("Authorization", Authorization()), ("Accept", "application/json")],
            };
        }
    }

    /// <summary>Reads a JSON answer.</summary>
    /// <exception cref="ChallengeException">KmDnsAnswerUnreadable.</exception>
    public T Read<T>(HttpAnswer answer, Func<JToken, T> read) => _service.Read(answer, read);

    /// <summary>Waits.</summary>
    public Task PauseAsync(TimeSpan time, CancellationToken cancellationToken) => clock.DelayAsync(time, cancellationToken);

    private string Authorization() => _hasToken
        ? "Bearer " + Context.GetSecretText(GoDaddySettings.ApiToken)
        : $"{PairScheme} {Context.Setting(GoDaddySettings.Key)}:{Context.GetSecretText(GoDaddySettings.Secret)}";

    // Only a refusal for too many requests says how long; what is in trouble is asked again as usual.
    private static TimeSpan? Pause(HttpAnswer answer) => answer.Status != 429
        ? null
        : (ServiceClient.TryRead(answer) as JObject)?["retryAfterSec"] is JValue { Value: long and >= 0 and <= int.MaxValue } seconds
            ? TimeSpan.FromSeconds((long)seconds)
            : RequestPace.Reset(answer) ?? (answer.First("Retry-After") is null ? RequestPace.Window : null);
}
