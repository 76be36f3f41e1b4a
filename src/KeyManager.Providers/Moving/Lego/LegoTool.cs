using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.Lego;

/// <summary>
/// lego: accounts/SERVER/ID and certificates/NAME.{crt,key,json} below one folder. Up to version 4 it keeps neither the address of the authority's directory nor how names are
/// proved: both were parameters of each run.
/// </summary>
internal sealed class LegoTool : IForeignTool
{
    public ForeignToolDescription Description { get; } = new()
    {
        Name = "lego",
        Folders = Places(),
        HowToStop = "Switch off the timer or cron line that runs 'lego ... renew' ('lego run' from version 5 on).",
    };

    public ForeignState Read(string folder)
    {
        string accountFolder = Path.Combine(folder, "accounts");
        string certificateFolder = Path.Combine(folder, "certificates");
        if (!Directory.Exists(certificateFolder))
        {
            throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"The folder '{folder}' is none of lego: it has no certificates.")
            {
                Target = folder,
                Remedy = "Name the folder that lego was given with --path, or .lego in the folder where it runs, with -Path.",
            };
        }

        ForeignFiles files = new();
        List<ForeignAccount> accounts = [];
        foreach (string path in files.Folders(accountFolder).SelectMany(files.Folders))
        {
            if (files.Try(MigrationKind.Account, Path.GetFileName(path), path, () => ReadAccount(files, path)) is ForeignAccount account)
            {
                accounts.Add(account);
            }
        }

        List<ForeignCertificate> certificates = [];
        foreach (string path in files.Files(certificateFolder, "*.json"))
        {
            if (files.Try(MigrationKind.Certificate, Path.GetFileNameWithoutExtension(path), path, () => ReadCertificate(files, path, accounts)) is ForeignCertificate certificate)
            {
                certificates.Add(certificate);
            }
        }

        return new ForeignState
        {
            Accounts = accounts,
            Certificates = certificates,
            Remarks = files.Remarks,
        };
    }

    private static IReadOnlyList<string> Places()
    {
        string? given = Environment.GetEnvironmentVariable("LEGO_PATH");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return [.. new[] { given, home.Length == 0 ? null : Path.Combine(home, ".lego") }.OfType<string>().Where(p => p.Length > 0).Distinct()];
    }

    private static ForeignAccount? ReadAccount(ForeignFiles files, string path)
    {
        string file = Path.Combine(path, "account.json");
        string name = Path.GetFileName(path);
        if (files.ReadJson(MigrationKind.Account, name, file) is not JObject json)
        {
            return null;
        }

        // Up to version 4 in a folder of its own, and named like the e-mail address.
        string id = json.Text("id") ?? json.Text("email") ?? name;
        string keyPath = new[] { Path.Combine(path, name + ".key"), Path.Combine(path, "keys", name + ".key"), Path.Combine(path, "keys", (json.Text("email") ?? name) + ".key") }.FirstOrDefault(File.Exists) ?? Path.Combine(path, name + ".key");
        if (files.Read(MigrationKind.Account, id, keyPath) is not byte[] key)
        {
            return null;
        }

        JObject? registration = json["registration"] as JObject;
        string host = Path.GetFileName(Path.GetDirectoryName(path)!); // it is below another folder
        return new ForeignAccount
        {
            Id = path,
            Name = host,
            DirectoryUrl = json.Text("server"),
            AuthorityAddress = registration?.Text("uri") ?? registration?.Text("accountURL") ?? "https://" + host.Replace('_', ':'),
            Contact = json.Text("email") is { Length: > 0 } email && email.IndexOf('@') > 0 ? [email] : [],
            Key = key,
            Source = keyPath,
        };
    }

    private static ForeignCertificate? ReadCertificate(ForeignFiles files, string path, List<ForeignAccount> accounts)
    {
        string file = Path.GetFileNameWithoutExtension(path);
        if (files.ReadJson(MigrationKind.Certificate, file, path) is not JObject json)
        {
            return null;
        }

        string name = json.Text("domain") ?? json.Text("id") ?? throw new FormatException($"'{path}' names no domain.");
        string basis = path.Substring(0, path.Length - ".json".Length);
        if (files.Read(MigrationKind.Certificate, name, basis + ".crt") is not byte[] chain)
        {
            return null;
        }

        // What was ordered by a request has its key elsewhere.
        bool hasKey = File.Exists(basis + ".key");
        byte[]? key = hasKey ? files.Read(MigrationKind.Certificate, name, basis + ".key") : [];
        if (key is null)
        {
            return null;
        }

        string? server = Uri.TryCreate(json.Text("certUrl") ?? json.Text("certStableUrl"), UriKind.Absolute, out Uri? url) ? url.Authority : null;
        ForeignAccount? account = accounts.FirstOrDefault(a => Uri.TryCreate(a.AuthorityAddress, UriKind.Absolute, out Uri? at) && string.Equals(at.Authority, server, StringComparison.OrdinalIgnoreCase))
            ?? (accounts.Count == 1 ? accounts[0] : null);
        byte[] data = [.. chain, (byte)'\n', .. key];
        Array.Clear(key, 0, key.Length);
        return new ForeignCertificate
        {
            Name = name,
            Data = data,
            Source = path,
            Renewal = new ForeignRenewal
            {
                AccountId = account?.Id,
                ProofByHand = new ForeignRemark(
                    MigrationKind.Renewal,
                    name,
                    "lego does not keep how control of the names is proved.",
                    $"Say it once: Set-KmCertificateOrder {name} -DnsAccount ... (made with New-KmDnsAccount), -WebRootPath ... or -ListenAddress *:80",
                    path),
                Hooks =
                [
                    LeftToPeople.Hook(name, "lego does not keep which hook it runs after a renewal; what calls it says so (--renew-hook, --run-hook, --deploy-hook).", LeftToPeople.BySameTarget, path),
                ],
            },
        };
    }
}
