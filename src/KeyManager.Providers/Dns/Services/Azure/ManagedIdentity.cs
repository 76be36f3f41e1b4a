using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// Gets tokens for the identity that Azure has given to this machine: from the metadata service of a virtual machine, from the host of a web app, from the agent of Azure Arc. Never over a
/// proxy, and never to where a redirect leads.
/// </summary>
internal sealed class ManagedIdentity(HttpChannels channels, Clock clock, AzureMachine machine)
{
    private const string ServiceName = "The managed identity of this machine";
    private const string Endpoint = "IDENTITY_ENDPOINT";
    private const string Header = "IDENTITY_HEADER";
    private const string OldEndpoint = "MSI_ENDPOINT";
    private const string OldSecret = "MSI_SECRET";
    private const string Delay = "A new assignment needs some minutes.";
    private const int TriesWhileUpgraded = 7;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseWhileUpgraded = TimeSpan.FromSeconds(10);

    private static readonly (string Name, string Value) Metadata = ("Metadata", "true");

    /// <exception cref="CredentialException">KmDnsCredentialRejected.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable, KmDnsUnavailable.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: there is none of this kind here.</exception>
    public async Task<AccessToken> GetTokenAsync(AzureSettings settings, CancellationToken cancellationToken)
    {
        Question question = Ask(settings);
        HttpAnswer answer = await SendAsync(settings, question.Url, question.Headers, cancellationToken).ConfigureAwait(false);
        if (question.IsArc && answer.Status == 401)
        {
            string key = ArcKey.Read(settings.Context, machine.ArcKeyFolder, answer);
            answer = await SendAsync(settings, question.Url, [.. question.Headers, ("Authorization", "Basic " + key)], cancellationToken).ConfigureAwait(false);
        }

        if (!answer.IsSuccess)
        {
            throw Explain(settings, question, answer);
        }

        return new ServiceClient(settings.Context, channels.GetDirect(ServiceName), clock).Read(answer, json =>
        {
            CheckEcho(settings, question, json);
            return AccessToken.Read(json, clock.UtcNow);
        });
    }

    private Question Ask(AzureSettings settings)
    {
        string kind = settings.Context.Setting(AzureSettings.ManagedIdentity) ?? IdentityKinds.Auto;
        return kind.ToLowerInvariant() switch
        {
            "virtualmachine" => OfVirtualMachine(settings),
            "appservice" => OfAppService(settings) ?? throw NotHere("no App Service, Functions, Container Apps or Automation", $"the variables {Endpoint} and {Header} are not set"),
            "arc" => OfArc(settings),
            _ => Find(settings),
        };
    }

    /// <summary>In the order in which Microsoft's own libraries look.</summary>
    private Question Find(AzureSettings settings)
    {
        bool hasEndpoint = machine.Variable(Endpoint) is not null;
        if (hasEndpoint && machine.Variable(Header) is not null && machine.Variable("IDENTITY_SERVER_THUMBPRINT") is not null)
        {
            throw NotHere("Service Fabric", "its managed identities are not supported");
        }

        if (OfAppService(settings) is Question appService)
        {
            return appService;
        }

        if (machine.Variable(OldEndpoint) is not null)
        {
            throw NotHere("Azure Cloud Shell", "its managed identity is that of a person and is not supported");
        }

        return (hasEndpoint && machine.Variable("IMDS_ENDPOINT") is not null) || machine.ArcPrograms.Any(File.Exists) ? OfArc(settings) : OfVirtualMachine(settings);
    }

    private Question OfVirtualMachine(AzureSettings settings) => new(
        Url(machine.MetadataUrl, settings, "2018-02-01", Selector(settings, "client_id", "object_id", "msi_res_id")), [Metadata], IsArc: false);

    private Question? OfAppService(AzureSettings settings)
    {
        if (machine.Variable(Endpoint) is string endpoint && machine.Variable(Header) is string header)
        {
            return new Question(
                Url(Address(Endpoint, endpoint), settings, "2019-08-01", Selector(settings, "client_id", "object_id", "mi_res_id")), [("X-IDENTITY-HEADER", header), Metadata], IsArc: false);
        }

        if (machine.Variable(OldEndpoint) is string oldEndpoint && machine.Variable(OldSecret) is string secret)
        {
            (string Name, string Value)? selector = Selector(settings, "clientid", null, null);
            return new Question(Url(Address(OldEndpoint, oldEndpoint), settings, "2017-09-01", selector), [("secret", secret)], IsArc: false);
        }

        return null;
    }

