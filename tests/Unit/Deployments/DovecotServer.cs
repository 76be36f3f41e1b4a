using System.IO;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A real Dovecot with IMAP over TLS.</summary>
internal sealed class DovecotServer : LiveService
{
    private readonly Daemon _daemon;

    public DovecotServer(string folder)
        : base("Dovecot", folder)
    {
        string program = Daemon.Find("dovecot", "dovecot-imapd");
        Assert.SkipUnless(File.Exists("/usr/lib/dovecot/imap-login"), "dovecot has no IMAP; Debian has it in the package dovecot-imapd.");
        Assert.SkipUnless(IsRoot, "dovecot changes users, which only root may.");
        Directory.CreateDirectory(At("run"));
        OpenWay();
        Configure(Key);
        _daemon = new Daemon(program, Port, "-F", "-c", Configuration);
    }

    public override string Test => Adapt(Recipe.TestCommand, "doveconf ", $"doveconf -c '{Configuration}' ");

    public override string Reload => Adapt(Recipe.ReloadCommand, "doveadm ", $"doveadm -c '{Configuration}' ");

    public override string Log => ReadLog("log");

    private string Configuration => At("dovecot.conf");

    /// <summary>Writes the configuration, as an administrator would.</summary>
    /// <param name="key">The private key that it names.</param>
    public void Configure(string key) => File.WriteAllText(Configuration, $$"""
        base_dir = {{At("run")}}
        state_dir = {{At("run")}}
        log_path = {{At("log")}}
        protocols = imap
        listen = 127.0.0.1
        ssl = required
        ssl_cert = <{{FullChain}}
        ssl_key = <{{key}}
        default_login_user = nobody
        default_internal_user = nobody
        default_internal_group = nogroup
        passdb {
          driver = static
          args = password=x
        }
        userdb {
          driver = static
          args = uid=nobody gid=nogroup home=/tmp
        }
        service imap-login {
          chroot =
          inet_listener imap {
            port = 0
          }
          inet_listener imaps {
            port = {{Port}}
          }
        }

        """);

    public override void Dispose()
    {
        if (_daemon is not null)
        {
            Peers.Run("doveadm", "dovecot-core", Folder, ["-c", Configuration, "stop"]); // the master ends its children
            _daemon.Dispose();
        }
    }
}
