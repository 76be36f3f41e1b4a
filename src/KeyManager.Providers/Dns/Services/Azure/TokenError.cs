using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Networking;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>
/// What Microsoft Entra ID says when it gives no token. Its documents want programs to go by <see cref="Kind"/> only; the numbers, which may change, choose nothing but the advice.
/// </summary>
internal sealed record TokenError(string Kind, string Description, IReadOnlyList<int> Numbers)
{
    private const int OutsideItsTime = 700024;
    private const int TenantThrottled = 90055;

    private static readonly IReadOnlyDictionary<int, string> Advice = new Dictionary<int, string>
    {
        [7000215] = $"Give the value of the client secret with -{AzureSettings.ClientSecret}, not its id; it is shown only when the secret is made, so make a new one if it is lost.",
        [7000222] = $"The client secret has expired: make a new one (portal: App registrations, the app, Certificates & secrets) and give it with Set-KmDnsAccount -{AzureSettings.ClientSecret}.",
        [700016] = $"Look whether -{AzureSettings.ClientId} is the application (client) id, and -{AzureSettings.TenantId} the tenant in which it is registered.",
        [90002] = $"Look whether -{AzureSettings.TenantId} is right, and whether the tenant is in the cloud that -{AzureSettings.Environment} names.",
        [900382] = $"The app is registered in another cloud: name it with -{AzureSettings.Environment}.",
        [900432] = $"The app is registered in another cloud: name it with -{AzureSettings.Environment}.",
        [70011] = $"The cloud does not know what the token is for: look at -{AzureSettings.Environment} and -{AzureSettings.Audience}.",
        [500011] = $"The cloud does not know what the token is for: look at -{AzureSettings.Environment} and -{AzureSettings.Audience}.",
        [700027] = "Upload the certificate (without its key) to the app registration, Certificates & secrets, Certificates; or give the file of the one that is there and has not expired.",
        [70021] = "Compare issuer, subject and audience of the token with the federated credential of the app registration: Certificates & secrets, Federated credentials.",
        [700213] = "Compare issuer, subject and audience of the token with the federated credential of the app registration: Certificates & secrets, Federated credentials.",
        [7000112] = "The app is disabled: enable its enterprise application (Properties, Enabled for users to sign in).",
    };

    private static readonly IReadOnlyDictionary<string, string> AdviceByKind = new Dictionary<string, string>
    {
        ["invalid_client"] = $"Look at -{AzureSettings.ClientId} and at the secret, certificate or token that belongs to it.",
        ["unauthorized_client"] = $"Look whether -{AzureSettings.ClientId} and -{AzureSettings.TenantId} belong together.",
        ["invalid_request"] = $"Look at -{AzureSettings.TenantId} and -{AzureSettings.ClientId}.",
        ["invalid_scope"] = $"Look at -{AzureSettings.Environment} and -{AzureSettings.Audience}.",
        ["invalid_resource"] = $"Look at -{AzureSettings.Environment} and -{AzureSettings.Audience}.",
    };

    /// <summary>True when the same question may be answered later.</summary>
    public bool IsTemporary => Kind == "temporarily_unavailable" || Numbers.Contains(TenantThrottled);

    /// <summary>Reads an answer; <c>null</c> when it holds no such error.</summary>
    public static TokenError? TryRead(HttpAnswer answer) => !answer.IsSuccess && ServiceClient.TryRead(answer) is JObject json && json["error"] is JValue { Type: JTokenType.String } kind
        ? new TokenError(
            (string)kind!,
            json["error_description"] is JValue text ? text.ToString(CultureInfo.InvariantCulture) : "",
            json["error_codes"] is JArray codes ? [.. codes.OfType<JValue>().Select(c => c.Value).OfType<long>().Select(n => n is > 0 and < int.MaxValue ? (int)n : 0)] : [])
        : null;

    /// <summary>The error to throw.</summary>
    /// <param name="settings">The account.</param>
    /// <param name="answer">What came.</param>
    /// <param name="secrets">What was sent and must not come back in an error.</param>
    /// <param name="now">The time of this machine.</param>
    public static KeyManagerException Explain(AzureSettings settings, HttpAnswer answer, IReadOnlyList<string> secrets, DateTimeOffset now)
    {
        if (TryRead(answer) is not TokenError error)
        {
            return ServiceErrors.Unreadable(settings.Context, answer.Url, answer.Status, $"it is no answer of {TokenEndpoint.ServiceName}");
        }

        string said = error.Words(secrets);
        if (!error.Numbers.Contains(OutsideItsTime))
        {
            return ServiceErrors.Rejected(settings.Context, said, error.Numbers.Select(n => Advice.TryGetValue(n, out string? advice) ? advice : null).FirstOrDefault(a => a is not null)
                ?? (AdviceByKind.TryGetValue(error.Kind, out string? general) ? general : $"Look at the settings of the account: Get-KmDnsAccount {settings.Context.Account.Name}."));
        }

        DateTimeOffset? theirs = DateTimeOffset.TryParse(answer.First("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
        return settings.Context.Setting(AzureSettings.FederatedTokenPath) is string path
            ? ServiceErrors.Rejected(settings.Context, said, $"Look whether the token in '{path}' is still renewed by whoever writes it, and whether the clock of this machine is right.")
            : ServiceErrors.ClockWrong(settings.Context, now, theirs, said);
    }

    // The lines behind the first are trace ids; the first may quote what it was given.
    private string Words(IReadOnlyList<string> secrets)
    {
        string first = Description.Split('\n')[0].Trim();
        string said = secrets.Where(s => s.Length > 0).Aggregate(first, (text, secret) => text.Replace(secret, "***"));
        return said.Length == 0 ? Kind : $"{said} ({Kind})";
    }
}
