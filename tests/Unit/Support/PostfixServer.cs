using System;
using System.IO;
using KeyManager.Tests.Deployments;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>Postfix with STARTTLS on a port of its own, which puts what it takes for contoso.test into one file.</summary>
internal sealed class PostfixServer : IDisposable
{
    private readonly string _program;
    private readonly string _folder;

    public PostfixServer(string folder, string certificatePath, string keyPath)
    {
        _program = Daemon.Find("postfix", "postfix");
        Assert.SkipUnless(Environment.UserName == "root", "postfix changes users, which only root may.");
        _folder = folder;
        Directory.CreateDirectory(At("queue"));
        Directory.CreateDirectory(At("data"));
        Directory.CreateDirectory(At("mail"));
        Directory.CreateDirectory(At("postfix"));
        Peers.Run("chown", "coreutils", folder, ["postfix", At("data")]);
        Peers.Run("chown", "coreutils", folder, ["nobody", At("mail")]);
        Peers.LetThrough(folder);

        File.WriteAllText(At("postfix/main.cf"), $"""
            compatibility_level = 3.6
            queue_directory = {At("queue")}
            data_directory = {At("data")}
            myhostname = www.contoso.com
            mydestination =
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            maillog_file = {At("postfix.log")}
            maillog_file_prefixes = {folder}
            smtpd_tls_cert_file = {certificatePath}
            smtpd_tls_key_file = {keyPath}
            smtpd_tls_security_level = may
            smtpd_tls_received_header = yes
            smtpd_relay_restrictions = permit_mynetworks, reject
            virtual_mailbox_domains = contoso.test
            virtual_mailbox_base = {At("mail")}
            virtual_mailbox_maps = static:inbox
            virtual_uid_maps = static:65534
            virtual_gid_maps = static:65534

            """);
        File.WriteAllText(At("postfix/master.cf"), $"""
            127.0.0.1:{Port} inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            virtual unix - n n - - virtual
            error unix - - n - - error
            anvil unix - - n - 1 anvil
            proxymap unix - - n - - proxymap
            tlsmgr unix - - n 1000? 1 tlsmgr
            postlog unix-dgram n - n - 1 postlogd

            """);
        (int exit, string output) = Peers.Run(_program, "postfix", folder, ["-c", At("postfix"), "start"]);
        if (exit != 0)
        {
            Dispose();
            Assert.Fail(output + Log);
        }
    }

    public int Port { get; } = Daemon.FreePort();

    /// <summary>The mails that it has put away, as it writes them.</summary>
    public string InboxPath => At("mail/inbox");

    /// <summary>The folder of its configuration.</summary>
    public string Configuration => At("postfix");

    public string Log => File.Exists(At("postfix.log")) ? File.ReadAllText(At("postfix.log")) : "";

    public void Dispose() => Peers.Run(_program, "postfix", _folder, ["-c", At("postfix"), "stop"]);

    private string At(string name) => Path.Combine(_folder, name);
}
