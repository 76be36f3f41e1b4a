using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Files;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.AcmeSh;

/// <summary>Reads what acme.sh keeps: account.conf, ca/HOST/PATH/account.key, and a folder for each certificate.</summary>
internal sealed class AcmeShTool(IKeyTools keys, ICertificateTools certificates, HostEnvironment environment) : IForeignTool
{
    internal const string Name = "acme.sh";

    private const string EccSuffix = "_ecc";

    // HOST/PATH of a directory: no authority has more than a few steps.
    private const int DeepestAccount = 8;

    private readonly PemBundle _bundle = new(keys, certificates);

    /// <inheritdoc/>
    public ForeignToolDescription Description { get; } = new()
    {
        Name = Name,
        Folders =
        [
            .. new[]
            {
                environment.Variable("LE_CONFIG_HOME"), environment.Variable("LE_WORKING_DIR"), Path.Combine(environment.Home, ".acme.sh"),
                environment.IsWindows ? null : "/root/.acme.sh", environment.IsWindows ? null : "/etc/acme.sh",
            }.OfType<string>().Distinct(),
        ],
        HowToStop = "It runs from the crontab of its user. Take one certificate from it with 'acme.sh --remove -d NAME' (with --ecc for an ECDSA key), and all of them with 'acme.sh --uninstall-cronjob'; its files stay.",
    };

    /// <inheritdoc/>
    public ForeignState Read(string folder)
    {
        ForeignFiles files = new();
        AcmeShConf account = ReadConf(files, MigrationKind.Account, Path.Combine(folder, "account.conf"), isOptional: true) ?? AcmeShConf.Empty;
        IReadOnlyList<(string Folder, bool IsEcc)> found = [.. Homes(folder, account).SelectMany(home => CertificateFolders(files, home))];
        Dictionary<string, string> directories = new(StringComparer.Ordinal);
        List<ForeignCertificate> taken = [];
        AcmeShRenewal renewals = new(files, new ForeignDnsAccounts(Name), account);
        foreach ((string place, bool isEcc) in found)
        {
            string domain = DomainOf(place, isEcc);
            string name = isEcc && !found.Any(f => !f.IsEcc && DomainOf(f.Folder, false) == domain) ? domain : Path.GetFileName(place);
            string path = Path.Combine(place, domain + ".conf");
            AcmeShConf? conf = File.Exists(path) ? ReadConf(files, MigrationKind.Renewal, path, isOptional: false) : null;
            if (conf?["Le_API"] is string directory && AccountOf(directory) is string id)
            {
                directories[id] = directory;
            }

            if (files.Try(MigrationKind.Certificate, name, place, () => ReadCertificate(files, renewals, name, place, domain, conf)) is ForeignCertificate certificate)
            {
                taken.Add(certificate);
            }
        }

        if (account["DEFAULT_ACME_SERVER"] is string usual && AccountOf(usual) is string usualId && !directories.ContainsKey(usualId))
        {
            directories[usualId] = usual;
        }

        IReadOnlyList<ForeignAccount> accounts = [.. AccountFolders(files, Path.Combine(folder, "ca"))
            .Select(f => files.Try(MigrationKind.Account, f.Id, f.Folder, () => ReadAccount(files, f.Id, f.Folder, account, directories)))
            .OfType<ForeignAccount>()];
        if (accounts.Count + found.Count + files.Remarks.Count == 0 && !File.Exists(Path.Combine(folder, "account.conf")))
        {
            throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"acme.sh keeps nothing in '{folder}'.")
            {
                Target = folder,
                Remedy = "Give the folder that holds its account.conf, usually .acme.sh in the home of the user who runs it.",
            };
        }