    private Question OfArc(AzureSettings settings)
    {
        Uri url = machine.Variable(Endpoint) is string endpoint && machine.Variable("IMDS_ENDPOINT") is not null ? Address(Endpoint, endpoint) : machine.ArcUrl;
        return url.IsLoopback
            ? new Question(Url(url, settings, "2020-06-01", Selector(settings, "client_id", "object_id", "msi_res_id")), [Metadata], IsArc: true)
            : throw NotHere("no Azure Arc", $"{Endpoint} is not an address of this machine: '{url}'");
    }

    private static (string Name, string Value)? Selector(AzureSettings settings, string clientId, string? objectId, string? resourceId)
    {
        (string Setting, string? Parameter)[] selectors =
        [
            (AzureSettings.IdentityClientId, clientId), (AzureSettings.IdentityObjectId, objectId), (AzureSettings.IdentityResourceId, resourceId),
        ];
        foreach ((string setting, string? parameter) in selectors)
        {
            if (settings.Context.Setting(setting) is string value)
            {
                return (
                    parameter ?? throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The managed identity that is offered here cannot be chosen with -{setting}.")
                    {
                        Target = value,
                        Remedy = $"Choose it with -{AzureSettings.IdentityClientId}.",
                    },
                    value);
            }
        }

        return null;
    }

    private static Uri Url(Uri endpoint, AzureSettings settings, string version, (string Name, string Value)? selector)
    {
        string query = $"api-version={version}&resource={Uri.EscapeDataString(settings.Resource)}"
            + (selector is null ? "" : $"&{selector.Value.Name}={Uri.EscapeDataString(selector.Value.Value)}");
        return new Uri(endpoint.AbsoluteUri + (endpoint.Query.Length > 0 ? "&" : "?") + query);
    }

