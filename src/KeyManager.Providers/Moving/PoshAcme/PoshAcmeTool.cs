using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using JsonWebKey = KeyManager.Providers.Authorities.Acme.Protocol.JsonWebKey;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.PoshAcme;

/// <summary>Reads what Posh-ACME keeps: SERVER/dir.json, SERVER/ACCOUNT/acct.json, SERVER/ACCOUNT/ORDER/order.json.</summary>
internal sealed class PoshAcmeTool(IKeyTools keys, ICertificateTools certificates, HostEnvironment environment) : IForeignTool
{
    internal const string Name = "Posh-ACME";

    private readonly PemBundle _bundle = new(keys, certificates);

    /// <inheritdoc/>
    public ForeignToolDescription Description { get; } = new()
    {
        Name = Name,
        Folders =
        [
            .. new[]
            {
                environment.Variable("POSHACME_HOME"),
                environment.IsWindows ? Path.Combine(environment.LocalApplicationData, "Posh-ACME")
                : environment.IsMacOS ? Path.Combine(environment.Home, "Library", "Preferences", "Posh-ACME")
                : Path.Combine(environment.Home, ".config", "Posh-ACME"),
            }.OfType<string>().Distinct(),
        ],
        HowToStop = "It runs when a task or script of yours calls Submit-Renewal: take that call out, or disable the task (Disable-ScheduledTask). Its files stay; Remove-PAOrder takes one away.",
    };

    /// <inheritdoc/>
    public ForeignState Read(string folder)
    {
        ForeignFiles files = new();
        List<ForeignAccount> accounts = [];
        List<ForeignCertificate> taken = [];
        PoshAcmeRenewal renewals = new(files, new ForeignDnsAccounts(Name), new PoshAcmePlugins(environment));
        string[] servers = [.. files.Folders(folder).Where(server => IsServer(files, server))];
        foreach (string server in servers)
        {
            string? directory = ReadServer(files, server);
            foreach (string place in files.Folders(server).Where(p => File.Exists(Path.Combine(p, "acct.json")) || Orders(files, p).Any()))
            {
                PoshAcmeAccount account = ReadAccount(files, place, directory, accounts);
                foreach (string order in Orders(files, place))
                {
                    string name = Path.GetFileName(order).Replace('!', '*');
                    if (files.Try(MigrationKind.Certificate, name, order, () => ReadOrder(files, renewals, name, order, account)) is ForeignCertificate certificate)
                    {
                        taken.Add(certificate);
                    }
                }
            }
        }

        if (servers.Length == 0)
        {
            throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"Posh-ACME keeps nothing in '{folder}'.")
            {
                Target = folder,
                Remedy = "Give the folder that holds current-server.txt and a folder for each server; (Get-PAServer).Folder lies right below it.",
            };
        }

