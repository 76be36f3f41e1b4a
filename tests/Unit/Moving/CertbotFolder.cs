using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Moving;

/// <summary>A folder as Certbot 2 leaves it, with files of the test's own.</summary>
internal sealed class CertbotFolder(string path)
{
    public const string AccountId = "c03bd8fa829dd9143d3660f9fe2cc33b";

    public string Path => path;

    public string File(params string[] parts) => System.IO.Path.Combine([path, .. parts]);

    /// <summary>An account with the server.</summary>
    public void AddAccount(Uri server, byte[] key, string id = AccountId)
    {
        string folder = System.IO.Path.Combine(path, "accounts", (server.Authority + server.AbsolutePath).Replace(':', '_').Replace('/', System.IO.Path.DirectorySeparatorChar), id);
        Directory.CreateDirectory(folder);
        System.IO.File.WriteAllBytes(System.IO.Path.Combine(folder, "private_key.json"), key);
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "regr.json"), "{\"body\": {\"contact\": [\"mailto:ops@contoso.com\"]}, \"uri\": \"https://ca.test/acct/1\"}");
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "meta.json"), "{\"creation_dt\": \"2026-05-01T10:00:00Z\", \"creation_host\": \"web1\"}");
    }

    /// <summary>A certificate with its settings; what is given replaces or adds lines of renewalparams.</summary>
    public CertbotFolder Add(string name, Uri server, KeystoreEntry entry, string settings = "authenticator = standalone", string top = "", string account = AccountId)
    {
        string live = File("live", name);
        Directory.CreateDirectory(live);
        Directory.CreateDirectory(File("renewal"));
        CertificateTools certificates = new();
        System.IO.File.WriteAllBytes(System.IO.Path.Combine(live, "fullchain.pem"), certificates.ToPem([.. entry.Certificates.Take(2)]));
        System.IO.File.WriteAllBytes(System.IO.Path.Combine(live, "privkey.pem"), new KeyTools().ToPem(entry.Key!, null));
        System.IO.File.WriteAllText(
            File("renewal", name + ".conf"),
            $"""
            # renew_before_expiry = 30 days
            {top}
            version = 2.1.0
            archive_dir = /etc/letsencrypt/archive/{name}
            cert = /etc/letsencrypt/live/{name}/cert.pem
            privkey = /etc/letsencrypt/live/{name}/privkey.pem
            chain = /etc/letsencrypt/live/{name}/chain.pem
            fullchain = /etc/letsencrypt/live/{name}/fullchain.pem

            # Options used in the renewal process
            [renewalparams]
            account = {account}
            server = {server}
            {settings}
            """,
            new UTF8Encoding(false));
        return this;
    }

    /// <summary>Every file with its content and time: another program's folder stays as it is.</summary>
    public string Everything() => string.Join("\n", new DirectoryInfo(path).GetFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal)
        .Select(f => $"{f.FullName} {f.LastWriteTimeUtc.Ticks} {Convert.ToBase64String(System.IO.File.ReadAllBytes(f.FullName))}"));
}
