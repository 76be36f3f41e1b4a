using System;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services.AcmeDns;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Providers.Dns.Services.ClouDns;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Providers.Dns.Services.GoDaddy;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Services.Route53;
using static KeyManager.Providers.Moving.DnsAccountDraft;

namespace KeyManager.Providers.Moving.AcmeSh;

/// <summary>The DNS hooks of acme.sh whose services KeyManager knows, and the names under which they keep their credentials.</summary>
internal sealed class AcmeShDns(AcmeShConf account, AcmeShConf domain)
{
    /// <summary>Name of our provider; <c>null</c> for a hook of another service.</summary>
    public static string? ProviderOf(string hook) => hook switch
    {
        "dns_cf" => "Cloudflare",
        "dns_aws" => "Route53",
        "dns_azure" => "Azure",
        "dns_gd" => "GoDaddy",
        "dns_cloudns" => "ClouDns",
        "dns_me" => "DnsMadeEasy",
        "dns_acmedns" => "AcmeDns",
        "dns_nsupdate" => "Rfc2136",
        _ => null,
    };

    /// <summary>The account of a hook that <see cref="ProviderOf"/> knows; <c>null</c> when acme.sh does not keep what it needs.</summary>
    public DnsAccountDraft? Draft(string hook)
    {
        DnsAccountDraft draft = new(ProviderOf(hook) ?? throw new ArgumentException("Unknown hook.", nameof(hook)));
        return draft.Provider switch
        {
            "Cloudflare" => Cloudflare(draft),
            "Route53" => Route53(draft),
            "Azure" => Azure(draft),
            "GoDaddy" => Need(draft.Set(GoDaddySettings.Key, Value("GD_Key")).Secret(GoDaddySettings.Secret, Value("GD_Secret")), GoDaddySettings.Key, GoDaddySettings.Secret),
            "ClouDns" => ClouDns(draft),
            "DnsMadeEasy" => Need(
                draft.Secret(DnsMadeEasySettings.ApiKey, Value("ME_Key")).Secret(DnsMadeEasySettings.SecretKey, Value("ME_Secret")), DnsMadeEasySettings.ApiKey, DnsMadeEasySettings.SecretKey),
            "AcmeDns" => AcmeDns(draft),
            _ => Rfc2136(draft),
        };
    }

    // A hook takes a variable before what was saved for it, and both files are variables when it runs; the one of the account is read last.
    private string? Value(string name) => account[name] ?? domain[name] ?? account["SAVED_" + name];

    private DnsAccountDraft? Cloudflare(DnsAccountDraft draft)
    {
        if (Value("CF_Token") is string token)
        {
            return draft.Secret(CloudflareSettings.ApiToken, token).Set(CloudflareSettings.AccountId, Value("CF_Account_ID")).Set(CloudflareSettings.ZoneId, Value("CF_Zone_ID"));
        }

        return Need(draft.Set(CloudflareSettings.Email, Value("CF_Email")).Secret(CloudflareSettings.GlobalApiKey, Value("CF_Key")), CloudflareSettings.Email, CloudflareSettings.GlobalApiKey);
    }

    private DnsAccountDraft Route53(DnsAccountDraft draft)
    {
        draft.Set(Route53Settings.AccessKeyId, Value("AWS_ACCESS_KEY_ID")).Secret(Route53Settings.SecretAccessKey, Value("AWS_SECRET_ACCESS_KEY"));

        // Without a key it uses the role of the container or of the machine.
        return draft.Has(Route53Settings.AccessKeyId, Route53Settings.SecretAccessKey) ? draft : new DnsAccountDraft(draft.Provider).Set(Route53Settings.CredentialSource, Route53Settings.Automatic);
    }

    private DnsAccountDraft? Azure(DnsAccountDraft draft)
    {
        draft.Set(AzureSettings.SubscriptionId, Value("AZUREDNS_SUBSCRIPTIONID"));
        if (Value("AZUREDNS_MANAGEDIDENTITY") == "true")
        {
            return Need(draft.Set(AzureSettings.ManagedIdentity, IdentityKinds.Auto), AzureSettings.SubscriptionId);
        }

        if (Value("AZUREDNS_BEARERTOKEN") is string token)
        {
            const string Scheme = "Bearer ";
            return Need(draft.Secret(AzureSettings.AccessToken, token.StartsWith(Scheme, StringComparison.Ordinal) ? token.Substring(Scheme.Length) : token), AzureSettings.SubscriptionId);
        }

        draft.Set(AzureSettings.TenantId, Value("AZUREDNS_TENANTID")).Set(AzureSettings.ClientId, Value("AZUREDNS_APPID")).Secret(AzureSettings.ClientSecret, Value("AZUREDNS_CLIENTSECRET"));
        return Need(draft, AzureSettings.SubscriptionId, AzureSettings.TenantId, AzureSettings.ClientId, AzureSettings.ClientSecret);
    }

    private DnsAccountDraft? ClouDns(DnsAccountDraft draft)
    {
        string? sub = Value("CLOUDNS_SUB_AUTH_ID");
        draft.Set(sub is null ? ClouDnsSettings.AuthId : ClouDnsSettings.SubAuthId, sub ?? Value("CLOUDNS_AUTH_ID")).Secret(ClouDnsSettings.AuthPassword, Value("CLOUDNS_AUTH_PASSWORD"));
        return draft.Settings.Count > 0 ? Need(draft, ClouDnsSettings.AuthPassword) : null;
    }

    private DnsAccountDraft? AcmeDns(DnsAccountDraft draft)
    {
        string server = Value("ACMEDNS_BASE_URL") ?? "https://auth.acme-dns.io";
        draft.Set(DnsSettings.BaseUrl, server)
            .Set(AcmeDnsSettings.Username, Value("ACMEDNS_USERNAME"))
            .Secret(AcmeDnsSettings.Password, Value("ACMEDNS_PASSWORD"))
            .Set(AcmeDnsSettings.Subdomain, Value("ACMEDNS_SUBDOMAIN"));

        // It keeps no full domain. A server puts its registrations right below its own name, unless told otherwise.
        if (draft.Settings.TryGetValue(AcmeDnsSettings.Subdomain, out string? subdomain) && Uri.TryCreate(server, UriKind.Absolute, out Uri? address) && address.HostNameType == UriHostNameType.Dns)
        {
            draft.Set(AcmeDnsSettings.FullDomain, $"{subdomain}.{address.Host}");
        }

        return Need(draft, [.. AcmeDnsSettings.Registration]);
    }

    // Options for nsupdate may hold a key, and several servers are told one after the other: neither has a counterpart here.
    private DnsAccountDraft? Rfc2136(DnsAccountDraft draft)
    {
        string server = Value("NSUPDATE_SERVER") ?? "localhost";
        if (Value("NSUPDATE_OPT") is not null || server.Contains(','))
        {
            return null;
        }

        draft.Set(Rfc2136Settings.ServerName, NameServerText.Join(server, Value("NSUPDATE_SERVER_PORT"))).Set(Rfc2136Settings.ZoneName, Value("NSUPDATE_ZONE")?.TrimEnd('.'));
        return Value("NSUPDATE_KEY") is string key ? draft.Set(Rfc2136Settings.KeyPathName, key) : draft.Set(Rfc2136Settings.WithoutKeyName, bool.TrueString);
    }
}
