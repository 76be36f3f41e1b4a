using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Operations;
using KeyManager.Discovery;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Deployments;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Discovery;

/// <summary>Real services as judges: what they show is seen, however they are set up.</summary>
public sealed class LiveFindTests : IDisposable
{
    private readonly DiscoveryBench _bench = new();
    private readonly KeystoreEntry _entry = TestPki.Entry("x");
    private readonly string _folder;

    public LiveFindTests()
    {
        _folder = _bench.Bench.File("live");
        Directory.CreateDirectory(_folder);
        File.WriteAllBytes(At("site.crt"), new CertificateTools().ToPem(_entry.Certificates.Take(2)));
        File.WriteAllBytes(At("site.key"), new KeyTools().ToPem(_entry.Key!, null));
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("TLS 1.0", "-tls1", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("TLS 1.1", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")]
    [InlineData("TLS 1.2", "-tls1_2")]
    [InlineData("TLS 1.3", "-tls1_3")]
    [InlineData("TLS 1.2", "-tls1_2", "-Verify", "1")]
    [InlineData("TLS 1.3", "-tls1_3", "-Verify", "1")]
    [InlineData("TLS 1.2", "-servername", "other.test", "-cert2", "site.crt", "-key2", "site.key", "-servername_fatal")]
    public async Task OpenSSL_is_seen_in_every_version_and_when_it_wants_a_certificate(string version, params string[] options)
    {
        Assert.SkipWhen(version == "TLS 1.3" && MonoRuntime.IsHere, "Mono's TLS speaks nothing newer than TLS 1.2.");
        int port = Daemon.FreePort();
        List<string> arguments = ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", At("site.crt"), "-key", At("site.key"), "-cert_chain", At("site.crt"), "-quiet", "-naccept", "100"];
        arguments.AddRange(options.Select(o => o.StartsWith("site", StringComparison.Ordinal) ? At(o) : o));
        using Daemon server = new(Daemon.Find("openssl", "openssl"), port, [.. arguments]);

        DiscoveredCertificate found = Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints($"localhost:{port}") with { Timeout = TimeSpan.FromSeconds(10) }));

        Assert.True(found.Problem is null, found.Problem);
        Assert.Equal(version, found.TlsVersion);
        Assert.Equal(_entry.Certificates[0], found.RawData);
    }

    [Fact]
    public async Task Nginx_is_seen_with_its_chain()
    {
        using NginxServer nginx = new(At("nginx"), server =>
        {
            File.Copy(At("site.crt"), server.FullChain);
            File.Copy(At("site.key"), server.Key);
        });

        DiscoveredCertificate found = Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints(nginx.Endpoint)));

        Assert.Equal(_entry.Certificates[0], found.RawData);
        Assert.Equal(1, found.ChainLength);
    }

    [Fact]
    public async Task Dovecot_is_seen_behind_STARTTLS()
    {
        using DovecotServer server = new(Directory.CreateDirectory(At("dovecot")).FullName, At("site.crt"), At("site.key"));

        IReadOnlyList<DiscoveredCertificate> found = await _bench.LookAsync(DiscoveryBench.Endpoints($"imap://127.0.0.1:{server.Imap}", $"pop3://127.0.0.1:{server.Pop3}"));

        Assert.All(found, f => Assert.True(f.Problem is null, $"{f.Problem} {server.Log}"));
        Assert.Equal([_entry.Certificates[0], _entry.Certificates[0]], found.Select(f => f.RawData));
    }

    [Fact]
    public async Task OpenLDAP_is_seen_behind_StartTLS()
    {
        string program = Daemon.Find("slapd", "slapd");
        int port = Daemon.FreePort();
        File.WriteAllText(At("slapd.conf"), $"""
            pidfile {At("slapd.pid")}
            TLSCertificateFile {At("site.crt")}
            TLSCertificateKeyFile {At("site.key")}

            """);
        using Daemon server = new(program, port, "-d", "0", "-h", $"ldap://127.0.0.1:{port}", "-f", At("slapd.conf"));

        DiscoveredCertificate found = Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints($"ldap://127.0.0.1:{port}")));

        Assert.True(found.Problem is null, found.Problem);
        Assert.Equal(_entry.Certificates[0], found.RawData);
    }

    [Fact]
    public async Task Postfix_is_seen_behind_STARTTLS()
    {
        using PostfixServer server = new(_folder, At("site.crt"), At("site.key"));

        DiscoveredCertificate found = Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints($"smtp://127.0.0.1:{server.Port}") with { Timeout = TimeSpan.FromSeconds(10) }));

        Assert.True(found.Problem is null, found.Problem + server.Log);
        Assert.Equal(_entry.Certificates[0], found.RawData);
    }

    [Fact]
    public async Task A_server_is_looked_into_by_SSH()
    {
        using SshServer ssh = new(At("ssh"));
        string files = At("remote");
        Directory.CreateDirectory(Path.Combine(files, "deep"));
        File.Copy(At("site.crt"), Path.Combine(files, "deep", "site.crt"));
        File.WriteAllText(Path.Combine(files, "broken.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
        Peers.Run("ln", "coreutils", files, ["-s", files, Path.Combine(files, "deep", "circle")]);
        Peers.Run("ln", "coreutils", files, ["-s", Path.Combine(files, "deep", "site.crt"), Path.Combine(files, "link.crt")]);
        Dictionary<string, string> settings = new(ssh.Settings) { ["WebRoot"] = files };
        _bench.Services.DeployTargets.Add(new DeployTargetRequest { Name = "web01", Kind = "Ssh", Settings = settings }, _bench.Bench.Reporter);
        DeployContext target = DeployAccess.Context(_bench.Services.Store, _bench.Services.DeployTargets.Resolve("web01"), _bench.Bench.Reporter, null);
        FileScope scope = new([files], true, [], false, target);

        IReadOnlyList<DiscoveredCertificate> found = await _bench.AddAsync(scope);

        Assert.Equal([$"{files}/broken.pem", $"{files}/deep/site.crt", $"{files}/link.crt"], found.Select(f => f.Location));
        Assert.Equal([DiscoveryState.Failed, DiscoveryState.New, DiscoveryState.Known], found.Select(f => f.State));
        Assert.Equal([$"web01: {files}/deep/site.crt", $"web01: {files}/link.crt"], Assert.Single(_bench.Bench.Listed()).InUseAt.Order());

        File.Delete(Path.Combine(files, "link.crt"));
        Assert.Equal([DiscoveryState.Failed, DiscoveryState.Known, DiscoveryState.Gone], (await _bench.LookAsync(scope)).Select(f => f.State));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
