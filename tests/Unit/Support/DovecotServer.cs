using System;
using System.IO;
using KeyManager.Tests.Deployments;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>A real Dovecot with IMAP, in the clear until STARTTLS and over TLS, and POP3.</summary>
internal sealed class DovecotServer : IDisposable
{
    private readonly string _folder;
    private readonly Daemon _daemon;

    public DovecotServer(string folder, string certificatePath, string keyPath)
    {
        string program = Daemon.Find("dovecot", "dovecot-imapd");
        Assert.SkipUnless(File.Exists("/usr/lib/dovecot/imap-login") && File.Exists("/usr/lib/dovecot/pop3-login"), "dovecot has no IMAP or POP3; Debian has them in the packages dovecot-imapd and dovecot-pop3d.");
        Assert.SkipUnless(Environment.UserName == "root", "dovecot changes users, which only root may.");
        _folder = folder;
        Directory.CreateDirectory(At("run"));
        Peers.LetThrough(folder);
        Configure(certificatePath, keyPath);
        _daemon = new Daemon(program, Imap, "-F", "-c", Configuration);
    }

    public int Imap { get; } = Daemon.FreePort();

    public int Imaps { get; } = Daemon.FreePort();

    public int Pop3 { get; } = Daemon.FreePort();

    /// <summary>The file of its configuration.</summary>
    public string Configuration => At("dovecot.conf");

    public string Log => File.Exists(At("log")) ? File.ReadAllText(At("log")) : "";

    /// <summary>Writes the configuration, as an administrator would.</summary>
    public void Configure(string certificatePath, string keyPath) => File.WriteAllText(Configuration, $$"""
        base_dir = {{At("run")}}
        state_dir = {{At("run")}}
        log_path = {{At("log")}}
        protocols = imap pop3
        listen = 127.0.0.1
        ssl = yes
        ssl_cert = <{{certificatePath}}
        ssl_key = <{{keyPath}}
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
            port = {{Imap}}
          }
          inet_listener imaps {
            port = {{Imaps}}
          }
        }
        service pop3-login {
          chroot =
          inet_listener pop3 {
            port = {{Pop3}}
          }
          inet_listener pop3s {
            port = 0
          }
        }

        """);

    public void Dispose()
    {
        Peers.Run("doveadm", "dovecot-core", _folder, ["-c", Configuration, "stop"]); // the master ends its children
        _daemon.Dispose();
    }

    private string At(string name) => Path.Combine(_folder, name);
}
