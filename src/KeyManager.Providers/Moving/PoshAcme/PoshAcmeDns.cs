using System;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns.Services.AcmeDns;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Providers.Dns.Services.ClouDns;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Providers.Dns.Services.GoDaddy;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Services.Route53;
using Newtonsoft.Json.Linq;
using static KeyManager.Providers.Moving.DnsAccountDraft;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>The plug-ins of Posh-ACME whose services KeyManager knows itself.</summary>
internal sealed class PoshAcmeDns(PoshAcmeArguments arguments)
{
    /// <summary>Name of our provider; <c>null</c> for a plug-in of another service.</summary>
    public static string? ProviderOf(string plugin) => plugin.ToUpperInvariant() switch
    {
        "CLOUDFLARE" => "Cloudflare",
        "ROUTE53" => "Route53",
        "AZURE" => "Azure",
        "GODADDY" => "GoDaddy",
        "CLOUDNS" => "ClouDns",
        "DMEASY" => "DnsMadeEasy",
        "ACMEDNS" => "AcmeDns",
        "RFC2136" => "Rfc2136",
        _ => null,
    };

    /// <summary>The account of a plug-in that <see cref="ProviderOf"/> knows; <c>null</c> when its arguments have no counterpart here.</summary>
    /// <param name="plugin">The plug-in.</param>
    /// <param name="names">The names of the certificate, in the order that it has them.</param>
    /// <param name="registrations">Of acme-dns: subdomain, user name, password and full domain by the name of the record.</param>
    public DnsAccountDraft? Draft(string plugin, string[] names, JObject? registrations)
    {
        DnsAccountDraft draft = new(ProviderOf(plugin) ?? throw new ArgumentException("Unknown plug-in.", nameof(plugin)));
        return draft.Provider switch
        {
            "Cloudflare" => arguments.Text("CFToken", "CFTokenInsecure") is string token
                ? draft.Secret(CloudflareSettings.ApiToken, token)
                : Need(
                    draft.Set(CloudflareSettings.Email, arguments.Text("CFAuthEmail")).Secret(CloudflareSettings.GlobalApiKey, arguments.Text("CFAuthKeySecure", "CFAuthKey")),
                    CloudflareSettings.Email,
                    CloudflareSettings.GlobalApiKey),
            "Route53" => Route53(draft),
            "Azure" => Azure(draft),
            "GoDaddy" => Need(
                draft.Set(GoDaddySettings.Key, arguments.Text("GDKey"))
                    .Secret(GoDaddySettings.Secret, arguments.Text("GDSecretSecure", "GDSecret"))
                    .Set(GoDaddySettings.CustomerId, arguments.Text("GDCustomerId"))
                    .Set(GoDaddySettings.Environment, arguments.IsOn("GDUseOTE") ? GoDaddySettings.Ote : null),
                GoDaddySettings.Key,
                GoDaddySettings.Secret),
            "ClouDns" => ClouDns(draft),
            "DnsMadeEasy" => Need(
                draft.Secret(DnsMadeEasySettings.ApiKey, arguments.Text("DMEKey"))
                    .Secret(DnsMadeEasySettings.SecretKey, arguments.Text("DMESecret", "DMESecretInsecure"))
                    .Set(DnsMadeEasySettings.Environment, arguments.IsOn("DMEUseSandbox") ? DnsMadeEasySettings.Sandbox : null),
                DnsMadeEasySettings.ApiKey,
                DnsMadeEasySettings.SecretKey),
            "AcmeDns" => AcmeDns(draft, names, registrations),
            _ => Rfc2136(draft),
        };
    }

    private DnsAccountDraft? Route53(DnsAccountDraft draft)
    {
        if (arguments.IsOn("R53UseIAMRole"))
        {
            return draft.Set(Route53Settings.CredentialSource, Route53Settings.FromInstance);
        }

        if (arguments.Text("R53ProfileName") is string profile)
        {
            return draft.Set(Route53Settings.ProfileName, profile);
        }

        draft.Set(Route53Settings.AccessKeyId, arguments.Text("R53AccessKey")).Secret(Route53Settings.SecretAccessKey, arguments.Text("R53SecretKey", "R53SecretKeyInsecure"));
        return Need(draft, Route53Settings.AccessKeyId, Route53Settings.SecretAccessKey);
    }

