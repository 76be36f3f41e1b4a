using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>The recipes. Paths and commands are those of Debian's packages; "{name}" is the name of the certificate's entry.</summary>
internal static class Recipes
{
    public const string None = "None";

    public static IReadOnlyList<Recipe> All { get; } =
    [
        new() { Name = None, Title = "files only" },
        new()
        {
            Name = "Nginx",
            Title = "nginx",
            FullChainPath = "/etc/nginx/tls/{name}.fullchain.crt",
            PrivateKeyPath = "/etc/nginx/tls/{name}.key",
            TestCommand = "nginx -t",
            ReloadCommand = "systemctl reload nginx",
            Port = 443,
        },
        new()
        {
            Name = "Apache",
            Title = "Apache httpd 2.4.8 and later",
            FullChainPath = "/etc/apache2/tls/{name}.fullchain.crt",
            PrivateKeyPath = "/etc/apache2/tls/{name}.key",
            TestCommand = "apachectl configtest",

            // configtest does not open keys, and a reload with one that does not fit ends Apache: on the way back it has to be started again.
            ReloadCommand = "systemctl reload-or-restart apache2",
            Port = 443,
        },
        new()
        {
            Name = "HAProxy",
            Title = "HAProxy",
            CombinedPath = "/etc/haproxy/certs/{name}.pem",
            TestCommand = "haproxy -c -f /etc/haproxy/haproxy.cfg",
            ReloadCommand = "systemctl reload haproxy",
            Port = 443,
        },
        new()
        {
            Name = "Postfix",
            Title = "Postfix (smtpd_tls_cert_file, smtpd_tls_key_file)",
            FullChainPath = "/etc/postfix/tls/{name}.fullchain.crt",
            PrivateKeyPath = "/etc/postfix/tls/{name}.key",
            TestCommand = "postfix check",
            ReloadCommand = "postfix reload",
            Port = 25,
            Protocol = EndpointProtocol.Smtp,
        },
        new()
        {
            Name = "Dovecot",
            Title = "Dovecot (ssl_cert, ssl_key)",
            FullChainPath = "/etc/dovecot/tls/{name}.fullchain.crt",
            PrivateKeyPath = "/etc/dovecot/tls/{name}.key",

            // Without -x it does not open the files that the configuration names.
            TestCommand = "doveconf -n -x >/dev/null",
            ReloadCommand = "doveadm reload",
            Port = 993,
        },
        new()
        {
            Name = "Tomcat",
            Title = "Apache Tomcat with a PKCS#12 keystore (certificateKeystoreFile)",
            KeystorePath = "/etc/tomcat10/{name}.p12",
            Owner = "root:tomcat",
            KeyMode = "640",
            ReloadCommand = "systemctl restart tomcat10",
            Port = 8443,
        },
        new()
        {
            Name = "PostgreSQL",
            Title = "PostgreSQL 10 and later (ssl_cert_file, ssl_key_file)",
            FullChainPath = "/etc/postgresql/tls/{name}.fullchain.crt",
            PrivateKeyPath = "/etc/postgresql/tls/{name}.key",
            Owner = "postgres:postgres",
            KeyMode = "600",
            ReloadCommand = "systemctl reload postgresql",
            Port = 5432,
            Protocol = EndpointProtocol.Postgres,
        },
    ];

    public static Recipe Get(string? name) => name is null ? All[0] : All.First(r => string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase)); // the setting has choices
}
