using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Dns;
using KeyManager.Moving;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Providers.Dns.Services.Rfc2136;

namespace KeyManager.Providers.Moving.Certbot;

/// <summary>How Certbot renews one certificate: the section renewalparams of its settings.</summary>
internal sealed class CertbotRenewal(ForeignFiles files, ForeignDnsAccounts services, ConfigObj settings, string name, string source)
{
    public const string Section = "renewalparams";

    // Where Certbot writes no size, it takes this.
    private const int UsualRsaLength = 2048;

    private static readonly Dictionary<string, int> Curves = new() { ["secp256r1"] = 256, ["secp384r1"] = 384, ["secp521r1"] = 521 };

    public ForeignRenewal Read(string? accountId)
    {
        ForeignRenewal renewal = new()
        {
            AccountId = accountId,
            KeyOnRenewal = IsTrue("reuse_key") ? KeyOnRenewal.Same : KeyOnRenewal.New,
            KeySpec = Key(),
            PreferredChain = Text("preferred_chain"),
            Profile = Text("required_profile") ?? Text("preferred_profile"),
            DaysBeforeExpiry = Days(settings.Text("", "renew_before_expiry")),
            IsPaused = Text("autorenew") is string auto && auto.Equals("False", StringComparison.OrdinalIgnoreCase),
            Hooks = [.. Hooks()],
        };

        // Before 1.0 a plug-in was written with the package it came in: "certbot-dns-x:dns-x".
        string authenticator = (Text("authenticator") ?? "").Split(':').Last();
        return authenticator switch
        {
            "standalone" => renewal with { ChallengeType = ChallengeType.Http01, ListenAddress = $"{Text("http01_address") ?? "*"}:{Text("http01_port") ?? "80"}" },
            "webroot" => WebRoot(renewal),
            "manual" => renewal with
            {
                ChallengeType = settings.List(Section, "pref_challs").Any(c => c.StartsWith("dns", StringComparison.OrdinalIgnoreCase)) ? ChallengeType.Dns01 : ChallengeType.Http01,
                ProofByHand = ByHand("Certbot proves control with scripts of yours (manual_auth_hook, manual_cleanup_hook).", "Write them as one PowerShell script, then: Set-KmCertificateOrder {0} -ChallengeScript ...; or let a DNS account do it: -DnsAccount ..."),
            },
            "nginx" or "apache" => renewal with
            {
                ChallengeType = ChallengeType.Http01,
                ProofByHand = ByHand($"Certbot proves control by editing the settings of {authenticator}.", "Name the folder that it serves: Set-KmCertificateOrder {0} -WebRootPath ...; or a DNS account: -DnsAccount ..."),
            },
            _ when authenticator.StartsWith("dns-", StringComparison.Ordinal) => Dns(renewal, authenticator),
            _ => renewal with { ProofByHand = ByHand($"Certbot proves control with the plug-in '{authenticator}', which is not known here.", "Say how it is done here: Set-KmCertificateOrder {0} -WebRootPath ..., -ListenAddress ... or -DnsAccount ...") },
        };
    }

    /// <summary>When a kind of hook runs.</summary>
    public static string When(string kind) => kind switch { "pre" => "before the renewal", "post" => "after each attempt at a renewal", _ => "after the renewal" };

    private ForeignRenewal WebRoot(ForeignRenewal renewal)
    {
        const string map = Section + "/webroot_map";
        List<string> folders = [.. settings.Names(map).Select(n => settings.Text(map, n)).OfType<string>().Distinct()];
        if (folders.Count == 0)
        {
            folders.AddRange(settings.List(Section, "webroot_path").Reverse().Take(1)); // the last is for the names that follow it
        }

        renewal = renewal with { ChallengeType = ChallengeType.Http01 };
        return folders.Count == 1 ? renewal with { WebRootPath = folders[0] }
            : renewal with
            {
                ProofByHand = ByHand(
                    folders.Count == 0 ? "Certbot does not say which folder the web server serves." : $"Its names are served from several folders: {string.Join(", ", folders)}.",
                    "Have the path /.well-known/acme-challenge/ of all names served from one folder, then: Set-KmCertificateOrder {0} -WebRootPath ...; or use a DNS account: -DnsAccount ..."),
            };
    }

