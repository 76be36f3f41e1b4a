using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>How a request shows who asks: one family of headers, never both. Has no text of its own, for it holds secrets.</summary>
internal sealed class CloudflareCredential
{
    private CloudflareCredential(string setting, string secret, IReadOnlyList<(string Name, string Value)> headers)
    {
        Setting = setting;
        Headers = headers;
        IsToken = setting != CloudflareSettings.GlobalApiKey;
        IsOfAccount = secret.StartsWith("cfat_", StringComparison.Ordinal);
    }

    /// <summary>The setting that holds the secret.</summary>
    public string Setting { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>False for the Global API Key.</summary>
    public bool IsToken { get; }

    /// <summary>A token that belongs to an account and not to a user, as its first letters say; older ones do not say.</summary>
    public bool IsOfAccount { get; }

    /// <summary>For finding zones.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: not of the form that Cloudflare's credentials have.</exception>
    public static CloudflareCredential ForZones(DnsContext context) => Of(context, CloudflareSettings.ZoneToken);

    /// <summary>For reading and changing records.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: not of the form that Cloudflare's credentials have.</exception>
    public static CloudflareCredential ForRecords(DnsContext context) => Of(context, CloudflareSettings.DnsToken);

    private static CloudflareCredential Of(DnsContext context, string split) =>
        Token(context, CloudflareSettings.ApiToken) ?? Token(context, split) ?? Key(context)
        ?? throw PastedKey.Wrong(CloudflareSettings.ApiToken, "is missing", $"Give the account credentials: Set-KmDnsAccount -{CloudflareSettings.ApiToken}.");

    private static CloudflareCredential? Token(DnsContext context, string setting)
    {
        if (PastedKey.Read(context, setting) is not string token)
        {
            return null;
        }

        if (token.StartsWith("cfk_", StringComparison.Ordinal) || (token.Length == 37 && token.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))))
        {
            throw PastedKey.Wrong(
                setting, "holds a Global API Key, which is no token", $"Make a token, or give the key with -{CloudflareSettings.GlobalApiKey} and -{CloudflareSettings.Email}.");
        }

        return new CloudflareCredential(setting, token, [("Authorization", "Bearer " + token)]);
    }

    private static CloudflareCredential? Key(DnsContext context)
    {
        if (PastedKey.Read(context, CloudflareSettings.GlobalApiKey) is not string key)
        {
            return null;
        }

        if (key.StartsWith("cfut_", StringComparison.Ordinal) || key.StartsWith("cfat_", StringComparison.Ordinal))
        {
            throw PastedKey.Wrong(CloudflareSettings.GlobalApiKey, "holds an API token", $"Give it with -{CloudflareSettings.ApiToken}; it needs no {CloudflareSettings.Email}.");
        }

        string email = context.Setting(CloudflareSettings.Email) ?? "";
        return email.Contains("@") && email.All(c => c is > ' ' and <= '~')
            ? new CloudflareCredential(CloudflareSettings.GlobalApiKey, key, [("X-Auth-Email", email), ("X-Auth-Key", key)])
            : throw PastedKey.Wrong(CloudflareSettings.Email, $"cannot be '{email}'", "Give the e-mail address with which the user of the Global API Key signs in.");
    }
}
