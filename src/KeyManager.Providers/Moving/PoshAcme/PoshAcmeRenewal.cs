using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Dns.Services.PoshAcme;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>Reads from an order (order.json, pluginargs.json) how Posh-ACME renews its certificate.</summary>
internal sealed class PoshAcmeRenewal(ForeignFiles files, ForeignDnsAccounts accounts, PoshAcmePlugins plugins)
{
    // What every order has that was not given a password; who used the file did not need one.
    private const string UsualPassword = "poshacme";

    /// <summary>The renewal in our terms.</summary>
    /// <param name="order">The order.</param>
    /// <param name="name">Its name.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="account">Its account.</param>
    /// <param name="password">Password of its PKCS#12 files.</param>
    /// <param name="hasKey">Whether its key is there.</param>
    public ForeignRenewal Read(JObject order, string name, string folder, PoshAcmeAccount account, string? password, bool hasKey)
    {
        string source = Path.Combine(folder, "order.json");
        if (order.Number("LifetimeDays") is > 0 and int days)
        {
            files.ByHand(MigrationKind.Renewal, name, $"It asks for a life of {days} days.", $"Order it here with New-KmCertificateOrder -ValidityDays {days}.", source);
        }

        if (order.Flag("OCSPMustStaple"))
        {
            files.Note(LeftToPeople.MustStaple(name, source));
        }

        return Prove(order, name, folder, source, account) with
        {
            AccountId = account.Id,
            KeyOnRenewal = hasKey && !order.Flag("AlwaysNewKey") ? KeyOnRenewal.Same : KeyOnRenewal.New,
            KeySpec = KeyLengthText.Parse(order.Text("KeyLength")),
            PreferredChain = order.Text("PreferredChain"),
            Profile = order.Text("profile"),
            Hooks = [.. Hooks(order, name, folder, source, password)],
        };
    }

    private static IEnumerable<ForeignRemark> Hooks(JObject order, string name, string folder, string source, string? password)
    {
        if (order.Flag("Install"))
        {
            yield return LeftToPeople.Hook(name, $"It puts the certificate into the store of Windows, as '{order.Text("FriendlyName") ?? name}'.", "Use a target of the kind Windows. " + LeftToPeople.ByTargets, source);
        }

        if (password is not null and not UsualPassword)
        {
            yield return LeftToPeople.Hook(
                name, $"It writes PKCS#12 files with a password of yours to '{folder}'.", "Give a target a -KeystorePath and a -KeystorePassword. " + LeftToPeople.ByTargets, source);
        }
    }

    private ForeignRenewal Prove(JObject order, string name, string folder, string source, PoshAcmeAccount account)
    {
        string[] names = [.. order.Texts("MainDomain"), .. order.Texts("SANs")];
        IReadOnlyList<string> given = order.Texts("Plugin") is { Count: > 0 } now ? now : order.Texts("DnsPlugin");

        // One for each name; the last counts for the rest.
        string[] ways = [.. given.Take(Math.Max(1, names.Length)).Distinct(StringComparer.OrdinalIgnoreCase)];
        if (ways.Length > 1)
        {
            return LeftToPeople.SeveralWays(name, ways, source);
        }

        string plugin = ways.Length == 1 ? ways[0] : "Manual";
        ChallengeType dns = order.Text("DnsVariant") == "dns-account-01" ? ChallengeType.DnsAccount01 : ChallengeType.Dns01;
        if (string.Equals(plugin, "Manual", StringComparison.OrdinalIgnoreCase))
        {
            return LeftToPeople.WrittenRecords(dns, name, source);
        }

        string path = Path.Combine(folder, "pluginargs.json");
        try
        {
            JObject json = File.Exists(path) ? files.ReadJson(MigrationKind.Renewal, name, path) ?? throw new FormatException("Its arguments cannot be read.") : new JObject();
            PoshAcmeArguments arguments = PoshAcmeArguments.Read(json, account.Secrets);
            return plugin.ToUpperInvariant() switch
            {
                "WEBROOT" => Serve(arguments, name, path),
                "WEBSELFHOST" => new ForeignRenewal { ChallengeType = ChallengeType.Http01, ListenAddress = "*:" + (arguments.Text("WSHPort") ?? "80") },
                _ => Write(plugin, arguments, dns, names, path, account),
            };
        }
        catch (FormatException error)
        {
            bool isHttp = plugin.ToUpperInvariant() is "WEBROOT" or "WEBSELFHOST";
            return LeftToPeople.Proof(
                isHttp ? ChallengeType.Http01 : dns,
                isHttp ? MigrationKind.Renewal : MigrationKind.DnsAccount,
                plugin,
                $"The arguments of the plug-in {plugin} cannot be taken over. {error.Message}",
                isHttp ? "Order it here with New-KmCertificateOrder -WebRootPath or -ListenAddress." : NewAccount(plugin) + " Or import as the user who runs Posh-ACME.",
                path);
        }
    }

    private static ForeignRenewal Serve(PoshAcmeArguments arguments, string name, string source)
    {
        IReadOnlyList<string> folders = [.. arguments.Texts("WRPath").Distinct()];
        return folders.Count == 1 && !arguments.IsOn("WRExactPath") && ForeignPath.IsPath(folders[0])
            ? new ForeignRenewal { ChallengeType = ChallengeType.Http01, WebRootPath = folders[0] }
            : LeftToPeople.Proof(
                ChallengeType.Http01,
                MigrationKind.Renewal,
                name,
                folders.Count switch
                {
                    0 => "The plug-in WebRoot has no folder (WRPath).",
                    1 => $"It puts the proofs right into '{folders[0]}' (WRExactPath).",
                    _ => $"It puts the proofs into several folders: {string.Join(", ", folders)}.",
                },
                LeftToPeople.ByWebRoot,
                source);
    }

    private string NewAccount(string plugin) => PoshAcmeDns.ProviderOf(plugin) is string provider
        ? accounts.HowToMake(provider)
        : $"Make the account here: New-KmDnsAccount {accounts.NameOf(plugin)} -Provider PoshAcme -PluginPath ... -PluginArgument @{{ ... }}.";

    private ForeignRenewal Write(string plugin, PoshAcmeArguments arguments, ChallengeType type, string[] names, string source, PoshAcmeAccount account)
    {
        if (PoshAcmeDns.ProviderOf(plugin) is not null)
        {
            return new PoshAcmeDns(arguments).Draft(plugin, names, account.Registrations) is DnsAccountDraft known
                ? new ForeignRenewal { ChallengeType = type, DnsAccount = accounts.Get(known, source) }
                : LeftToPeople.Proof(type, MigrationKind.DnsAccount, plugin, $"The arguments of the plug-in {plugin} are not complete, or have no counterpart here.", NewAccount(plugin), source);
        }

        if (plugins.Find(plugin) is not string file)
        {
            return LeftToPeople.Proof(
                type,
                MigrationKind.DnsAccount,
                plugin,
                $"The plug-in {plugin} is not found: Posh-ACME is not installed where this user's PowerShell looks for modules.",
                $"Import again where it is installed. {NewAccount(plugin)}",
                source);
        }

        DnsAccountDraft bridge = new DnsAccountDraft("PoshAcme").Set(PoshAcmeSettings.PluginPath, file);
        arguments.CopyTo(bridge);
        return new ForeignRenewal { ChallengeType = type, DnsAccount = accounts.Get(bridge, source) };
    }
}
