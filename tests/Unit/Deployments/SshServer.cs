using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A real OpenSSH server on a port of the loopback that lets this user in with a key of its own, or one of the name "deploy" with a password.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly Daemon _daemon;

    /// <param name="folder">For everything it has.</param>
    /// <param name="passphrase">Of the user's key; empty for none.</param>
    /// <param name="password">Of the user "deploy", who is this one under another name; <c>null</c> for no such user.</param>
    public SshServer(string folder, string passphrase = "", string? password = null)
    {
        string program = Daemon.Find("sshd", "openssh-server");
        Folder = folder;
        Port = Daemon.FreePort();
        Directory.CreateDirectory(Folder);
        Peers.Run("ssh-keygen", "openssh-client", Folder, ["-q", "-t", "ed25519", "-N", "", "-f", Path("host")]);
        Peers.Run("ssh-keygen", "openssh-client", Folder, ["-q", "-t", "ed25519", "-N", passphrase, "-f", KeyPath]);
        Peers.Run("ssh-keygen", "openssh-client", Folder, ["-q", "-t", "ed25519", "-N", "", "-f", Path("stranger")]);
        File.Copy(KeyPath + ".pub", Path("authorized_keys"));
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        // SHLVL: without it Debian's bash reads ~/.bashrc for every command, whatever is there.
        File.WriteAllText(Path("sshd_config"), $"""
            Port {Port}
            ListenAddress 127.0.0.1
            HostKey {Path("host")}
            AuthorizedKeysFile {Path("authorized_keys")}
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication yes
            PermitRootLogin yes
            MaxStartups 200
            LogLevel VERBOSE
            SetEnv SHLVL=2
            Subsystem sftp internal-sftp

            """);
        _daemon = new Daemon(program, Port, password is null ? new Dictionary<string, string>() : UsersOf(password), "-D", "-e", "-f", Path("sshd_config"));
        HostKey = File.ReadAllText(Path("host.pub")).Trim();
    }

    public string Folder { get; }

    public int Port { get; }

    public string HostKey { get; }

    public string KeyPath => Path("user");

    public string StrangerKeyPath => Path("stranger");

    /// <summary>Connections that were let in.</summary>
    public int Accepted => _daemon.Log.Split('\n').Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal));

    public string Log => _daemon.Log;

    public Dictionary<string, string> Settings => new()
    {
        ["HostName"] = "127.0.0.1",
        ["Port"] = Port.ToString(CultureInfo.InvariantCulture),
        ["UserName"] = Environment.UserName,
        ["KeyPath"] = KeyPath,
        ["HostKey"] = HostKey,
        ["ConfigPath"] = "/dev/null",
    };

    public void Dispose() => _daemon.Dispose();

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>What has the server take its users from files of ours instead of those of the system.</summary>
    private Dictionary<string, string> UsersOf(string password)
    {
        const string Wrapper = "libnss_wrapper.so";
        Assert.SkipUnless(Directory.GetDirectories("/usr/lib").Any(f => File.Exists(System.IO.Path.Combine(f, Wrapper))), "libnss_wrapper.so is not here; Debian has it in the package libnss-wrapper.");
        string hash = Peers.OpenSsl(Folder, "passwd", "-6", password).Trim();
        string user = Peers.Run("id", "coreutils", Folder, ["-u"]).Output.Trim();
        string group = Peers.Run("id", "coreutils", Folder, ["-g"]).Output.Trim();
        File.WriteAllText(Path("passwd"), $"root:x:0:0:root:/root:/bin/sh\nsshd:x:101:65534::/run/sshd:/usr/sbin/nologin\ndeploy:x:{user}:{group}::{Folder}:/bin/sh\n");
        File.WriteAllText(Path("shadow"), $"deploy:{hash}:19000:0:99999:7:::\n");
        File.WriteAllText(Path("group"), $"root:x:0:\nnogroup:x:65534:\ndeploy:x:{group}:\n");
        return new() { ["LD_PRELOAD"] = Wrapper, ["NSS_WRAPPER_PASSWD"] = Path("passwd"), ["NSS_WRAPPER_SHADOW"] = Path("shadow"), ["NSS_WRAPPER_GROUP"] = Path("group") };
    }
}
