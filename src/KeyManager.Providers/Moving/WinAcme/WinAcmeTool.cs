using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Moving;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using JsonWebKey = KeyManager.Providers.Authorities.Acme.Protocol.JsonWebKey;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>Reads what win-acme and simple-acme keep: a folder for each server with accounts, *.renewal.json, and copies of the certificates.</summary>
internal sealed class WinAcmeTool(IKeystoreFormat pkcs12, IKeyTools keys, ICertificateTools certificates, HostEnvironment environment) : IForeignTool
{
    internal const string Name = "win-acme";

    private const string RenewalEnd = ".renewal.json";
    private const string AccountEnd = "Registration_v2";
    private const string SignerEnd = "Signer_v2";
    private const string KeysEnd = ".keys";

    // SHA-1 as hexadecimal digits: what a certificate was ordered with.
    private const int HashLength = 40;

    private static readonly string[] s_cacheEnds = ["-temp.pfx", "-cache.pfx"];

    private readonly PemBundle _bundle = new(keys, certificates);

    /// <inheritdoc/>
    public ForeignToolDescription Description { get; } = new()
    {
        Name = Name,
        Folders =
        [
            .. new[] { environment.CommonApplicationData }.Concat(environment.IsWindows ? [] : new[] { environment.LocalApplicationData })
                .SelectMany(f => new[] { Path.Combine(f, "simple-acme"), Path.Combine(f, "win-acme") }),
        ],
        HowToStop = "It runs from the scheduled task 'win-acme renew (SERVER)' or 'simple-acme renew (SERVER)': Get-ScheduledTask '*-acme renew*' | Disable-ScheduledTask. On Linux it is a file in /etc/cron.daily.",
    };

    /// <inheritdoc/>
    public ForeignState Read(string folder)
    {
        ForeignFiles files = new();
        List<ForeignAccount> accounts = [];
        List<ForeignCertificate> taken = [];
        WinAcmeRenewal renewals = new(files, new ForeignDnsAccounts(Name));
        IReadOnlyList<string> servers = [.. new[] { folder }.Concat(files.Folders(folder)).Where(f => files.Files(f, "*" + RenewalEnd).Count + files.Files(f, "*" + AccountEnd).Count > 0)];
        foreach (WinAcmeServer server in servers.Select(f => ReadServer(files, f)))
        {
            IReadOnlyList<(string Path, JObject Renewal)> found = [.. ReadRenewals(files, server)];
            string? endpoint = found.Select(r => r.Renewal.Text("EndPoint")).FirstOrDefault(e => e is not null);
            accounts.AddRange(files.Files(server.Folder, "*" + AccountEnd)
                .Select(path => files.Try(MigrationKind.Account, server.AccountId(NameOf(path)), path, () => ReadAccount(files, server, path, endpoint)))
                .OfType<ForeignAccount>());
            IReadOnlyList<string> copies = found.Count == 0 ? [] : [.. server.CacheFolders.SelectMany(f => files.Files(f, "*.pfx"))];
            foreach ((string path, JObject renewal) in found)
            {
                taken.AddRange(ReadCertificates(files, renewals, server, copies, path, renewal));
            }
        }

        if (servers.Count == 0)
        {
            throw new NotFoundException(ErrorIds.ForeignDataNotFound, $"win-acme keeps nothing in '{folder}'.")
            {
                Target = folder,
                Remedy = "Give the folder that holds one for each server, with *.renewal.json in it: Client.ConfigurationPath of its settings.json, usually ProgramData\\win-acme or ProgramData\\simple-acme.",
            };
        }

        return new ForeignState { Accounts = accounts, Certificates = taken, Remarks = files.Remarks };
    }

    private static string? NameOf(string registration)
    {
        string file = Path.GetFileName(registration);
        return file.Substring(0, file.Length - AccountEnd.Length).TrimEnd('.') is { Length: > 0 } name ? name : null;
    }

    // Older versions put the kind of the renewal before it, in brackets, which PowerShell takes for a pattern.
    private static string? NameOf(JObject renewal)
    {
        string? name = renewal.Text("LastFriendlyName") ?? renewal.Text("FriendlyName");
        int end = name?.IndexOf("] ", StringComparison.Ordinal) ?? -1;
        return name is not null && name[0] == '[' && end > 0 && name.Substring(end + 2).Trim() is { Length: > 0 } bare ? bare : name;
    }