    private DnsAccountDraft? Azure(DnsAccountDraft draft)
    {
        string? environment = arguments.Text("AZEnvironment");
        if (environment is not null && !AzureCloud.All.Any(c => c.Name == environment))
        {
            return null;
        }

        draft.Set(AzureSettings.SubscriptionId, arguments.Text("AZSubscriptionId")).Set(AzureSettings.Environment, environment);
        if (arguments.IsOn("AZUseIMDS"))
        {
            return Need(draft.Set(AzureSettings.ManagedIdentity, IdentityKinds.Auto), AzureSettings.SubscriptionId);
        }

        if (arguments.Text("AZAccessTokenSecure", "AZAccessToken") is string token)
        {
            return Need(draft.Secret(AzureSettings.AccessToken, token), AzureSettings.SubscriptionId);
        }

        draft.Set(AzureSettings.TenantId, arguments.Text("AZTenantId")).Set(AzureSettings.ClientId, arguments.User("AZAppCred") ?? arguments.Text("AZAppUsername"));
        string way = AzureSettings.ClientSecret;
        if (arguments.Text("AZCertPfx") is string path)
        {
            way = AzureSettings.ClientCertificatePath;
            draft.Set(way, path).Secret(AzureSettings.ClientCertificatePassword, arguments.Text("AZPfxPassSecure", "AZPfxPass"));
        }
        else
        {
            draft.Secret(way, arguments.Text("AZAppCred", "AZAppPasswordInsecure"));
        }

        return Need(draft, AzureSettings.SubscriptionId, AzureSettings.TenantId, AzureSettings.ClientId, way);
    }

    private DnsAccountDraft? ClouDns(DnsAccountDraft draft)
    {
        string? user = arguments.Text("CDUserType") switch
        {
            "auth-id" => ClouDnsSettings.AuthId,
            "sub-auth-id" => ClouDnsSettings.SubAuthId,
            "sub-auth-user" => ClouDnsSettings.SubAuthUser,
            _ => null,
        };
        return user is null ? null : Need(
            draft.Set(user, arguments.Text("CDUsername")).Secret(ClouDnsSettings.AuthPassword, arguments.Text("CDPassword", "CDPasswordInsecure")), user, ClouDnsSettings.AuthPassword);
    }

    // A registration proves one name, and a certificate has one account here.
    private DnsAccountDraft? AcmeDns(DnsAccountDraft draft, string[] names, JObject? registrations)
    {
        string[] records = [.. names.Select(n => ProofText.RecordName(n.StartsWith("*.", StringComparison.Ordinal) ? n.Substring(2) : n)).Distinct(StringComparer.OrdinalIgnoreCase)];
        string? server = arguments.Text("ACMEUri") ?? (arguments.Text("ACMEServer") is string host ? "https://" + host : null);
        if (records.Length != 1 || arguments.Has("ACMECredential") || server is null || server.Contains('@'))
        {
            return null;
        }

        JToken? registration = arguments.Object("ACMERegistration")?.GetValue(records[0], StringComparison.OrdinalIgnoreCase) ?? registrations?.GetValue(records[0], StringComparison.OrdinalIgnoreCase);
        if (registration is not JArray { Count: >= 4 } list || list.Any(v => v.Type != JTokenType.String))
        {
            return null;
        }

        return draft.Set(DnsSettings.BaseUrl, server)
            .Set(AcmeDnsSettings.Subdomain, (string?)list[0])
            .Set(AcmeDnsSettings.Username, (string?)list[1])
            .Secret(AcmeDnsSettings.Password, (string?)list[2])
            .Set(AcmeDnsSettings.FullDomain, (string?)list[3]);
    }

    private DnsAccountDraft? Rfc2136(DnsAccountDraft draft)
    {
        string[] zones = [.. arguments.Texts("DDNSZone")];
        if (arguments.Text("DDNSNameserver") is not string server)
        {
            return null;
        }

        draft.Set(Rfc2136Settings.ServerName, NameServerText.Join(server, arguments.Text("DDNSPort"))).Set(Rfc2136Settings.ZoneName, zones.Length == 1 ? zones[0].TrimEnd('.') : null);
        if (arguments.Text("DDNSKeyName") is not string key || arguments.Text("DDNSKeyType") is not string algorithm || arguments.Text("DDNSKeyValue", "DDNSKeyValueInsecure") is not string value)
        {
            // Without all three nsupdate signs nothing.
            return draft.Set(Rfc2136Settings.WithoutKeyName, bool.TrueString);
        }

        return draft.Set(Rfc2136Settings.KeyNameName, key).Set(Rfc2136Settings.KeyAlgorithmName, algorithm.ToLowerInvariant()).Secret(Rfc2136Settings.KeySecretName, value);
    }
}
