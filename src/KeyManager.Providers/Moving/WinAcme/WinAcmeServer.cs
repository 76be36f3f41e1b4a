using System;
using System.Collections.Generic;
using System.IO;
using KeyManager.Providers.Authorities;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>The folder of one server, and what its renewals need of it.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Secrets">Reads the protected texts in it.</param>
/// <param name="Settings">Its own settings.json; <c>null</c> when it has none.</param>
internal sealed record WinAcmeServer(string Folder, WinAcmeSecrets Secrets, JObject? Settings)
{
    public string Name => Path.GetFileName(Folder);

    /// <summary>Where copies of the certificates lie: PKCS#12 files.</summary>
    public IEnumerable<string> CacheFolders
    {
        get
        {
            if (Settings?.Object("Cache")?.Text("Path") is string path && ForeignPath.IsFull(path))
            {
                yield return path;
            }

            yield return Path.Combine(Folder, "Certificates");
        }
    }

    /// <summary>What its certificates call an account: the server and a name; most have none.</summary>
    public string AccountId(string? name) => string.IsNullOrWhiteSpace(name) ? Name : $"{Name}/{name}";

    /// <summary>A setting of a renewal, else of the server; <c>null</c> when neither has it.</summary>
    public string? Setting(JObject renewal, string section, string name) => renewal.Object("Settings")?.Object(section)?.Text(name) ?? Settings?.Object(section)?.Text(name);

    /// <summary>The directory behind an endpoint; Let's Encrypt is known by its host alone.</summary>
    public static string? Directory(string? endpoint) =>
        !Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? url) ? null
        : url.Host.EndsWith(".letsencrypt.org", StringComparison.OrdinalIgnoreCase) && url.PathAndQuery == "/" ? new Uri(url, "directory").AbsoluteUri
        : url.AbsoluteUri;
}