    private static string IdOf(string renewal)
    {
        string file = Path.GetFileName(renewal);
        return file.Substring(0, file.Length - RenewalEnd.Length);
    }

    private static IEnumerable<(string Path, JObject Renewal)> ReadRenewals(ForeignFiles files, WinAcmeServer server)
    {
        foreach (string path in files.Files(server.Folder, "*" + RenewalEnd))
        {
            if (files.ReadJson(MigrationKind.Renewal, IdOf(path), path) is JObject renewal)
            {
                yield return (path, renewal);
            }
        }
    }

    // The newest copy of each certificate. A renewal whose names are split has several, told apart by what stands between its identifier and the hash.
    private static IEnumerable<(string Part, string Path)> CopiesOf(string id, IReadOnlyList<string> copies)
    {
        IEnumerable<(string Part, string Path)> all =
            from path in copies
            let file = Path.GetFileName(path)
            let end = s_cacheEnds.FirstOrDefault(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            where end is not null && file.StartsWith(id, StringComparison.OrdinalIgnoreCase) && file.Length >= id.Length + end.Length
            select (PartOf(file.Substring(id.Length, file.Length - id.Length - end.Length).Trim('-')), path);
        return all.GroupBy(f => f.Part, StringComparer.OrdinalIgnoreCase)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.OrderByDescending(f => File.GetLastWriteTimeUtc(f.Path)).ThenBy(f => f.Path, StringComparer.Ordinal).First());
    }

    private static string PartOf(string text)
    {
        bool hasHash = text.Length >= HashLength && text.Skip(text.Length - HashLength).All(Uri.IsHexDigit);
        string part = hasHash ? text.Substring(0, text.Length - HashLength).TrimEnd('-') : text;
        return part == "main" ? "" : part;
    }

    // A key that is used again is kept beside its copy, or under the identifier alone.
    private static (string Path, byte[] Key)? KeyOf(ForeignFiles files, WinAcmeServer server, string id, string name, string copy)
    {
        string folder = Path.GetDirectoryName(copy) ?? "";
        string end = s_cacheEnds.First(e => copy.EndsWith(e, StringComparison.OrdinalIgnoreCase));
        string? path = new[] { copy.Substring(0, copy.Length - end.Length) + KeysEnd, Path.Combine(folder, id + KeysEnd) }.FirstOrDefault(File.Exists);
        return path is not null && files.ReadText(MigrationKind.Certificate, name, path) is string text && server.Secrets.Read(text.Trim()) is string pem ? (path, Encoding.UTF8.GetBytes(pem)) : null;
    }

    private WinAcmeServer ReadServer(ForeignFiles files, string folder)
    {
        string settings = Path.Combine(folder, "settings.json");
        string vault = Path.Combine(folder, "secrets.json");
        return new WinAcmeServer(folder, new WinAcmeSecrets(environment, File.Exists(vault) ? ReadVault(files, vault) : null), File.Exists(settings) ? files.ReadJson(MigrationKind.Renewal, "settings.json", settings) : null);
    }

    // Of earlier versions it is a list, not an object.
    private static JToken? ReadVault(ForeignFiles files, string path) => files.ReadText(MigrationKind.DnsAccount, "secrets.json", path) is not string text ? null
        : files.Try<JToken>(
            MigrationKind.DnsAccount,
            "secrets.json",
            path,
            () =>
            {
                try
                {
                    return JToken.Parse(text);
                }
                catch (JsonException)
                {
                    // Its message may quote the file.
                    throw new FormatException($"The file '{path}' is no JSON.");
                }
            });

