using System;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using KeyManager.Dns;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Reads credentials out of what the machine, a container, a program or the Security Token Service answers.</summary>
internal static class CredentialDocument
{
    /// <summary>Reads a JSON document with AccessKeyId, SecretAccessKey, Expiration and a token.</summary>
    /// <param name="context">The account, for the error.</param>
    /// <param name="source">What to call where it comes from in an error.</param>
    /// <param name="json">The document; <c>null</c> when it is no JSON.</param>
    /// <param name="tokenName">How the token is called there.</param>
    /// <exception cref="CredentialException">KmDnsCredentialRejected: something is missing, or it says why there are none.</exception>
    public static AwsCredentials Read(DnsContext context, string source, JToken? json, string tokenName)
    {
        if (json is JObject { Count: > 0 } answer && Text(answer, "AccessKeyId") is null && Text(answer, "Message") is string message)
        {
            throw ServiceErrors.Rejected(context, $"{source} has no credentials: {Text(answer, "Code")}: {message}", "Mend what it names; for a role look at its trust policy.");
        }

        return Read(context, source, name => json is JObject document ? Text(document, name == "SessionToken" ? tokenName : name) : null);
    }

    /// <summary>Reads credentials by their names AccessKeyId, SecretAccessKey, SessionToken and Expiration.</summary>
    /// <exception cref="CredentialException">KmDnsCredentialRejected: something is missing.</exception>
    public static AwsCredentials Read(DnsContext context, string source, Func<string, string?> get)
    {
        string? id = get("AccessKeyId");
        string? secret = get("SecretAccessKey");
        string? expiration = get("Expiration");
        DateTimeOffset? end = DateTimeOffset.TryParse(expiration, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null;
        if (id is null || !Regex.IsMatch(id, @"^\w{16,128}$") || string.IsNullOrEmpty(secret) || (expiration is not null && end is null))
        {
            throw ServiceErrors.Rejected(context, $"{source} gave an answer without usable credentials", "Look what answers there; a proxy or another program may stand in its place.");
        }

        return new AwsCredentials(id, Encoding.UTF8.GetBytes(secret!.Trim()), get("SessionToken")?.Trim() is { Length: > 0 } token ? token : null, end); // not null: checked
    }

    private static string? Text(JObject document, string name) => document[name] is JValue { Type: JTokenType.String } value ? (string?)value : null;
}
