using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Providers.Deployments;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A service of Debian in a folder of its own, with a target whose recipe is changed only as far as the folder and the port demand.</summary>
internal abstract class LiveService : IDisposable
{
    protected const string Site = "www.contoso.com";

    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="folder">For everything it has.</param>
    protected LiveService(string recipe, string folder)
    {
        Recipe = Recipes.Get(recipe);
        Folder = folder;
        Directory.CreateDirectory(At("tls"));
        KeystoreEntry entry = TestPki.Entry("site", Site);
        byte[] chain = new CertificateTools().ToPem(entry.Certificates.Take(2));
        byte[] key = new KeyTools().ToPem(entry.Key!, null);
        foreach ((string setting, string path) in FileSettings())
        {
            PrivateFile.WriteNew(path.Replace("{name}", Site), setting switch { "PrivateKeyPath" => key, "CombinedPath" => [.. chain, .. key], _ => chain });
        }
    }

    public Recipe Recipe { get; }

    public string Folder { get; }

    public int Port { get; protected init; } = Daemon.FreePort();

    /// <summary>The file with the private key.</summary>
    public string Key => At("tls", Path.GetFileName(Recipe.PrivateKeyPath ?? Recipe.CombinedPath)!.Replace("{name}", Site));

    /// <summary>The file with the certificate.</summary>
    public string FullChain => At("tls", Path.GetFileName(Recipe.FullChainPath ?? Recipe.CombinedPath)!.Replace("{name}", Site));

    /// <summary>Of a target for it; rights, owner and protocol come from the recipe.</summary>
    public virtual Dictionary<string, string> Settings
    {
        get
        {
            Dictionary<string, string> settings = new()
            {
                ["Recipe"] = Recipe.Name,
                ["ReloadCommand"] = Reload,
                ["Endpoint"] = "127.0.0.1:" + Port.ToString(CultureInfo.InvariantCulture),
                ["ProofSeconds"] = "10",
            };
            if (Test is not null)
            {
                settings["TestCommand"] = Test;
            }

            foreach ((string setting, string path) in FileSettings())
            {
                settings[setting] = path;
            }

            return settings;
        }
    }

    /// <summary>Settings with which the service gets a certificate without its key.</summary>
    public virtual (string Name, string Value)[] Unfit => [("PrivateKeyPath", At("tls", "elsewhere.key"))];

    /// <summary>How a deployment with <see cref="Unfit"/> is noticed: by default only by what is served then.</summary>
    public virtual string UnfitErrorId => "KmCertificateNotServed";

    public abstract string? Test { get; }

    public abstract string Reload { get; }

    /// <summary>What it says itself.</summary>
    public abstract string Log { get; }

    protected static bool IsRoot => Environment.UserName == "root";

    public abstract void Dispose();

    /// <summary>A path in its folder.</summary>
    protected string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    protected string ReadLog(string name) => File.Exists(At(name)) ? File.ReadAllText(At(name)) : "";

    /// <summary>A command of the recipe with other words in it; what is replaced has to be there.</summary>
    protected static string Adapt(string? command, string word, string here)
    {
        Assert.Contains(word, command, StringComparison.Ordinal);
        return command!.Replace(word, here);
    }

    /// <summary>Runs a program, which must succeed.</summary>
    protected void Run(string program, string package, params string[] arguments)
    {
        (int exit, string output) = Peers.Run(program, package, Folder, arguments);
        if (exit != 0)
        {
            string log = Log;
            Dispose();
            Assert.Fail($"{program} {string.Join(" ", arguments)}: {output} {log}");
        }
    }

    private IEnumerable<(string Setting, string Path)> FileSettings() => new[]
    {
        (nameof(Recipe.FullChainPath), Recipe.FullChainPath), (nameof(Recipe.PrivateKeyPath), Recipe.PrivateKeyPath), (nameof(Recipe.CombinedPath), Recipe.CombinedPath),
    }
    .Where(f => f.Item2 is not null).Select(f => (f.Item1, At("tls", Path.GetFileName(f.Item2)!))); // just looked at
}
