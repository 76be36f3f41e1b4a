using System;
using System.IO;

namespace KeyManager.Tests.Deployments;

/// <summary>A real Apache httpd, led by Debian's apachectl as its unit does.</summary>
internal sealed class ApacheServer : LiveService
{
    private readonly string _control = Daemon.Find("apachectl", "apache2");

    public ApacheServer(string folder)
        : base("Apache", folder)
    {
        const string Modules = "/usr/lib/apache2/modules/";
        (string user, string group) = IsRoot ? ("www-data", "www-data") : (Environment.UserName, "nogroup");
        File.WriteAllText(At("envvars"), $"""
            export APACHE_RUN_USER={user} APACHE_RUN_GROUP={group} APACHE_PID_FILE='{Pid}' APACHE_RUN_DIR='{At("run")}' APACHE_LOCK_DIR='{At("lock")}' APACHE_LOG_DIR='{folder}'

            """);
        File.WriteAllText(At("apache2.conf"), $$"""
            ServerRoot "{{folder}}"
            ServerName {{Site}}
            DefaultRuntimeDir "${APACHE_RUN_DIR}"
            PidFile "${APACHE_PID_FILE}"
            ErrorLog "{{At("error.log")}}"
            User ${APACHE_RUN_USER}
            Group ${APACHE_RUN_GROUP}
            LoadModule mpm_event_module {{Modules}}mod_mpm_event.so
            LoadModule authz_core_module {{Modules}}mod_authz_core.so
            LoadModule ssl_module {{Modules}}mod_ssl.so
            StartServers 1
            SSLSessionCache none
            Listen 127.0.0.1:{{Port}}
            <VirtualHost 127.0.0.1:{{Port}}>
              SSLEngine on
              SSLCertificateFile "{{FullChain}}"
              SSLCertificateKeyFile "{{Key}}"
            </VirtualHost>

            """);

        // systemd sees the end of Apache at once. Here the dead may be a zombie for a while, which apachectl would take for running.
        ServiceManager manager = new(folder, "apache2", $"grep -qs '^State:.[^Z]' /proc/$(cat '{Pid}')/status", $"rm -f '{Pid}'; {Control("start")}", Adapt(ServiceManager.ExecReload("apache2"), "/usr/sbin/apachectl", Control("")));
        Reload = manager.Adapt(Recipe.ReloadCommand);
        Run("sh", "dash", "-c", Control("start"));
    }

    public override string Test => Adapt(Recipe.TestCommand, "apachectl ", Control(""));

    public override string Reload { get; }

    public override string Log => ReadLog("error.log");

    private string Pid => At("apache2.pid");

    public override void Dispose() => KeyManager.Tests.Support.Peers.Run("sh", "dash", Folder, ["-c", Control("stop")]);

    private string Control(string verb) => $"APACHE_CONFDIR='{Folder}' '{_control}' {verb}";
}
