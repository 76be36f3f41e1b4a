using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Moving;

namespace KeyManager.Providers.Moving.AcmeSh;

/// <summary>Reads from the settings of a certificate how acme.sh renews it.</summary>
internal sealed class AcmeShRenewal(ForeignFiles files, ForeignDnsAccounts accounts, AcmeShConf account)
{
    // What a missing Le_Keylength means, whatever the version.
    private const string OldKeyLength = "2048";

    /// <summary>The renewal in our terms.</summary>
    /// <param name="conf">The settings.</param>
    /// <param name="name">The certificate.</param>
    /// <param name="source">Path of the settings.</param>
    /// <param name="leaf">The certificate as it is now.</param>
    /// <param name="hasKey">Whether its key is there too.</param>
    /// <exception cref="FormatException">The settings say no name.</exception>
    public ForeignRenewal Read(AcmeShConf conf, string name, string source, CertificateContent leaf, bool hasKey)
    {
        string first = conf["Le_Domain"] ?? throw new FormatException($"The file '{source}' says no name (Le_Domain), so nobody can tell how it is renewed.");
        int names = 1 + List(conf["Le_Alt"]).Count(n => n != "no");
        ForeignRenewal renewal = Prove(conf, name, source, names) with
        {
            AccountId = conf["Le_API"] is string directory ? AcmeShTool.AccountOf(directory) : null,
            KeyOnRenewal = hasKey && conf["Le_ForceNewDomainKey"] != "1" ? KeyOnRenewal.Same : KeyOnRenewal.New,
            KeySpec = KeyLengthText.Parse(conf["Le_Keylength"] ?? OldKeyLength),
            PreferredChain = conf["Le_Preferred_Chain"],
            Profile = conf["Le_Certificate_Profile"],
            DaysBeforeExpiry = ReadDays(conf["Le_RenewalDays"], leaf),
            Hooks = [.. Hooks(conf, name, source)],
        };
        if (conf["Le_Valid_To"] is string end && !end.StartsWith("+", StringComparison.Ordinal))
        {
            files.ByHand(MigrationKind.Renewal, name, $"The certificate of {first} was ordered to end at {end}, so acme.sh does not renew it.", "Switch its renewal on here only if it is to live longer.", source);
            return renewal with { IsPaused = true };
        }

        return renewal;
    }

    private static IReadOnlyList<string> List(string? text) => [.. (text ?? "").Split([','], StringSplitOptions.RemoveEmptyEntries).Select(t => t.Trim())];