        return new ForeignState { Accounts = accounts, Certificates = taken, Remarks = files.Remarks };
    }

    private static bool IsServer(ForeignFiles files, string folder) => File.Exists(Path.Combine(folder, "dir.json")) || files.Folders(folder).Any(f => File.Exists(Path.Combine(f, "acct.json")));

    private static IEnumerable<string> Orders(ForeignFiles files, string account) => files.Folders(account).Where(f => File.Exists(Path.Combine(f, "order.json")));

    private static string? ReadServer(ForeignFiles files, string folder)
    {
        string path = Path.Combine(folder, "dir.json");
        JObject? server = files.ReadJson(MigrationKind.Account, Path.GetFileName(folder), path);
        if (server?.Flag("SkipCertificateCheck") == true)
        {
            files.ByHand(
                MigrationKind.Account, Path.GetFileName(folder), "Posh-ACME does not check the certificate of this server.", "KeyManager does: give the account the roots to trust, Set-KmAccount -TrustedRootPath.", path);
        }

        return server?.Text("location");
    }

    private static ForeignAccount ReadKey(JObject json, string id, string place, string? directory)
    {
        string path = Path.Combine(place, "acct.json");
        JObject key = json.Object("key") ?? throw new FormatException($"The account '{path}' has no key.");
        UntrustedBytes.Read(path, ErrorIds.PrivateKeyUnreadable, "an account with its key", "Mend it in Posh-ACME, or leave this one there.", () => JsonWebKey.ReadPrivate(key));
        return new ForeignAccount
        {
            Id = id,
            Name = Uri.TryCreate(directory ?? json.Text("location"), UriKind.Absolute, out Uri? url) ? url.Host : id.Split('/')[0],
            DirectoryUrl = directory,
            AuthorityAddress = json.Text("location"),
            Contact = ContactText.Addresses(json.Texts("contact")),
            Key = Encoding.UTF8.GetBytes(key.ToString(Formatting.None)),
            Source = path,
        };
    }

    private static string? ReadPassword(JObject order)
    {
        // Orders of earlier times have it in the clear.
        if (order.Exact("PfxPassB64U") is not string encoded)
        {
            return order.Exact("PfxPass");
        }

        try
        {
            return Encoding.UTF8.GetString(Base64Url.Decode(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private PoshAcmeAccount ReadAccount(ForeignFiles files, string place, string? directory, List<ForeignAccount> accounts)
    {
        string id = $"{Path.GetFileName(Path.GetDirectoryName(place))}/{Path.GetFileName(place)}";
        string path = Path.Combine(place, "acct.json");
        JObject? json = files.ReadJson(MigrationKind.Account, id, path);
        string variables = Path.Combine(place, "pluginvars.json");
        PoshAcmeAccount account = new(
            null,
            new PoshAcmeSecrets(json?.Text("sskey"), environment),
            File.Exists(variables) ? files.ReadJson(MigrationKind.DnsAccount, id, variables)?.Object("ACMEReg") : null);
        if (json?.Text("status") is string status && status != "valid")
        {
            files.ByHand(MigrationKind.Account, id, $"The account '{id}' is {status} at its authority.", "Order what it has with another account: New-KmAccount.", path);
            return account;
        }

        if (json is null || files.Try(MigrationKind.Account, id, path, () => ReadKey(json, id, place, directory)) is not ForeignAccount taken)
        {
            return account;
        }

        accounts.Add(taken);
        return account with { Id = id };
    }

    private ForeignCertificate? ReadOrder(ForeignFiles files, PoshAcmeRenewal renewals, string name, string folder, PoshAcmeAccount account)
    {
        JObject? order = files.ReadJson(MigrationKind.Renewal, name, Path.Combine(folder, "order.json"));
        string full = Path.Combine(folder, "fullchain.cer");
        string own = Path.Combine(folder, "cert.cer");
        if (!File.Exists(full) && !File.Exists(own))
        {
            throw new FormatException(order is not null && order.Text("CertExpires") is null ? $"Posh-ACME has begun '{name}', and never got a certificate for it." : $"The certificate '{own}' is missing.");
        }

        if (PemBundle.ReadChain(files, name, full, own, Path.Combine(folder, "chain.cer")) is not (byte[] chain, string chainPath))
        {
            return null;
        }

        bool isOfCsr = order?.Text("CSRBase64Url") is not null;
        (byte[] data, _, bool hasKey) = _bundle.Read(files, name, chain, chainPath, isOfCsr ? null : Path.Combine(folder, "cert.key"));
        if (isOfCsr)
        {
            files.Note(LeftToPeople.OfRequest(Name, name, Path.Combine(folder, "request.csr"), folder));
        }

        return new ForeignCertificate
        {
            Name = name,
            Data = data,
            Source = folder,
            Renewal = order is null || isOfCsr ? null : files.Try(MigrationKind.Renewal, name, folder, () => renewals.Read(order, name, folder, account, ReadPassword(order), hasKey)),
        };
    }
}
