using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>Reads from a renewal file how win-acme renews a certificate.</summary>
internal sealed class WinAcmeRenewal(ForeignFiles files, ForeignDnsAccounts accounts)
{
    private const string ByTargets = "then Set-KmDomainMapping; see docs/deployment.md.";

    /// <summary>The renewal in our terms.</summary>
    /// <param name="renewal">The file.</param>
    /// <param name="name">The certificate.</param>
    /// <param name="source">Path of the file.</param>
    /// <param name="server">Its server.</param>
    /// <param name="names">The names of the certificate as it is.</param>
    /// <param name="hasKey">Whether its key is there.</param>
    public ForeignRenewal Read(JObject renewal, string name, string source, WinAcmeServer server, IReadOnlyList<DomainName> names, bool hasKey)
    {
        JObject target = renewal.Object("TargetPluginOptions") ?? new JObject();
        if (PluginOf(target) is string chosen && chosen != WinAcmePlugins.Manual)
        {
            files.ByHand(
                MigrationKind.Renewal,
                name,
                "win-acme takes its names from the bindings of IIS at each renewal.",
                "The order here keeps the names that the certificate has now. For other names order it anew: New-KmCertificateOrder.",
                source);
        }

        JObject request = renewal.Object("CsrPluginOptions") ?? new JObject();
        if (request.Flag("OcspMustStaple"))
        {
            files.Note(LeftToPeople.MustStaple(name, source));
        }

        return Prove(renewal, name, source, server, names) with
        {
            AccountId = server.AccountId(renewal.Text("Account")),
            KeyOnRenewal = hasKey && request.Flag("ReusePrivateKey") ? KeyOnRenewal.Same : KeyOnRenewal.New,
            PreferredChain = server.Setting(renewal, "Acme", "PreferredIssuer"),
            Profile = server.Setting(renewal, "Acme", "CertificateProfile"),
            Hooks = [.. Stores(renewal, name, source), .. Installations(renewal, name, source)],
        };
    }

    /// <summary>The identifier of a plug-in, in lower case; <c>null</c> when the options name none.</summary>
    internal static string? PluginOf(JObject options) => options.Text("Plugin")?.ToLowerInvariant();

    private static string At(JObject options, string name = "Path") => options.Text(name) is string path ? $"'{path}'" : "the place in its settings";

    private static IEnumerable<ForeignRemark> Stores(JObject renewal, string name, string source)
    {
        foreach (JObject store in renewal.Objects("StorePluginOptions"))
        {
            const string Windows = "New-KmDeployTarget NAME -Kind Windows -StoreName ..., " + ByTargets;
            const string Files = "New-KmDeployTarget NAME -Kind Local with the paths of the files, " + ByTargets;
            (string Detail, string Remedy)? found = PluginOf(store) switch
            {
                null or WinAcmePlugins.NoStore => null,
                WinAcmePlugins.WindowsStore => ($"It puts the certificate into the store of Windows{(store.Text("StoreName") is string at ? $" '{at}'" : "")} of this machine.", Windows),
                WinAcmePlugins.UserStore => ("It puts the certificate into the store of Windows of the user.", Windows),
                WinAcmePlugins.CentralStore => ($"It puts the certificate into the Central Certificate Store at {At(store)}.", "New-KmDeployTarget NAME -Kind Share -KeystorePath ..., " + ByTargets),
                WinAcmePlugins.PemFiles => ($"It writes PEM files to {At(store)}.", Files),
                WinAcmePlugins.PfxFile => ($"It writes a PKCS#12 file to {At(store)}.", "New-KmDeployTarget NAME -Kind Local -KeystorePath ..., " + ByTargets),
                WinAcmePlugins.P7bFile => ($"It writes a PKCS#7 file to {At(store)}.", Files),
                WinAcmePlugins.KeyVault => ("It puts the certificate into an Azure Key Vault.", "New-KmDeployTarget NAME -Kind Script -ScriptPath ..., " + ByTargets),
                string other => ($"It stores the certificate with a plug-in that is not known here ({other}).", "New-KmDeployTarget, " + ByTargets),
            };
            if (found is not null)
            {
                yield return LeftToPeople.Hook(name, found.Value.Detail, found.Value.Remedy, source);
            }
        }
    }

    private static IEnumerable<ForeignRemark> Installations(JObject renewal, string name, string source)
    {
        foreach (JObject installation in renewal.Objects("InstallationPluginOptions"))
        {
            string site = installation.Text("SiteId") is string id ? $" of site {id}" : "";
            (string Detail, string Remedy)? found = PluginOf(installation) switch
            {
                null or WinAcmePlugins.NoInstallation => null,
                WinAcmePlugins.Iis => ($"It sets the bindings of IIS{site}.", "New-KmDeployTarget NAME -Kind Windows -Recipe IIS, " + ByTargets),
                WinAcmePlugins.IisFtp => ($"It sets the certificate of the FTP service of IIS{site}.", "New-KmDeployTarget NAME -Kind Script -ScriptPath ..., " + ByTargets),
                WinAcmePlugins.InstallationScript => (
                    $"It runs {CommandText.Show($"{installation.Text("Script")} {installation.Text("ScriptParameters")}".Trim())}.",
                    "New-KmDeployTarget NAME -Kind Script -ScriptPath ..., or a -ReloadCommand, " + ByTargets),
                string other => ($"It installs the certificate with a plug-in that is not known here ({other}).", "New-KmDeployTarget, " + ByTargets),
            };
            if (found is not null)
            {
                yield return LeftToPeople.Hook(name, found.Value.Detail, found.Value.Remedy, source);
            }
        }
    }