    private ForeignRenewal Dns(ForeignRenewal renewal, string authenticator)
    {
        string prefix = authenticator.Replace('-', '_') + "_";
        renewal = renewal with { ChallengeType = ChallengeType.Dns01 };
        string provider = authenticator.Substring(4);
        if (provider == "route53")
        {
            // Keys from the environment or the files of AWS, as our own Route53 finds them.
            return renewal with { DnsAccount = services.Get(new DnsAccountDraft("Route53"), source) };
        }

        if (provider is not ("cloudflare" or "rfc2136" or "dnsmadeeasy"))
        {
            return renewal with { ProofByHand = ByHand($"Certbot writes the records with the plug-in {authenticator}, whose credentials are not read here.", "Make an account with the service (New-KmDnsAccount; -Provider PoshAcme takes Posh-ACME's plug-ins), then: Set-KmCertificateOrder {0} -DnsAccount ...") };
        }

        if (Text(prefix + "credentials") is not string path || files.ReadText(MigrationKind.DnsAccount, provider, path) is not string text)
        {
            return renewal with { ProofByHand = ByHand($"The credentials that Certbot uses with {authenticator} cannot be read.", "Make the account here: New-KmDnsAccount, then: Set-KmCertificateOrder {0} -DnsAccount ...") };
        }

        ConfigObj credentials = ConfigObj.Parse(text);
        DnsAccountDraft? draft = provider switch
        {
            "cloudflare" => Cloudflare(credentials),
            "dnsmadeeasy" => DnsAccountDraft.Need(
                new DnsAccountDraft("DnsMadeEasy").Secret(DnsMadeEasySettings.ApiKey, credentials.Text("", "dns_dnsmadeeasy_api_key")).Secret(DnsMadeEasySettings.SecretKey, credentials.Text("", "dns_dnsmadeeasy_secret_key")),
                DnsMadeEasySettings.ApiKey,
                DnsMadeEasySettings.SecretKey),
            _ => Rfc2136(credentials),
        };
        return draft is not null ? renewal with { DnsAccount = services.Get(draft, path) }
            : renewal with { ProofByHand = ByHand($"The file '{path}' lacks credentials that {authenticator} needs.", "Make the account here: New-KmDnsAccount, then: Set-KmCertificateOrder {0} -DnsAccount ...") };
    }

    private static DnsAccountDraft? Cloudflare(ConfigObj credentials)
    {
        DnsAccountDraft byToken = new DnsAccountDraft("Cloudflare").Secret(CloudflareSettings.ApiToken, credentials.Text("", "dns_cloudflare_api_token"));
        return byToken.Has(CloudflareSettings.ApiToken) ? byToken : DnsAccountDraft.Need(
            byToken.Set(CloudflareSettings.Email, credentials.Text("", "dns_cloudflare_email")).Secret(CloudflareSettings.GlobalApiKey, credentials.Text("", "dns_cloudflare_api_key")),
            CloudflareSettings.Email,
            CloudflareSettings.GlobalApiKey);
    }

    private static DnsAccountDraft? Rfc2136(ConfigObj credentials) => DnsAccountDraft.Need(
        new DnsAccountDraft("Rfc2136")
            .Set(Rfc2136Settings.ServerName, credentials.Text("", "dns_rfc2136_server") is string server ? NameServerText.Join(server, credentials.Text("", "dns_rfc2136_port")) : null)
            .Set(Rfc2136Settings.KeyNameName, credentials.Text("", "dns_rfc2136_name"))

            // HMAC-MD5 is what Certbot takes when none is named.
            .Set(Rfc2136Settings.KeyAlgorithmName, (credentials.Text("", "dns_rfc2136_algorithm") ?? "HMAC-MD5").ToLowerInvariant())
            .Secret(Rfc2136Settings.KeySecretName, credentials.Text("", "dns_rfc2136_secret")),
        Rfc2136Settings.ServerName,
        Rfc2136Settings.KeyNameName,
        Rfc2136Settings.KeySecretName);

    private IEnumerable<ForeignRemark> Hooks()
    {
        foreach ((string setting, string kind) in new[] { ("pre_hook", "pre"), ("renew_hook", "deploy"), ("deploy_hook", "deploy"), ("post_hook", "post") })
        {
            if (Text(setting) is string command)
            {
                // The program alone: its arguments may hold passwords.
                yield return LeftToPeople.Hook(name, $"Certbot runs '{Path.GetFileName(command.Trim().Split(' ')[0])}' {When(kind)} (setting {setting}).", LeftToPeople.BySameTarget, source);
            }
        }

        if (Text("installer") is string installer)
        {
            yield return LeftToPeople.Hook(name, $"Certbot puts the certificate into the settings of {installer}, which point to the files of Certbot.", LeftToPeople.BySameTarget, source);
        }

        if (IsTrue("must_staple"))
        {
            yield return new(MigrationKind.Renewal, name, "Certbot asks for the extension must-staple; renewals here do not.", null, source);
        }
    }

    private KeySpec? Key()
    {
        // Before 1.25 RSA was what nothing was written about.
        if ((Text("key_type") ?? "rsa").Equals("ecdsa", StringComparison.OrdinalIgnoreCase))
        {
            return Curves.TryGetValue(Text("elliptic_curve") ?? "secp256r1", out int bits) ? KeySpec.Create(KeyAlgorithm.Ecdsa, bits) : null;
        }

        return KeySpec.Find($"RSA {Text("rsa_key_size") ?? UsualRsaLength.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <summary>"30 days", "2 weeks"; anything else is left to us.</summary>
    private static int? Days(string? text)
    {
        string[] words = (text ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > 398)
        {
            return null;
        }

        int days = words[1].TrimEnd('s') switch { "day" => count, "week" => count * 7, _ => 0 };
        return days is >= 1 and <= 398 ? days : null;
    }

    private string? Text(string setting) => settings.Text(Section, setting);

    private bool IsTrue(string setting) => Text(setting) is string text && text.Equals("True", StringComparison.OrdinalIgnoreCase);

    private ForeignRemark ByHand(string detail, string remedy) => new(MigrationKind.Renewal, name, detail, string.Format(CultureInfo.InvariantCulture, remedy, name), source);
}
