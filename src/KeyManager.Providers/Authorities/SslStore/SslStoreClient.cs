using System;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>
/// The requests of one account: each a POST of JSON with the credentials inside. What only asks is tried again when it got lost; what may cost money or change something is
/// sent once.
/// </summary>
/// <param name="channels">The connections.</param>
/// <param name="context">The account.</param>
/// <param name="clock">For waits.</param>
internal sealed class SslStoreClient(ServiceChannels channels, AuthorityContext context, Clock clock)
{
    private const string Json = "application/json; charset=utf-8";

    private readonly SslStoreSettings _settings = SslStoreSettings.Of(context.Account);

    /// <summary>The settings of the account.</summary>
    public SslStoreSettings Settings => _settings;

    /// <summary>A question: lost ones are asked again.</summary>
    /// <exception cref="KeyManagerException">Any, as <see cref="SslStoreErrors"/> says.</exception>
    public Task<ApiAnswer> AskAsync(string path, JObject message, CancellationToken cancellationToken) => PostAsync(path, message, true, false, cancellationToken);

    /// <summary>Something that changes the world there: sent once.</summary>
    /// <exception cref="KeyManagerException">Any, as <see cref="SslStoreErrors"/> says.</exception>
    public Task<ApiAnswer> SendAsync(string path, JObject message, CancellationToken cancellationToken) => PostAsync(path, message, false, false, cancellationToken);

    /// <summary>health/validate, whose credentials stand at the root.</summary>
    public Task<ApiAnswer> ValidateAsync(CancellationToken cancellationToken) => PostAsync("health/validate", [], true, true, cancellationToken);

    private Task<ApiAnswer> PostAsync(string path, JObject message, bool isRepeatable, bool credentialsAtRoot, CancellationToken cancellationToken)
    {
        Uri url = new(_settings.BaseUrl(context.Account.Environment), path);
        return new ServiceSender(channels, _settings, context.Reporter, clock).RunAsync(
            isRepeatable, way => PostOnceAsync(way, url, message, credentialsAtRoot, cancellationToken), cancellationToken);
    }

    private async Task<ApiAnswer> PostOnceAsync(HttpChannel way, Uri url, JObject message, bool credentialsAtRoot, CancellationToken cancellationToken)
    {
        string replayToken = Guid.NewGuid().ToString("N");
        byte[] body = Body(message, replayToken, credentialsAtRoot);
        HttpAnswer answer;
        try
        {
            answer = await way.SendAsync(HttpMethod.Post, url, body, Json, "application/json", cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Array.Clear(body, 0, body.Length);
        }

        if (!answer.IsSuccess)
        {
            throw ServiceFailures.Explain(SslStoreErrors.Title, answer, clock.UtcNow);
        }

        ApiAnswer read;
        try
        {
            read = ApiAnswer.Read(answer.Body);
        }
        catch (FormatException problem)
        {
            throw SslStoreErrors.Unreadable(url, problem);
        }

        CheckEcho(url, replayToken, read);
        return read.IsError ? throw SslStoreErrors.Explain(read, context.Account) : read;
    }

    private byte[] Body(JObject message, string replayToken, bool credentialsAtRoot)
    {
        byte[] token = context.GetSecret(AccountRequest.AuthToken) ?? throw new CredentialException(ErrorIds.CredentialRejected, $"The token of the account {context.Account} is not in the store.")
        {
            Target = context.Account.Name,
            ConcernsAccount = true,
            Remedy = $"Give it again: Set-KmAccount {context.Account.Name} -AuthToken",
        };
        try
        {
            JObject credentials = new() { ["PartnerCode"] = _settings.PartnerCode, ["AuthToken"] = Encoding.UTF8.GetString(token), ["ReplayToken"] = replayToken, ["UserAgent"] = "KeyManager" };
            JObject whole = credentialsAtRoot ? credentials : new JObject { ["AuthRequest"] = credentials };
            whole.Merge(message);
            return Encoding.UTF8.GetBytes(whole.ToString(Formatting.None));
        }
        finally
        {
            Array.Clear(token, 0, token.Length);
        }
    }

    /// <summary>An answer to somebody else's question must not pass for ours; but not every server gives the token back.</summary>
    private void CheckEcho(Uri url, string sent, ApiAnswer answer)
    {
        if (answer.ReplayToken is null || answer.ReplayToken == sent)
        {
            return;
        }

        const string Problem = "it gave back another token than the request had, so the answer may belong to another request";
        if (_settings.FailsOnOtherEcho)
        {
            throw SslStoreErrors.Unreadable(url, new FormatException(Problem));
        }

        context.Reporter.Warn($"{SslStoreErrors.Title} answered at {url.GetLeftPart(UriPartial.Path)}: {Problem}.");
    }
}