    private static ForeignRenewal Serve(JObject options, string name, string source) =>
        options.Text("Path") is string path && options.FlagOrNull("IsRootPath") != false && ForeignPath.IsPath(path)
            ? new ForeignRenewal { ChallengeType = ChallengeType.Http01, WebRootPath = path }
            : LeftToPeople.Proof(
                ChallengeType.Http01,
                MigrationKind.Renewal,
                name,
                options.Text("Path") is null ? "It puts the proofs into the folder of a site of IIS, which IIS names at each run." : $"It puts the proofs right into {At(options)}.",
                LeftToPeople.ByWebRoot,
                source);

    private static ForeignRenewal Listen(JObject options, ChallengeType type, int usual) =>
        new() { ChallengeType = type, ListenAddress = "*:" + (options.Number("Port") ?? usual).ToString(CultureInfo.InvariantCulture) };

    private ForeignRenewal Prove(JObject renewal, string name, string source, WinAcmeServer server, IReadOnlyList<DomainName> names)
    {
        JObject options = renewal.Object("ValidationPluginOptions") ?? new JObject();
        string plugin = PluginOf(options) ?? throw new FormatException($"The renewal '{source}' does not say how control is proved.");
        switch (plugin)
        {
            case WinAcmePlugins.FileSystem:
                return Serve(options, name, source);
            case WinAcmePlugins.HttpListener when !options.Flag("Https"):
                return Listen(options, ChallengeType.Http01, 80);
            case WinAcmePlugins.HttpListener:
                return LeftToPeople.Proof(
                    ChallengeType.Http01, MigrationKind.Renewal, name, "win-acme answers over HTTPS, behind something that passes the question on.", "Order it here with New-KmCertificateOrder -ListenAddress, with HTTP.", source);
            case WinAcmePlugins.TlsListener:
                return Listen(options, ChallengeType.TlsAlpn01, 443);
            case WinAcmePlugins.ByHand:
                return LeftToPeople.Proof(null, MigrationKind.Renewal, name, "Somebody proves it by hand.", "Let a DNS account do it: New-KmDnsAccount, then New-KmCertificateOrder -DnsAccount.", source) with { IsPaused = true };
            case WinAcmePlugins.NoProof:
                return LeftToPeople.Proof(
                    null, MigrationKind.Renewal, name, "Its names count as proved already at the authority.", "Order it here with any way of proof; what is proved already is not asked for again.", source);
            case WinAcmePlugins.ProofScript:
                ChallengeType type = options.Text("ChallengeType") == "http-01" ? ChallengeType.Http01 : ChallengeType.Dns01;
                return LeftToPeople.Proof(
                    type,
                    type == ChallengeType.Http01 ? MigrationKind.Renewal : MigrationKind.DnsAccount,
                    name,
                    $"A script publishes the proofs: {At(options, options.Text("CreateScript") is null ? "Script" : "CreateScript")}.",
                    type == ChallengeType.Http01
                        ? "Order it here with New-KmCertificateOrder -ChallengeScript."
                        : "Make an account with a script: New-KmDnsAccount NAME -Provider Script -AddPath ... -RemovePath ...; the parameters are others, see docs/dns.md.",
                    source);
            default:
                return WinAcmeDns.ProviderOf(plugin) is string provider ? Write(plugin, provider, options, name, source, server, names) : Other(plugin, name, source);
        }
    }

    private static ForeignRenewal Other(string plugin, string name, string source) => WinAcmePlugins.IsHttp(plugin)
        ? LeftToPeople.Proof(
            ChallengeType.Http01,
            MigrationKind.Renewal,
            name,
            $"It puts the proofs onto the web server by {WinAcmePlugins.NameOf(plugin)}.",
            plugin == WinAcmePlugins.Sftp
                ? "Make a target that takes challenge files: New-KmDeployTarget NAME -Kind Ssh -WebRoot ...; see docs/deployment.md."
                : "Order it here with New-KmCertificateOrder -WebRootPath (a share will do) or -ChallengeScript, or use a DNS account (New-KmDnsAccount).",
            source)
        : LeftToPeople.Proof(
            WinAcmePlugins.IsKnown(plugin) ? ChallengeType.Dns01 : null,
            WinAcmePlugins.IsKnown(plugin) ? MigrationKind.DnsAccount : MigrationKind.Renewal,
            name,
            WinAcmePlugins.IsKnown(plugin) ? $"The DNS service {WinAcmePlugins.NameOf(plugin)} has no counterpart that takes over its settings." : $"It is proved with a plug-in that is not known here ({plugin}).",
            "Make an account with New-KmDnsAccount: with a plug-in of Posh-ACME (-Provider PoshAcme), or with a script of yours (-Provider Script).",
            source);

    private ForeignRenewal Write(string plugin, string provider, JObject options, string name, string source, WinAcmeServer server, IReadOnlyList<DomainName> names)
    {
        string remedy = accounts.HowToMake(provider);
        try
        {
            return new WinAcmeDns(files, server.Secrets, server.Folder).Draft(plugin, options, names) is DnsAccountDraft draft
                ? new ForeignRenewal { ChallengeType = ChallengeType.Dns01, DnsAccount = accounts.Get(draft, source) }
                : LeftToPeople.Proof(ChallengeType.Dns01, MigrationKind.DnsAccount, name, $"The settings of its DNS service {provider} are not complete, or have no counterpart here.", remedy, source);
        }
        catch (FormatException error)
        {
            return LeftToPeople.Proof(ChallengeType.Dns01, MigrationKind.DnsAccount, name, $"The settings of its DNS service {provider} cannot be taken over. {error.Message}", remedy, source);
        }
    }
}
