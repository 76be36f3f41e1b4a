using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>
/// A real name server that takes updates, BIND, Knot DNS or PowerDNS, on a random port of the loopback. It holds example.test, which hands "far" on to nobody, and
/// sub.example.test and elsewhere.test. Keys: one for each algorithm, named after it, for everything; "proofs" for the TXT records of _acme-challenge.example.test and its www only.
/// </summary>
internal sealed class UpdateLiveServer : IDisposable
{
    public const string Secret = UpdateVectors.Secret;

    private const string Zone = "$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 86400 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 127.0.0.1\n_acme-challenge.cn CNAME target.elsewhere.test.\nfar NS ns.far\nns.far A 127.0.0.9\n";
    private const string SubZone = "$TTL 60\n@ SOA ns1.example.test. hostmaster 1 3600 600 86400 60\n@ NS ns1.example.test.\n";

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _log = new();
    private readonly string[] _algorithms;
    private Process? _process;

    private UpdateLiveServer(
        string program, string package, string[] algorithms, string arguments, Func<UpdateLiveServer, string> configuration, string file = "server.conf", Action<UpdateLiveServer>? prepare = null)
    {
        _algorithms = algorithms;
        string? path = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? null // under Wine the Linux program would be found and not be usable
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/usr/local/sbin"]).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed; Debian has it in the package {package}.");
        File.WriteAllText(_folder.File("example.zone"), Zone + "sub NS ns1\n");
        File.WriteAllText(_folder.File("sub.zone"), SubZone);
        File.WriteAllText(_folder.File("elsewhere.zone"), SubZone);
        Directory.CreateDirectory(_folder.File("db"));
        for (int attempt = 0; attempt < 4; attempt++)
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, FreePort());
            File.WriteAllText(_folder.File(file), configuration(this));
            if (attempt == 0)
            {
                prepare?.Invoke(this);
            }

            if (TryStart(path!, string.Format(System.Globalization.CultureInfo.InvariantCulture, arguments, _folder.File(file), _folder.Path)))
            {
                return;
            }
        }

        Dispose();
        throw new InvalidOperationException($"{program} does not start: {_log}");
    }

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    public static UpdateLiveServer Start(string program) => program switch
    {
        "named" => Bind(),
        "knotd" => Knot(),
        _ => PowerDns(),
    };

    public static UpdateLiveServer Bind() => new(
        "named", "bind9", ["hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sha1", "hmac-md5"], "-g -4 -n 1 -c \"{0}\"", server => $$"""
        {{server.Each(a => $"key \"{a}\" {{ algorithm {a}; secret \"{Secret}\"; }};\n")}}
        key "proofs" { algorithm hmac-sha256; secret "{{Secret}}"; };
        options {
          directory "{{server._folder.Path}}"; pid-file none; session-keyfile none; lock-file none; recursion no; dnssec-validation no; notify no;
          listen-on port {{server.EndPoint.Port}} { 127.0.0.1; }; listen-on-v6 { none; };
        };
        controls { };
        zone "example.test" {
          type primary; file "example.zone";
          update-policy {
            {{server.Each(a => $"grant {a} subdomain example.test. ANY;\n")}}
            grant proofs name _acme-challenge.example.test. TXT; grant proofs name _acme-challenge.www.example.test. TXT;
          };
        };
        zone "sub.example.test" { type primary; file "sub.zone"; update-policy { grant hmac-sha256 subdomain sub.example.test. TXT; }; };
        zone "elsewhere.test" { type primary; file "elsewhere.zone"; update-policy { grant hmac-sha256 subdomain elsewhere.test. TXT; }; };
        """);

    public static UpdateLiveServer Knot() => new(
        "knotd", "knot", ["hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sha1", "hmac-md5"], "-c \"{0}\"", server => $"""
        server:
          rundir: "{server._folder.Path}"
          listen: 127.0.0.1@{server.EndPoint.Port}
        log:
          - target: stderr
            any: info
        database:
          storage: "{server._folder.File("db")}"
        key:
        {server.Each(a => $"  - id: {a}\n    algorithm: {a}\n    secret: {Secret}\n")}
          - id: proofs
            algorithm: hmac-sha256
            secret: {Secret}
        acl:
          - id: all
            key: [{string.Join(", ", server._algorithms)}]
            action: update
          - id: some
            key: proofs
            action: update
            update-type: TXT
            update-owner: name
            update-owner-match: equal
            update-owner-name: [_acme-challenge, _acme-challenge.www]
        zone:
          - domain: example.test
            storage: "{server._folder.Path}"
            file: "example.zone"
            acl: [all, some]
          - domain: sub.example.test
            storage: "{server._folder.Path}"
            file: "sub.zone"
            acl: all
          - domain: elsewhere.test
            storage: "{server._folder.Path}"
            file: "elsewhere.zone"
            acl: all
        """.Replace("\n\n", "\n"));

    /// <summary>PowerDNS over SQLite, with the one key hmac-sha256 for everything.</summary>
    public static UpdateLiveServer PowerDns() => new(
        "pdns_server",
        "pdns-server (and pdns-backend-sqlite3, sqlite3)",
        ["hmac-sha256"],
        "--config-dir={1} --daemon=no --guardian=no",
        server => $"""
            launch=gsqlite3
            gsqlite3-database={server._folder.File("pdns.db")}
            local-address=127.0.0.1
            local-port={server.EndPoint.Port}
            socket-dir={server._folder.Path}
            dnsupdate=yes
            allow-dnsupdate-from=127.0.0.0/8
            cache-ttl=0
            query-cache-ttl=0
            negquery-cache-ttl=0

            """,
        "pdns.conf",
        server =>
        {
            string schema = "/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql";
            Assert.SkipUnless(File.Exists(schema), "PowerDNS has no SQLite here; Debian has it in the package pdns-backend-sqlite3.");
            Peers.Require("sqlite3", "sqlite3");
            Peers.Require("pdnsutil", "pdns-server");
            server.Run("sqlite3", server._folder.File("pdns.db"), ".read " + schema);
            foreach (string zone in new[] { "example.test", "sub.example.test", "elsewhere.test" })
            {
                server.PowerDnsUtil("create-zone", zone, "ns1.example.test");
                server.PowerDnsUtil("replace-rrset", zone, "@", "SOA", "300", "ns1.example.test hostmaster.example.test 1 3600 600 86400 60");
            }

            server.PowerDnsUtil("replace-rrset", "example.test", "ns1", "A", "300", "127.0.0.1");
            server.PowerDnsUtil("replace-rrset", "example.test", "sub", "NS", "300", "ns1.example.test");
            server.PowerDnsUtil("import-tsig-key", "hmac-sha256", "hmac-sha256", Secret);
            foreach (string zone in new[] { "example.test", "sub.example.test", "elsewhere.test" })
            {
                server.PowerDnsUtil("set-meta", zone, "TSIG-ALLOW-DNSUPDATE", "hmac-sha256");
                server.PowerDnsUtil("set-meta", zone, "SOA-EDIT-DNSUPDATE", "INCREASE");
            }
        });

    /// <summary>An update to this server.</summary>
    public DynamicUpdate Update(string? keyName = "hmac-sha256", string? algorithm = null, string secret = Secret, string? zone = null, Clock? clock = null) => new(
        new Rfc2136Server(EndPoint.ToString(), keyName is null ? null : TsigKey.FromBase64(keyName, algorithm ?? (keyName == "proofs" ? "hmac-sha256" : keyName), secret), zone),
        clock ?? Clock.System);

    /// <summary>What it serves now.</summary>
    public async Task<IReadOnlyList<string>> TextAsync(string name)
    {
        DnsMessage answer = await new DnsClient(Clock.System).QueryAsync(EndPoint, DnsName.Parse(name), DnsType.Txt, recursionDesired: false, TestContext.Current.CancellationToken);
        return [.. answer.Answers.Where(r => r.Type == DnsType.Txt).Select(r => r.ReadText()).OrderBy(t => t, StringComparer.Ordinal)];
    }

    /// <summary>The serial of example.test: a change raises it.</summary>
    public async Task<string> SerialAsync()
    {
        DnsMessage answer = await new DnsClient(Clock.System).QueryAsync(EndPoint, DnsName.Parse("example.test"), DnsType.Soa, recursionDesired: false, TestContext.Current.CancellationToken);
        byte[] data = answer.Answers.Single(r => r.Type == DnsType.Soa).Data;
        return Hex.Write([.. data.Skip(data.Length - 20).Take(4)]);
    }

    public void Dispose()
    {
        Stop();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private void PowerDnsUtil(params string[] arguments) => Run("pdnsutil", ["--config-dir=" + _folder.Path, .. arguments]);

    private void Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = Peers.Run(program, program, _folder.Path, arguments);
        _log.AppendLine(output);
        Assert.True(exitCode == 0, $"{program} {string.Join(" ", arguments)}: {output}");
    }

    private string Each(Func<string, string> line) => string.Concat(_algorithms.Select(line));

    private bool TryStart(string program, string arguments)
    {
        TaskCompletionSource<bool> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = _folder.Path })!;
        int zones = 0;
        void Read(object _, DataReceivedEventArgs line)
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
                if (line.Data is { } text)
                {
                    // BIND goes on when it has no port to listen on.
                    if (text.Contains("in use") || text.Contains("unable to listen") || text.Contains("cannot bind") || text.Contains("critical:"))
                    {
                        ready.TrySetResult(false);
                    }

                    zones += text.Contains("loaded, serial") ? 1 : 0;
                    if (text.EndsWith(" running", StringComparison.Ordinal) || text.Contains("ready to distribute questions") || zones == 3)
                    {
                        ready.TrySetResult(true);
                    }
                }
            }
        }

        _process.ErrorDataReceived += Read;
        _process.OutputDataReceived += Read;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ready.TrySetResult(false);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        if (ready.Task.Wait(TimeSpan.FromSeconds(30)) && ready.Task.Result)
        {
            return true;
        }

        Stop();
        return false;
    }

    private void Stop()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }
}
