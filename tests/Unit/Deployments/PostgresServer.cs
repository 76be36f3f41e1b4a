using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

/// <summary>A real PostgreSQL with a fresh cluster. It refuses root, who runs it as postgres.</summary>
internal sealed class PostgresServer : LiveService
{
    private readonly string? _programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).OrderBy(d => d, StringComparer.Ordinal).LastOrDefault()
        : null;

    public PostgresServer(string folder)
        : base("PostgreSQL", folder)
    {
        Assert.SkipWhen(_programs is null, "PostgreSQL is not installed; Debian has it in the package postgresql.");
        Peers.LetThrough(folder);
        Directory.CreateDirectory(Data);
        if (IsRoot)
        {
            Peers.Run("chmod", "coreutils", folder, ["755", At("tls")]);
            Peers.Run("chown", "coreutils", folder, ["postgres:postgres", Data, FullChain, Key]);
        }

        Run("sh", "dash", "-c", Command("initdb", "-N -A trust --locale=C"));
        File.AppendAllText(At("data", "postgresql.conf"), $"""
            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            ssl = on
            ssl_cert_file = '{FullChain}'
            ssl_key_file = '{Key}'

            """);
        Run("sh", "dash", "-c", Command("pg_ctl", $"-w -l '{At("data", "log")}' -o -F start"));

        // Debian's unit passes the reload on to the clusters and is always active itself.
        Reload = new ServiceManager(folder, "postgresql", "true", "false", Command("pg_ctl", "reload")).Adapt(Recipe.ReloadCommand);
    }

    public override Dictionary<string, string> Settings
    {
        get
        {
            Dictionary<string, string> settings = base.Settings;
            if (!IsRoot)
            {
                settings["Owner"] = Environment.UserName; // who runs the cluster then
            }

            return settings;
        }
    }

    public override string? Test => Recipe.TestCommand;

    public override string Reload { get; } = "";

    public override string Log => ReadLog("data/log");

    private string Data => At("data");

    public override void Dispose() => Peers.Run("sh", "dash", Folder, ["-c", Command("pg_ctl", "-m immediate stop")]);

    private string Command(string program, string arguments) =>
        $"{(IsRoot ? "setpriv --reuid postgres --regid postgres --clear-groups " : "")}'{_programs}/{program}' -D '{Data}' {arguments}";
}
