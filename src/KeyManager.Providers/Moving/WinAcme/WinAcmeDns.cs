using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Dns.Services.AcmeDns;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Providers.Dns.Services.GoDaddy;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Services.Route53;
using Newtonsoft.Json.Linq;
using static KeyManager.Providers.Moving.DnsAccountDraft;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>The DNS plug-ins of win-acme whose services KeyManager knows.</summary>
internal sealed class WinAcmeDns(ForeignFiles files, WinAcmeSecrets secrets, string server)
{
    /// <summary>Name of our provider; <c>null</c> for a plug-in of another service.</summary>
    public static string? ProviderOf(string plugin) => plugin switch
    {
        WinAcmePlugins.Cloudflare => "Cloudflare",
        WinAcmePlugins.Route53 => "Route53",
        WinAcmePlugins.Azure => "Azure",
        WinAcmePlugins.GoDaddy => "GoDaddy",
        WinAcmePlugins.DnsMadeEasy => "DnsMadeEasy",
        WinAcmePlugins.AcmeDns => "AcmeDns",
        WinAcmePlugins.Rfc2136 => "Rfc2136",
        _ => null,
    };

    /// <summary>The account of a plug-in that <see cref="ProviderOf"/> knows; <c>null</c> when its options have no counterpart here.</summary>
    /// <exception cref="FormatException">A secret that cannot be read.</exception>
    public DnsAccountDraft? Draft(string plugin, JObject options, IReadOnlyList<DomainName> names)
    {
        DnsAccountDraft draft = new(ProviderOf(plugin) ?? throw new ArgumentException("Unknown plug-in.", nameof(plugin)));
        return draft.Provider switch
        {
            "Cloudflare" => Need(draft.Secret(CloudflareSettings.ApiToken, Secret(options, "ApiToken")), CloudflareSettings.ApiToken),
            "Route53" => Route53(draft, options),
            "Azure" => Azure(draft, options),
            "GoDaddy" => Need(
                draft.Set(GoDaddySettings.Key, Secret(options, "SecretSafe")).Secret(GoDaddySettings.Secret, Secret(options, "ApiSecret")), GoDaddySettings.Key, GoDaddySettings.Secret),
            "DnsMadeEasy" => Need(
                draft.Secret(DnsMadeEasySettings.ApiKey, Secret(options, "ApiKey")).Secret(DnsMadeEasySettings.SecretKey, Secret(options, "ApiSecret")),
                DnsMadeEasySettings.ApiKey,
                DnsMadeEasySettings.SecretKey),
            "AcmeDns" => AcmeDns(draft, options, names),
            _ => Rfc2136(draft, options),
        };
    }

    private static DnsAccountDraft? Registered(DnsAccountDraft draft, JObject registration) => Need(
        draft.Set(AcmeDnsSettings.Username, registration.Text("username"))
            .Secret(AcmeDnsSettings.Password, registration.Text("password"))
            .Set(AcmeDnsSettings.Subdomain, registration.Text("subdomain"))
            .Set(AcmeDnsSettings.FullDomain, registration.Text("fulldomain")),
        [.. AcmeDnsSettings.Registration]);

    private string? Secret(JObject options, string name) => secrets.Read(options.Exact(name));

    private DnsAccountDraft? Route53(DnsAccountDraft draft, JObject options)
    {
        draft.Set(Route53Settings.RoleArn, options.Text("ARNRole")).Set(Route53Settings.Region, options.Text("Region"));
        if (options.Text("AccessKeyId") is string key)
        {
            return Need(draft.Set(Route53Settings.AccessKeyId, key).Secret(Route53Settings.SecretAccessKey, Secret(options, "SecretAccessKeySafe")), Route53Settings.SecretAccessKey);
        }

        // With the name of a role or without, it takes the role of the machine.
        return draft.Set(Route53Settings.CredentialSource, Route53Settings.FromInstance);
    }

    private DnsAccountDraft? Azure(DnsAccountDraft draft, JObject options)
    {
        string? environment = options.Text("AzureEnvironment");
        if (environment is not null && !AzureCloud.All.Any(c => c.Name == environment))
        {
            return null;
        }

        draft.Set(AzureSettings.Environment, environment).Set(AzureSettings.SubscriptionId, options.Text("SubscriptionId")).Set(AzureSettings.ResourceGroup, options.Text("ResourceGroupName"));
        if (options.Flag("UseMsi"))
        {
            return Need(draft.Set(AzureSettings.ManagedIdentity, IdentityKinds.Auto).Set(AzureSettings.IdentityClientId, options.Text("ClientId")), AzureSettings.SubscriptionId);
        }

        draft.Set(AzureSettings.TenantId, options.Text("TenantId")).Set(AzureSettings.ClientId, options.Text("ClientId")).Secret(AzureSettings.ClientSecret, Secret(options, "SecretSafe"));
        return Need(draft, AzureSettings.SubscriptionId, AzureSettings.TenantId, AzureSettings.ClientId, AzureSettings.ClientSecret);
    }

    // A registration proves one name, and a certificate has one account here.
    private DnsAccountDraft? AcmeDns(DnsAccountDraft draft, JObject options, IReadOnlyList<DomainName> names)
    {
        string[] domains = [.. names.Select(n => n.BaseName).Distinct()];
        if (domains.Length != 1 || !Uri.TryCreate(options.Text("BaseUri"), UriKind.Absolute, out Uri? address) || address.UserInfo.Length > 0)
        {
            return null;
        }

        // The folder is the address without what a file name cannot have, which is more on Windows than elsewhere.
        string[] folders = [.. new[] { Path.Combine(server, "acme-dns"), Path.Combine(Path.GetDirectoryName(server) ?? server, "acme-dns") }.SelectMany(files.Folders)];
        string host = Plain(address.Host + (address.IsDefaultPort ? "" : ":" + address.Port) + address.AbsolutePath);
        string? path = folders.Where(f => Plain(Path.GetFileName(f)) == host).Select(f => Path.Combine(f, domains[0] + ".json")).FirstOrDefault(File.Exists);
        return path is not null && files.ReadJson(MigrationKind.DnsAccount, domains[0], path) is JObject registration
            ? Registered(draft.Set(DnsSettings.BaseUrl, address.AbsoluteUri.TrimEnd('/')), registration)
            : null;
    }

    private static string Plain(string text) => new([.. text.ToLowerInvariant().Where(c => c is not ('/' or ':'))]);

    private DnsAccountDraft? Rfc2136(DnsAccountDraft draft, JObject options)
    {
        if (options.Text("ServerHost") is not string host)
        {
            return null;
        }

        draft.Set(Rfc2136Settings.ServerName, NameServerText.Join(host, options.Text("ServerPort")));
        if (options.Text("TsigKeyName") is not string key)
        {
            return draft.Set(Rfc2136Settings.WithoutKeyName, bool.TrueString);
        }

        // What it does not know it takes for MD5.
        string algorithm = options.Text("TsigKeyAlgorithm")?.ToLowerInvariant() is { } known and ("sha1" or "sha256" or "sha384" or "sha512") ? known : "md5";
        return Need(
            draft.Set(Rfc2136Settings.KeyNameName, key).Set(Rfc2136Settings.KeyAlgorithmName, "hmac-" + algorithm).Secret(Rfc2136Settings.KeySecretName, Secret(options, "TsigKeySecret")),
            Rfc2136Settings.KeySecretName);
    }
}