    // It counts from the day of issue and goes a day earlier; a number below zero counts from the end, as we do.
    private static int? ReadDays(string? text, CertificateContent leaf)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int days) || days is < -3650 or > 3650)
        {
            return null;
        }

        int before = days < 0 ? -days : (int)Math.Round((leaf.NotAfter - leaf.NotBefore).TotalDays) - days + 1;
        return before > 0 && before < (leaf.NotAfter - leaf.NotBefore).TotalDays ? before : null;
    }

    private ForeignRenewal Prove(AcmeShConf conf, string name, string source, int names)
    {
        IReadOnlyList<string> given = List(conf["Le_Webroot"]);

        // One way for each name; the last counts for the rest.
        IReadOnlyList<string> ways = [.. given.Take(names).Distinct()];
        if (ways.Count != 1)
        {
            return ways.Count == 0
                ? LeftToPeople.Proof(null, MigrationKind.Renewal, name, $"acme.sh does not say how control of '{name}' is proved.", LeftToPeople.ByOneWay, source)
                : LeftToPeople.SeveralWays(name, ways, source);
        }

        string way = ways[0];
        return way switch
        {
            "no" => Listen(conf, ChallengeType.Http01, conf["Le_HTTPPort"] ?? "80"),
            "alpn" => Listen(conf, ChallengeType.TlsAlpn01, conf["Le_TLSPort"] ?? "443"),
            "dns" => LeftToPeople.WrittenRecords(ChallengeType.Dns01, name, source),
            "dns_persist" => ByHand(
                ChallengeType.DnsPersist01,
                name,
                "It is proved by a standing TXT record that names the account. With the same account the record stays right.",
                "Order it here with -ChallengeType DnsPersist01 and that account, or with a DNS account (New-KmDnsAccount).",
                source),
            "stateless" => ByHand(ChallengeType.Http01, name, "The web server answers every proof by itself (stateless).", ServeFolder, source),
            "apache" => ByHand(ChallengeType.Http01, name, "acme.sh changes the settings of Apache for each proof.", ServeFolder, source),
            _ when way.StartsWith("nginx:", StringComparison.Ordinal) => ByHand(ChallengeType.Http01, name, "acme.sh changes the settings of nginx for each proof.", ServeFolder, source),
            _ when way.StartsWith("dns_", StringComparison.Ordinal) => Write(conf, way, name, source),
            _ when IsFolder(way) => new ForeignRenewal { ChallengeType = ChallengeType.Http01, WebRootPath = way },
            _ => ByHand(null, name, "The way of its proof is not known here.", ServeFolder, source),
        };
    }

    private static string ServeFolder =>
        "Have the web server serve a folder at /.well-known/acme-challenge/ and order with New-KmCertificateOrder -WebRootPath, or use a DNS account (New-KmDnsAccount).";

    private static bool IsFolder(string way) => ForeignPath.IsPath(way) && (way[0] == '/' || Path.IsPathRooted(way));

    private static ForeignRenewal ByHand(ChallengeType? type, string name, string detail, string remedy, string source) =>
        LeftToPeople.Proof(type, MigrationKind.Renewal, name, detail, remedy, source);

    private static ForeignRenewal Listen(AcmeShConf conf, ChallengeType type, string port)
    {
        IReadOnlyList<string> addresses = [.. List(conf["Le_LocalAddress"]).Distinct()];
        string address = addresses.Count == 1 ? addresses[0] : "*";
        return new ForeignRenewal { ChallengeType = type, ListenAddress = (address.Contains(':') && address[0] != '[' ? $"[{address}]" : address) + ":" + port };
    }

    private ForeignRenewal Write(AcmeShConf conf, string hook, string name, string source)
    {
        if (AcmeShDns.ProviderOf(hook) is not string provider)
        {
            return LeftToPeople.Proof(
                ChallengeType.Dns01,
                MigrationKind.DnsAccount,
                hook,
                $"The DNS hook {hook} has no counterpart that takes over its settings.",
                "Make an account with New-KmDnsAccount: with the service itself (Get-KmProvider lists them), with a plug-in of Posh-ACME (-Provider PoshAcme), or with a script of yours (-Provider Script).",
                source);
        }

        if (new AcmeShDns(account, conf).Draft(hook) is not DnsAccountDraft draft)
        {
            return LeftToPeople.Proof(
                ChallengeType.Dns01,
                MigrationKind.DnsAccount,
                hook,
                $"acme.sh does not keep all that the DNS hook {hook} needs, or keeps it in a way that has no counterpart: it is given from outside at each run.",
                accounts.HowToMake(provider),
                source);
        }

        ForeignDnsAccount taken = accounts.Get(draft, source);
        if (provider == "AcmeDns")
        {
            files.ByHand(
                MigrationKind.DnsAccount,
                taken.Name,
                $"acme.sh does not keep the full domain of a registration; '{taken.Settings["FullDomain"]}' is what most servers give.",
                $"Compare it with the CNAME at _acme-challenge, and if it is another one: Set-KmDnsAccount {taken.Name} -FullDomain ...",
                source);
        }

        return new ForeignRenewal { ChallengeType = ChallengeType.Dns01, DnsAccount = taken };
    }

    private static IEnumerable<ForeignRemark> Hooks(AcmeShConf conf, string name, string source)
    {
        string[] copies =
        [
            .. new (string Setting, string What)[] { ("Le_RealCertPath", "certificate"), ("Le_RealKeyPath", "key"), ("Le_RealCACertPath", "chain"), ("Le_RealFullChainPath", "full chain") }
                .Where(c => conf[c.Setting] is not null).Select(c => $"the {c.What} to '{conf[c.Setting]}'"),
        ];
        if (copies.Length > 0)
        {
            yield return LeftToPeople.Hook(name, $"It copies {string.Join(", ", copies)}.", LeftToPeople.ByTargets, source);
        }

        foreach ((string setting, string when) in new[] { ("Le_ReloadCmd", "after it has copied the files"), ("Le_PreHook", "before each attempt"), ("Le_PostHook", "after each attempt"), ("Le_RenewHook", "after a renewal") })
        {
            if (conf[setting] is string command)
            {
                yield return LeftToPeople.Hook(name, $"It runs {CommandText.Show(command)} {when} ({setting}).", setting == "Le_PreHook" ? "A target here needs no stop of its service. " + LeftToPeople.ByTargets : "Give it to a target as -ReloadCommand. " + LeftToPeople.ByTargets, source);
            }
        }

        foreach (string hook in List(conf["Le_DeployHook"]))
        {
            string[] settings = [.. conf.Names.Where(n => n.StartsWith("SAVED_", StringComparison.Ordinal) && conf[n] is not null)];
            yield return LeftToPeople.Hook(name, $"It deploys with its hook '{hook}'{(settings.Length > 0 ? $", whose settings are {string.Join(", ", settings)}" : "")}.", LeftToPeople.ByTargets, source);
        }

        if (conf["Le_PFXPassword"] is not null)
        {
            yield return LeftToPeople.Hook(name, "It writes a PKCS#12 file after each renewal.", "Give a target a -KeystorePath and a -KeystorePassword. " + LeftToPeople.ByTargets, source);
        }
    }
}
