using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.Certbot;

/// <summary>Certbot: accounts/SERVER/ID, live/NAME, archive/NAME and renewal/NAME.conf below one folder.</summary>
internal sealed class CertbotTool : IForeignTool
{
    private const string Params = CertbotRenewal.Section;

    public ForeignToolDescription Description { get; } = new()
    {
        Name = "certbot",
        Folders = Path.DirectorySeparatorChar == '\\' ? [@"C:\Certbot"] : ["/etc/letsencrypt", "/usr/local/etc/letsencrypt"],
        HowToStop = Path.DirectorySeparatorChar == '\\'
            ? "Switch off the scheduled task 'Certbot Renew Task'."
            : "Switch off what runs it: systemctl disable --now certbot.timer (snap: snap.certbot.renew.timer), and the line in /etc/cron.d/certbot where there is one.",
    };

    public ForeignState Read(string folder)
    {
        ForeignFiles files = new();
        IReadOnlyList<string> settings = files.Files(Path.Combine(folder, "renewal"), "*.conf");
        if (!Directory.Exists(Path.Combine(folder, "renewal")))
        {
            throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"The folder '{folder}' is none of Certbot: it has no renewal settings.")
            {
                Target = folder,
                Remedy = "Name the folder that Certbot calls its config dir, such as /etc/letsencrypt, with -Path.",
            };
        }

        Dictionary<string, ForeignAccount> accounts = new(StringComparer.Ordinal);
        ForeignDnsAccounts services = new(Description.Name);
        List<ForeignCertificate> certificates = [];
        foreach (string path in settings)
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (files.Try(MigrationKind.Certificate, name, path, () => ReadOne(files, folder, path, name, accounts, services)) is ForeignCertificate certificate)
            {
                certificates.Add(certificate);
            }
        }

        NoteOtherAccounts(files, folder, accounts);
        NoteHookFolders(files, folder);
        return new ForeignState { Accounts = [.. accounts.Values], Certificates = certificates, Remarks = files.Remarks };
    }

    private static ForeignCertificate? ReadOne(ForeignFiles files, string folder, string path, string name, Dictionary<string, ForeignAccount> accounts, ForeignDnsAccounts services)
    {
        if (files.ReadText(MigrationKind.Certificate, name, path) is not string text)
        {
            return null;
        }

        ConfigObj settings = ConfigObj.Parse(text);
        if (!settings.HasSection(Params))
        {
            throw new FormatException($"'{path}' has no section [{Params}].");
        }

        byte[]? chain = files.Read(MigrationKind.Certificate, name, Find(settings, folder, name, "fullchain"));
        byte[]? key = chain is null ? null : files.Read(MigrationKind.Certificate, name, Find(settings, folder, name, "privkey"));
        if (chain is null || key is null)
        {
            return null;
        }

        string? accountId = null;
        if (settings.Text(Params, "server") is string server && settings.Text(Params, "account") is string account)
        {
            accountId = $"{server} {account}";
            if (!accounts.ContainsKey(accountId) && AccountOf(files, folder, server, account, accountId) is ForeignAccount found)
            {
                accounts.Add(accountId, found);
            }
        }

        byte[] data = [.. chain, (byte)'\n', .. key];
        Array.Clear(key, 0, key.Length);
        return new ForeignCertificate { Name = name, Data = data, Source = path, Renewal = new CertbotRenewal(files, services, settings, name, path).Read(accountId) };
    }

    /// <summary>Where the settings say; where the folder was copied from another machine, below this one; where the copy lost its links, the newest in the archive.</summary>
    private static string Find(ConfigObj settings, string folder, string name, string what)
    {
        string live = Path.Combine(folder, "live", name, what + ".pem");
        if (settings.Text("", what) is string said && File.Exists(said))
        {
            return said;
        }

        string archive = Path.Combine(folder, "archive", name);
        if (File.Exists(live) || !Directory.Exists(archive))
        {
            return live;
        }

        return Directory.GetFiles(archive, what + "*.pem")
            .Select(f => (File: f, Number: int.TryParse(Path.GetFileNameWithoutExtension(f).Substring(what.Length), out int number) ? number : 0))
            .OrderByDescending(f => f.Number).Select(f => f.File).FirstOrDefault() ?? live;
    }

    private static ForeignAccount? AccountOf(ForeignFiles files, string folder, string server, string account, string id)
    {
        if (!Uri.TryCreate(server, UriKind.Absolute, out Uri? url) || account.IndexOfAny(['/', '\\']) >= 0 || account == "..")
        {
            files.Problem(MigrationKind.Account, account, $"The address '{server}' of its authority is none.", null, folder);
            return null;
        }

        string place = url.Authority + url.AbsolutePath;
        string path = Path.Combine([folder, "accounts", .. place.Split('/').Where(p => p.Length > 0 && p != ".."), account]);
        if (!Directory.Exists(path))
        {
            path = Path.Combine([folder, "accounts", .. place.Replace(':', '_').Split('/').Where(p => p.Length > 0 && p != ".."), account]); // a colon is none for Windows
        }

        return ReadAccount(files, path, id, url.AbsoluteUri);
    }

    private static ForeignAccount? ReadAccount(ForeignFiles files, string path, string id, string directoryUrl)
    {
        string keyPath = Path.Combine(path, "private_key.json");
        if (files.Read(MigrationKind.Account, new Uri(directoryUrl).Host, keyPath) is not byte[] key)
        {
            return null;
        }

        string registration = Path.Combine(path, "regr.json");
        JObject? known = File.Exists(registration) ? files.ReadJson(MigrationKind.Account, new Uri(directoryUrl).Host, registration) : null;
        return new ForeignAccount
        {
            Id = id,
            Name = new Uri(directoryUrl).Host,
            DirectoryUrl = directoryUrl,
            AuthorityAddress = known?.Text("uri"),
            Contact = ContactText.Addresses((known?["body"] as JObject)?.Texts("contact")),
            Key = key,
            Source = keyPath,
        };
    }

    /// <summary>Accounts that no certificate needs are left where they are, and told of.</summary>
    private static void NoteOtherAccounts(ForeignFiles files, string folder, Dictionary<string, ForeignAccount> accounts)
    {
        string root = Path.Combine(folder, "accounts");
        HashSet<string> used = [.. accounts.Keys.Select(k => k.Split(' ')[1])];
        void Look(string path, int depth)
        {
            foreach (string below in depth > 6 ? [] : files.Folders(path))
            {
                string key = Path.Combine(below, "private_key.json");
                if (File.Exists(key) && !used.Contains(Path.GetFileName(below)))
                {
                    string server = path.Length > root.Length ? path.Substring(root.Length + 1).Replace('\\', '/') : path;
                    files.Note(ForeignRemark.OfUnused(server, $"https://{server}", key));
                }

                Look(below, depth + 1);
            }
        }

        Look(root, 0);
    }

    private static void NoteHookFolders(ForeignFiles files, string folder)
    {
        foreach (string kind in new[] { "pre", "deploy", "post" })
        {
            foreach (string hook in files.Files(Path.Combine(folder, "renewal-hooks", kind), "*").Where(f => !f.EndsWith("~", StringComparison.Ordinal)))
            {
                files.Note(LeftToPeople.Hook(Path.GetFileName(hook), $"Certbot runs this script {CertbotRenewal.When(kind)} of any certificate.", LeftToPeople.BySameTarget, hook));
            }
        }
    }
}
