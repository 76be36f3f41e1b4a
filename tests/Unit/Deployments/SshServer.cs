using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Deployments;

/// <summary>A real OpenSSH server on a port of the loopback that lets this user in with a key of its own.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly Daemon _daemon;

    /// <param name="folder">For everything it has.</param>
    /// <param name="passphrase">Of the user's key; empty for none.</param>
    public SshServer(string folder, string passphrase = "")
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
            Subsystem sftp internal-sftp

            """);
        _daemon = new Daemon(program, Port, "-D", "-e", "-f", Path("sshd_config"));
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
}