    private static ForeignAccount? ReadAccount(ForeignFiles files, WinAcmeServer server, string path, string? endpoint)
    {
        string? name = NameOf(path);
        string id = server.AccountId(name);
        JObject? registration = files.ReadJson(MigrationKind.Account, id, path);
        string signerPath = Path.Combine(server.Folder, name is null ? SignerEnd : $"{name}.{SignerEnd}");
        if (registration is null || files.ReadText(MigrationKind.Account, id, signerPath) is not string text)
        {
            return null;
        }

        JObject key = WinAcmeSigner.Read(server.Secrets.Read(text.Trim()) ?? "");
        UntrustedBytes.Read(signerPath, ErrorIds.PrivateKeyUnreadable, "the key of an account", "Mend it in win-acme, or leave this one there.", () => JsonWebKey.ReadPrivate(key));
        string? address = registration.Text("Kid");
        return new ForeignAccount
        {
            Id = id,
            Name = name ?? (Uri.TryCreate(address, UriKind.Absolute, out Uri? url) ? url.Host : server.Name),
            DirectoryUrl = WinAcmeServer.Directory(endpoint),
            AuthorityAddress = address,
            Contact = ContactText.Addresses(registration.Object("Payload")?.Texts("Contact")),
            Key = Encoding.UTF8.GetBytes(key.ToString(Formatting.None)),
            Source = signerPath,
        };
    }

    private IEnumerable<ForeignCertificate> ReadCertificates(ForeignFiles files, WinAcmeRenewal renewals, WinAcmeServer server, IReadOnlyList<string> copies, string path, JObject renewal)
    {
        string id = IdOf(path);
        string name = NameOf(renewal) ?? id;
        IReadOnlyList<(string Part, string Path)> cached = [.. CopiesOf(id, copies)];
        if (cached.Count == 0)
        {
            files.Problem(
                MigrationKind.Certificate,
                name,
                $"There is no copy of the certificate '{name}' in '{server.CacheFolders.First()}'.",
                "Let win-acme renew it once (wacs --renew --force --id ...), or import its file and order it here: Import-KmCertificate, New-KmCertificateOrder.",
                path);
        }

        foreach ((string part, string copy) in cached)
        {
            string own = part.Length > 0 ? $"{name} ({part})" : name;
            if (files.Try(MigrationKind.Certificate, own, copy, () => ReadCertificate(files, renewals, server, path, renewal, own, copy)) is ForeignCertificate certificate)
            {
                yield return certificate;
            }
        }
    }

    private ForeignCertificate? ReadCertificate(ForeignFiles files, WinAcmeRenewal renewals, WinAcmeServer server, string path, JObject renewal, string name, string copy)
    {
        if (files.Read(MigrationKind.Certificate, name, copy) is not byte[] data)
        {
            return null;
        }

        string? password = server.Secrets.Read(renewal.Exact("PfxPasswordProtected"));
        IReadOnlyList<KeystoreEntry> entries = pkcs12.Read(data, password, copy);
        KeystoreEntry entry = entries.FirstOrDefault(e => e.Key is not null) ?? entries.FirstOrDefault(e => e.Certificates.Count > 0) ?? throw new FormatException($"The file '{copy}' holds no certificate.");
        bool hasKey = entry.Key is not null;
        KeystoreEntry.DisposeKeys(entries);
        CertificateContent leaf = certificates.Parse(entry.Certificates.FirstOrDefault() ?? throw new FormatException($"The file '{copy}' holds a key without its certificate."));
        if (!hasKey && KeyOf(files, server, IdOf(path), name, copy) is (string keyPath, byte[] kept) && _bundle.Join(files, name, certificates.ToPem(entry.Certificates), leaf, kept, keyPath) is byte[] together)
        {
            (data, password, hasKey) = (together, null, true);
        }

        bool isOfCsr = WinAcmeRenewal.PluginOf(renewal.Object("TargetPluginOptions") ?? new JObject()) == WinAcmePlugins.Csr;
        if (isOfCsr)
        {
            files.ByHand(
                MigrationKind.Renewal,
                name,
                $"The certificate '{name}' is ordered with a request that another program made.",
                $"Order it here with the same request: New-KmCertificateOrder -CsrPath {(renewal.Object("TargetPluginOptions")?.Text("CsrFile") is string csr ? $"'{csr}'" : "...")}.",
                path);
        }
        else if (!hasKey)
        {
            files.Problem(MigrationKind.Certificate, name, $"The copy '{copy}' has no key in it.", "The certificate comes without its key. A renewal here makes a new one.", copy);
        }

        return new ForeignCertificate
        {
            Name = name,
            Data = data,
            Password = password,
            Source = copy,
            Renewal = isOfCsr ? null : files.Try(MigrationKind.Renewal, name, path, () => renewals.Read(renewal, name, path, server, leaf.DomainNames, hasKey)),
        };
    }
}