    private static Uri Address(string variable, string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
        ? url
        : throw NotHere("no managed identity", $"the variable {variable} is no address: '{text}'");

    /// <summary>Asks again as the documents want: 410 is an upgrade of the service, which takes up to 70 seconds.</summary>
    private async Task<HttpAnswer> SendAsync(AzureSettings settings, Uri url, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (int attempt = 1; ; attempt++)
        {
            HttpAnswer answer = await SendOnceAsync(settings, url, headers, cancellationToken).ConfigureAwait(false);
            bool isUpgraded = answer.Status == 410;
            if (!isUpgraded && answer.Status is not (404 or 429 or >= 500))
            {
                return answer;
            }

            if (attempt == (isUpgraded ? TriesWhileUpgraded : ServiceClient.Tries))
            {
                throw new TransportException(
                    ErrorIds.DnsUnavailable,
                    $"{ServiceName} is in trouble: {url.GetLeftPart(UriPartial.Path)} answered the DNS account {settings.Context.Account} with status {answer.Status}, {attempt} times.")
                {
                    Target = settings.Context.Account.Name,
                    IsTransient = true,
                    Remedy = "Run the command again later; nothing is lost. An identity that was assigned a moment ago needs some minutes.",
                };
            }

            await clock.DelayAsync(isUpgraded ? PauseWhileUpgraded : pause, cancellationToken).ConfigureAwait(false);
            pause += isUpgraded ? TimeSpan.Zero : pause;
        }
    }

    private async Task<HttpAnswer> SendOnceAsync(AzureSettings settings, Uri url, IReadOnlyList<(string Name, string Value)> headers, CancellationToken cancellationToken)
    {
        // Not the clock of the module: a connection that nobody answers has to end by itself.
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(machine.Patience);
        try
        {
            HttpAnswer answer = await channels.GetDirect(ServiceName).SendAsync(new HttpQuestion(HttpMethod.Get, url) { Headers = headers }, limit.Token).ConfigureAwait(false);
            settings.Context.Reporter.Verbose($"GET {url.GetLeftPart(UriPartial.Path)}: {answer.Status.ToString(CultureInfo.InvariantCulture)}");
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(settings, url, $"no answer within {machine.Patience.TotalSeconds:0.#} seconds", null);
        }
        catch (TransportException error)
        {
            throw Unreachable(settings, url, "no connection", error);
        }
    }

    private static KeyManagerException Explain(AzureSettings settings, Question question, HttpAnswer answer)
    {
        JObject? json = ServiceClient.TryRead(answer) as JObject;
        string kind = Text(json, "error") ?? Text(json, "code") ?? "";
        string words = (Text(json, "error_description") ?? Text(json, "message") ?? "").Split('\n')[0].Trim();
        if (answer.Status == 403 && words.IndexOf("unreachable", StringComparison.OrdinalIgnoreCase) >= 0)
        {
            return Unreachable(settings, question.Url, $"something in between answers for it: {words}", null);
        }

        string[] parts = [kind, words, $"status {answer.Status.ToString(CultureInfo.InvariantCulture)}"];
        string said = $"{question.Url.GetLeftPart(UriPartial.Path)} answered {string.Join(", ", parts.Where(p => p.Length > 0))}";
        return ServiceErrors.Rejected(settings.Context, said, kind == "invalid_resource"
            ? $"Look at -{AzureSettings.Environment} and -{AzureSettings.Audience}."
            : Selected(settings) is string id
                ? $"Look whether the identity '{id}' is assigned to this machine (portal: Identity, User assigned), and with which of its ids it was named. {Delay}"
                : $"Switch the identity of this machine on (portal: Identity, System assigned), or name one of its user-assigned ones with -{AzureSettings.IdentityClientId}. {Delay}");
    }

    /// <summary>Older agents of Arc do not know other identities than the system's, and give that without a word.</summary>
    private static void CheckEcho(AzureSettings settings, Question question, JToken answer)
    {
        if (!question.IsArc || Selector(settings, "client_id", "object_id", "msi_res_id") is not (string Name, string Value) wanted)
        {
            return;
        }

        string? echo = (string?)answer[wanted.Name];
        if (!string.Equals(echo, wanted.Value, StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceErrors.Rejected(
                settings.Context,
                $"the agent of Azure Arc gave a token of {(echo is null ? "the system-assigned identity" : $"'{echo}'")} when asked for '{wanted.Value}'",
                $"Update the agent (azcmagent), or leave -{AzureSettings.IdentityClientId} out and give the role to the system-assigned identity.");
        }
    }

    private static TransportException Unreachable(AzureSettings settings, Uri url, string cause, Exception? inner) =>
        new(
            ErrorIds.DnsUnreachable,
            $"The DNS account {settings.Context.Account} uses the managed identity of this machine, which is not to be had at {url.GetLeftPart(UriPartial.Path)}: {cause}.",
            inner)
        {
            Target = settings.Context.Account.Name,
            IsTransient = true,
            Remedy = "Look whether this machine runs in Azure (or has the agent of Azure Arc), whether a firewall closes the address, "
                + $"and whether -{AzureSettings.ManagedIdentity} names the right kind. Elsewhere use an app registration.",
        };

    private static InvalidRequestException NotHere(string what, string why) => new(ErrorIds.InvalidSetting, $"This is {what}: {why}.")
    {
        Target = AzureSettings.ManagedIdentity,
        Remedy = $"Name the kind with -{AzureSettings.ManagedIdentity}, or use an app registration.",
    };

    private static string? Selected(AzureSettings settings) =>
        settings.Context.Setting(AzureSettings.IdentityClientId) ?? settings.Context.Setting(AzureSettings.IdentityObjectId) ?? settings.Context.Setting(AzureSettings.IdentityResourceId);

    private static string? Text(JObject? json, string name) => json?[name] is JValue { Type: JTokenType.String } value ? (string?)value : null;

    private sealed record Question(Uri Url, IReadOnlyList<(string Name, string Value)> Headers, bool IsArc)
    {
        public override string ToString() => Url.GetLeftPart(UriPartial.Path); // the headers open the endpoint
    }
}
