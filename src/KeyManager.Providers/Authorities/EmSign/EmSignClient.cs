using System;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>
/// The requests of one account: each a POST of JSON with a mark of its own, which is good once. What only asks is tried again when it got lost; what may cost money or change
/// something is sent once, and again only after a clear "not now".
/// </summary>
internal sealed class EmSignClient(ServiceChannels channels, AuthorityContext context, Clock clock)
{
    private const string Json = "application/json";

    private const int UsedTransaction = 947;

    /// <summary>"Inactive user", with which the API also answers when there are too many requests; that passes within seconds.</summary>
    private const int Busy = 1154;

    private const int MostBusyAnswers = 5;

    private readonly EmSignSettings _settings = EmSignSettings.Of(context.Account);

    /// <summary>The settings of the account.</summary>
    public EmSignSettings Settings => _settings;

    /// <summary>The account.</summary>
    public AuthorityAccount Account => context.Account;

    /// <summary>A question: lost ones are asked again.</summary>
    /// <param name="method">The name of the call.</param>
    /// <param name="block">What is asked, as one block; <c>null</c> for a call without.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="expected">Codes of refusals that are answers to the caller, and not thrown.</param>
    /// <exception cref="KeyManagerException">Any, as <see cref="EmSignErrors"/> says.</exception>
    public Task<EmSignAnswer> AskAsync(string method, (string Name, JObject Value)? block, CancellationToken cancellationToken, params int[] expected) =>
        PostAsync(method, block, true, expected, cancellationToken);

    /// <summary>Something that changes the world there: sent once.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public Task<EmSignAnswer> SendAsync(string method, (string Name, JObject Value) block, CancellationToken cancellationToken, params int[] expected) =>
        PostAsync(method, block, false, expected, cancellationToken);

    private async Task<EmSignAnswer> PostAsync(string method, (string Name, JObject Value)? block, bool isRepeatable, int[] expected, CancellationToken cancellationToken)
    {
        Uri url = new(_settings.BaseUrl(context.Account.Environment), method);
        ServiceSender sender = new(channels, _settings, context.Reporter, clock);
        bool hasTakenAnother = false;
        bool hasFailed = false;
        for (int busy = 0; ;)
        {
            EmSignAnswer answer = await sender.RunAsync(isRepeatable, way => PostOnceAsync(way, url, block, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (!answer.IsError || (answer.Code is int code && expected.Contains(code)))
            {
                return answer;
            }

            if (answer.Code == UsedTransaction && !hasTakenAnother)
            {
                hasTakenAnother = true;
                continue;
            }

            if (answer.Code == Busy && busy < MostBusyAnswers)
            {
                // 1, 2, 4, 8, 16 s, each a quarter more or less, so that commands that began together do not stay together.
                TimeSpan wait = TimeSpan.FromSeconds((1 << busy++) * (0.75 + (SecureRandomness.Generator.Next(501) / 1000.0)));
                context.Reporter.Verbose($"{EmSignErrors.Title} is busy or the user inactive (EMS-1154); trying again in {wait.TotalSeconds:0.#} s.");
                await clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (isRepeatable && !hasFailed && EmSignErrorTable.Find(answer.Code).Problem == EmSignProblem.Internal)
            {
                hasFailed = true;
                await clock.DelayAsync(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
                continue;
            }

            throw EmSignErrors.Explain(answer, context.Account, clock.UtcNow);
        }
    }

    private async Task<EmSignAnswer> PostOnceAsync(HttpChannel way, Uri url, (string Name, JObject Value)? block, CancellationToken cancellationToken)
    {
        byte[] body = Body(block);
        HttpAnswer answer = await way.SendAsync(HttpMethod.Post, url, body, Json, Json, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404)
        {
            throw EmSignErrors.Unreadable(url, new FormatException($"HTTP 404: there is no such call. The address of the API ends in /emSignHub-API/, such as {EmSignSettings.Global}"));
        }

        if (!answer.IsSuccess)
        {
            throw ServiceFailures.Explain(EmSignErrors.Title, answer, clock.UtcNow);
        }

        try
        {
            return EmSignAnswer.Read(answer.Body);
        }
        catch (FormatException problem)
        {
            throw EmSignErrors.Unreadable(url, problem);
        }
    }

    private byte[] Body((string Name, JObject Value)? block)
    {
        byte[] key = context.GetSecret(AccountRequest.AuthToken) ?? throw new CredentialException(ErrorIds.CredentialRejected, $"The access key of the account {context.Account} is not in the store.")
        {
            Target = context.Account.Name,
            ConcernsAccount = true,
            Remedy = $"Give it again: Set-KmAccount {context.Account.Name} -AccessKey",
        };
        RequestMark mark = RequestMark.New(clock.UtcNow);
        string digest;
        try
        {
            digest = mark.Sign(key);
        }
        finally
        {
            Array.Clear(key, 0, key.Length);
        }

        JObject message = new()
        {
            ["meta"] = new JObject { ["ver"] = "1.0", ["ts"] = mark.TimeStamp, ["txn"] = mark.Transaction, ["accountNumber"] = _settings.AccountNumber, ["authKey"] = digest },
        };
        if (block is (string name, JObject value))
        {
            message[name] = value;
        }

        return Encoding.UTF8.GetBytes(message.ToString(Formatting.None));
    }
}