        NoteNotices(files, account, folder);
        return new ForeignState { Accounts = accounts, Certificates = taken, Remarks = files.Remarks };
    }

    /// <summary>What acme.sh calls the account for a directory, as it names its folders: host without port, and path; <c>null</c> for something that is no address.</summary>
    internal static string? AccountOf(string directory) =>
        Uri.TryCreate(directory, UriKind.Absolute, out Uri? url) && url.Host.Length > 0 ? (url.Host + url.AbsolutePath).TrimEnd('/') : null;

    private static string DomainOf(string folder, bool isEcc)
    {
        string name = Path.GetFileName(folder);
        return isEcc ? name.Substring(0, name.Length - EccSuffix.Length) : name;
    }

    private static AcmeShConf? ReadConf(ForeignFiles files, MigrationKind kind, string path, bool isOptional)
    {
        if (isOptional && !File.Exists(path))
        {
            return null;
        }

        string name = Path.GetFileName(path);
        AcmeShConf? conf = files.ReadText(kind, name, path) is string text ? AcmeShConf.Parse(text) : null;
        if (conf is { Damaged.Count: > 0 })
        {
            files.Problem(kind, name, $"The file '{path}' is damaged: {string.Join(", ", conf.Damaged)} cannot be decoded.", "Give it again in acme.sh, or set it up here by hand.", path);
        }

        return conf;
    }

    // Its settings may say that certificates lie elsewhere; those of earlier times stay where they were.
    private static IEnumerable<string> Homes(string folder, AcmeShConf account)
    {
        yield return folder;
        if (account["CERT_HOME"] is string home && ForeignPath.IsFull(home) && home.TrimEnd('/') != folder.TrimEnd('/'))
        {
            yield return home;
        }
    }

    private static IEnumerable<(string Folder, bool IsEcc)> CertificateFolders(ForeignFiles files, string home)
    {
        foreach (string place in files.Folders(home))
        {
            string name = Path.GetFileName(place);
            bool isEcc = name.EndsWith(EccSuffix, StringComparison.Ordinal) && name.Length > EccSuffix.Length;
            string domain = DomainOf(place, isEcc);
            if (new[] { ".conf", ".conf.removed", ".cer", ".key", ".csr" }.Any(e => File.Exists(Path.Combine(place, domain + e))))
            {
                yield return (place, isEcc);
            }
        }
    }

    private static IEnumerable<(string Id, string Folder)> AccountFolders(ForeignFiles files, string root) => AccountFolders(files, root, "", DeepestAccount);

    private static IEnumerable<(string Id, string Folder)> AccountFolders(ForeignFiles files, string folder, string id, int depth)
    {
        if (id.Length > 0 && new[] { "account.key", "account.json", "ca.conf" }.Any(f => File.Exists(Path.Combine(folder, f))))
        {
            yield return (id, folder);
        }

        foreach (string below in depth > 0 ? files.Folders(folder) : [])
        {
            string name = Path.GetFileName(below);
            foreach ((string, string) account in AccountFolders(files, below, id.Length > 0 ? $"{id}/{name}" : name, depth - 1))
            {
                yield return account;
            }
        }
    }

    private static void NoteNotices(ForeignFiles files, AcmeShConf account, string folder)
    {
        if (account["NOTIFY_HOOK"] is string hook)
        {
            files.ByHand(
                MigrationKind.Task, "notices", $"acme.sh tells about renewals by {hook}.", "Say here who is told of what: Set-KmNotificationPolicy, and Send-KmNotification tries it.", Path.Combine(folder, "account.conf"));
        }
    }

    private ForeignAccount? ReadAccount(ForeignFiles files, string id, string folder, AcmeShConf settings, Dictionary<string, string> directories)
    {
        AcmeShConf conf = ReadConf(files, MigrationKind.Account, Path.Combine(folder, "ca.conf"), isOptional: true) ?? AcmeShConf.Empty;
        string json = Path.Combine(folder, "account.json");
        JObject? details = File.Exists(json) ? files.ReadJson(MigrationKind.Account, id, json) : null;
        string path = Path.Combine(folder, "account.key");
        path = !File.Exists(path) && settings["ACCOUNT_KEY_PATH"] is string elsewhere ? elsewhere : path;
        if (files.Read(MigrationKind.Account, id, path) is not byte[] key)
        {
            return null;
        }

        keys.Read(key, null, path).Dispose();
        IReadOnlyList<string> contact = ContactText.Addresses(details?.Texts("contact"));
        return new ForeignAccount
        {
            Id = id,
            Name = id.Split('/')[0],
            DirectoryUrl = directories.TryGetValue(id, out string? directory) ? directory : "https://" + id,
            AuthorityAddress = conf["ACCOUNT_URL"],
            Contact = contact.Count == 0 && conf["CA_EMAIL"] is string email ? [email] : contact,
            Key = key,
            Source = path,
        };
    }

    private ForeignCertificate? ReadCertificate(ForeignFiles files, AcmeShRenewal renewals, string name, string place, string domain, AcmeShConf? conf)
    {
        string full = Path.Combine(place, "fullchain.cer");
        string own = Path.Combine(place, domain + ".cer");
        string keyPath = Path.Combine(place, domain + ".key");
        if (!File.Exists(full) && !File.Exists(own))
        {
            throw new FormatException(conf is not null && conf["Le_CertCreateTime"] is null ? $"acme.sh has begun '{name}', and never got a certificate for it." : $"The certificate '{own}' is missing.");
        }

        if (PemBundle.ReadChain(files, name, full, own, Path.Combine(place, "ca.cer")) is not (byte[] chain, string chainPath))
        {
            return null;
        }

        bool isOfCsr = !File.Exists(keyPath) && File.Exists(Path.Combine(place, domain + ".csr"));
        (byte[] data, CertificateContent leaf, bool hasKey) = _bundle.Read(files, name, chain, chainPath, isOfCsr ? null : keyPath);
        if (isOfCsr && conf is not null)
        {
            files.Note(LeftToPeople.OfRequest(Name, name, Path.Combine(place, domain + ".csr"), place));
        }

        return new ForeignCertificate
        {
            Name = name,
            Data = data,
            Source = place,
            Renewal = conf is null || isOfCsr ? null : files.Try(MigrationKind.Renewal, name, place, () => renewals.Read(conf, name, Path.Combine(place, domain + ".conf"), leaf, hasKey)),
        };
    }
}
