using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Discovery;
using KeyManager.Operations;
using KeyManager.Providers.Deployments.Probing;
using KeyManager.Tests.Deployments;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Discovery;

public sealed class FindEndpointTests : IDisposable
{
    private readonly DiscoveryBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task What_a_service_shows_is_said_in_full()
    {
        KeystoreEntry entry = TestPki.Entry("x");
        using TlsService service = new(entry);

        DiscoveredCertificate found = Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints(service.Place)));

        Assert.Equal((DiscoveryState.New, service.Place, "CN=www.contoso.com", (string?)null, (string?)null), (found.State, found.Location, found.Subject, found.Name, found.Problem));
        Assert.Equal(entry.Certificates[0], found.RawData);
        Assert.Equal((int)(found.NotAfter!.Value - _bench.Bench.Clock.UtcNow).TotalDays, found.DaysLeft);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", found.Text, StringComparison.Ordinal);
        Assert.Empty(_bench.Bench.Listed());
    }

    [Fact]
    public async Task A_second_look_tells_what_is_known_changed_and_gone()
    {
        using TlsService service = new(TestPki.Entry("x"));
        EndpointScope scope = DiscoveryBench.Endpoints(service.Place);

        DiscoveredCertificate first = Assert.Single(await _bench.AddAsync(scope));
        Assert.Equal((DiscoveryState.New, "www.contoso.com", true), (first.State, first.Name, first.IsAdded));
        Assert.Equal([service.Place], Assert.Single(_bench.Bench.Listed()).InUseAt);

        _bench.Bench.Clock.Advance(TimeSpan.FromDays(7));
        DiscoveredCertificate second = Assert.Single(await _bench.AddAsync(scope));
        Assert.Equal((DiscoveryState.Known, first.SeenAt, first.SeenAt), (second.State, second.FirstSeenAt, second.LastSeenAt));

        service.Serve(TestPki.Entry("x"));
        DiscoveredCertificate third = Assert.Single(await _bench.AddAsync(scope));
        Assert.Equal((DiscoveryState.Changed, "www.contoso.com", first.Sha256Thumbprint), (third.State, third.Name, third.PreviousThumbprint));
        Certificate current = Assert.Single(_bench.Bench.Listed());
        Assert.Equal((2, third.Sha256Thumbprint, service.Place), (current.Version, current.Sha256Thumbprint, Assert.Single(current.InUseAt)));

        service.Dispose();
        DiscoveredCertificate fourth = Assert.Single(await _bench.AddAsync(scope));
        Assert.Equal((DiscoveryState.Gone, "www.contoso.com", third.Sha256Thumbprint), (fourth.State, fourth.Name, fourth.Sha256Thumbprint));
        Assert.NotNull(fourth.Problem);
        Assert.Empty(Assert.Single(_bench.Bench.Listed()).InUseAt);

        Assert.Equal(DiscoveryState.Failed, Assert.Single(await _bench.LookAsync(scope)).State);
        Assert.Equal(["CertificateGone", "CertificateDiscovered", "CertificateDiscovered"], _bench.Bench.Audit().Where(a => a.Category == "Certificate").Select(a => a.Action));
    }

    [Fact]
    public async Task What_is_ordered_here_is_never_pushed_out_by_what_is_found()
    {
        await _bench.Bench.AddAccountAsync();
        Certificate own = await _bench.Bench.GetCertificateAsync("www.contoso.com");
        KeystoreEntry stranger = TestPki.Entry("x");
        using TlsService service = new(stranger);

        DiscoveredCertificate found = Assert.Single(await _bench.AddAsync(DiscoveryBench.Endpoints(service.Place)));

        Assert.Equal($"www.contoso.com-{found.Sha256Thumbprint!.Substring(0, 8)}", found.Name);
        Assert.Equal([own.Id], _bench.Bench.Listed().Where(c => c.Name == "www.contoso.com").Select(c => c.Id));
    }

    [Fact]
    public async Task What_is_ordered_here_and_served_is_known_and_its_place_noted()
    {
        await _bench.Bench.AddAccountAsync();
        Certificate own = await _bench.Bench.GetCertificateAsync("www.contoso.com");
        using TlsService service = new(new KeystoreEntry { Alias = "x", Key = _bench.Bench.Key(own.PrivateKeyId!), Certificates = [own.RawData] });

        Assert.Equal((DiscoveryState.Known, "www.contoso.com"), Assert.Single((await _bench.AddAsync(DiscoveryBench.Endpoints(service.Place))).Select(f => (f.State, f.Name))));
        Assert.Equal([service.Place], _bench.Bench.Certificate(own.Id).InUseAt);
    }

    [Fact]
    public async Task A_full_inventory_is_a_reason_on_the_line_and_the_rest_is_done()
    {
        using TlsService one = new(TestPki.Entry("x", "one.test"));
        using TlsService two = new(TestPki.Entry("x", "two.test"));
        _bench.Services.Settings.Set(StoreSettings.MaxManagedCertificates, "1");

        IReadOnlyList<DiscoveredCertificate> found = await _bench.AddAsync(DiscoveryBench.Endpoints(one.Place, two.Place));

        Assert.Equal([false, true], found.Select(f => f.IsAdded).Order());
        Assert.Contains("MaxManagedCertificates", found.Single(f => !f.IsAdded).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_with_hostile_text_is_a_line_like_any_other()
    {
        string evil = "CN=<script>alert(1)</script>" + new string('x', 100_000);
        TestPki.Issued issued = TestPki.Issue(evil, TestPki.Key("ECDSA P-256"), null);
        using TlsService service = new(new KeystoreEntry { Alias = "x", Key = issued.Key, Certificates = [issued.Der] });

        DiscoveredCertificate found = Assert.Single(await _bench.AddAsync(DiscoveryBench.Endpoints(service.Place)));

        Assert.True(found.IsAdded, found.Problem);
        Assert.Equal(1024, found.Subject!.Length);
        Assert.Equal(200, found.Name!.Length);
        Assert.Equal(issued.Der, Assert.Single(_bench.Bench.Listed()).RawData);
    }

    [Fact]
    public async Task Whoever_speaks_no_TLS_costs_one_line_with_the_reason_and_the_others_are_seen()
    {
        byte[] zeros = new byte[64 * 1024];
        byte[] lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("220-welcome\r\n", 1000)));
        byte[] record = [22, 3, 3, 0x40, 0, 1, 0xFF, 0xFF, 0xFF, .. new byte[0x4000 - 4]];
        using TlsService good = new(TestPki.Entry("x"));
        using RawService silent = RawService.Silent();
        using RawService ssh = RawService.Saying("SSH-2.0-OpenSSH_9.2\r\n");
        using RawService web = RawService.Answering(Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
        using RawService escape = RawService.Saying("\u001b[2Jhello\r\n");
        using RawService flood = RawService.Flooding(zeros);
        using RawService endless = RawService.Flooding(lines);
        using RawService monster = RawService.Flooding(record);
        using RawService alert = RawService.Answering([21, 3, 3, 0, 2, 2, 40]);
        using RawService closing = new(_ => Task.CompletedTask);
        EndpointScope scope = DiscoveryBench.Endpoints(good.Place, silent.Place, ssh.Place, web.Place, escape.Place, flood.Place, "smtp://" + endless.Place, monster.Place, alert.Place, closing.Place)
            with { Timeout = TimeSpan.FromSeconds(1.5) };
        Stopwatch watch = Stopwatch.StartNew();

        Dictionary<string, DiscoveredCertificate> found = (await _bench.LookAsync(scope)).ToDictionary(f => f.Location);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(6), $"{watch.Elapsed}");
        Assert.Equal(10, found.Count);
        Assert.Equal(DiscoveryState.New, found[good.Place].State);
        Assert.All(found.Values.Where(f => f.Location != good.Place), f => Assert.Equal(DiscoveryState.Failed, f.State));
        Assert.Contains("No answer within 1.5 seconds", found[silent.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("'SSH-2.0-OpenSSH_9.2' and no TLS", found[ssh.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("'HTTP/1.1 400 Bad Request'", found[web.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("'.[2Jhello'", found[escape.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("no TLS", found[flood.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("more than 64 KiB before TLS", found["smtp://" + endless.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("no TLS", found[monster.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("handshake_failure", found[alert.Place].Problem, StringComparison.Ordinal);
        Assert.Contains("closed", found[closing.Place].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_there_is_a_line_only_for_what_was_named()
    {
        int dead = Daemon.FreePort();

        Assert.Equal(DiscoveryState.Failed, Assert.Single(await _bench.LookAsync(DiscoveryBench.Endpoints($"127.0.0.1:{dead}"))).State);
        Assert.DoesNotContain(await _bench.LookAsync(DiscoveryBench.Endpoints($"127.0.0.1-40:{dead}")), f => f.Location.StartsWith("127.0.0.2:", StringComparison.Ordinal));
        Assert.Contains(_bench.Bench.Reporter.Steps, s => s.Contains("nobody answers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thousand_ports_take_less_than_ten_seconds()
    {
        List<TlsService> services = [.. Enumerable.Range(0, 8).Select(i => new TlsService(TestPki.Entry("x", $"s{i}.test")))];
        int from = Math.Max(1, services.Min(s => s.Port) - 500);
        EndpointRange range = EndpointRange.Parse(FormattableString.Invariant($"127.0.0.1:{from}-{from + 999}"), [], null, null);
        EndpointScope scope = new([range, .. services.Select(s => EndpointRange.Parse(s.Place, [], null, null))], [], TimeSpan.FromSeconds(3), 64);
        Stopwatch watch = Stopwatch.StartNew();

        IReadOnlyList<DiscoveredCertificate> found = await _bench.LookAsync(scope);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.Equal(8, found.Count(f => f.Subject?.StartsWith("CN=s", StringComparison.Ordinal) == true));
        services.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task What_was_found_before_a_cancellation_stays()
    {
        using TlsService good = new(TestPki.Entry("x"));
        using RawService silent = RawService.Silent();
        using CancellationTokenSource source = new();
        Stopwatch watch = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.Services.FindCertificates.RunAsync(
            DiscoveryBench.Endpoints(silent.Place, good.Place) with { Timeout = TimeSpan.FromMinutes(1) },
            new DiscoveryOptions { MayAdd = _ => Task.FromResult(true) },
            _ =>
            {
                watch.Start();
                source.Cancel();
                return Task.CompletedTask;
            },
            _bench.Bench.Reporter,
            source.Token));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        Assert.Equal("www.contoso.com", Assert.Single(_bench.Bench.Listed()).Name);
        Assert.True(_bench.Bench.Reporter.Reports[^1].Completed);
    }

    [Fact]
    public async Task A_hello_mangled_anywhere_is_a_reason_and_never_a_defect()
    {
        TestPki.Issued issued = TestPki.Issue("CN=www.contoso.com", TestPki.Key("ECDSA P-256"), null);
        byte[] list = [.. Long(issued.Der.Length), .. issued.Der];
        byte[] certificate = [.. Long(list.Length), .. list];
        byte[] hello = [3, 3, .. new byte[32], 0, 0xC0, 0x2B, 0];
        byte[] messages = [2, .. Long(hello.Length), .. hello, 11, .. Long(certificate.Length), .. certificate];
        byte[] answer = [22, 3, 3, (byte)(messages.Length >> 8), (byte)messages.Length, .. messages];
        Assert.Equal(issued.Der, (await CertificateHello.ReadAsync(new Answer(answer), null, toEnd: false, CancellationToken.None)).Certificate);
        Random random = new(20260301);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bad = (byte[])answer.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                bad[random.Next(Math.Min(bad.Length, 80))] = (byte)random.Next(256);
            }

            bad = i % 3 == 0 ? [.. bad.Take(random.Next(bad.Length))] : bad;
            try
            {
                _ = await CertificateHello.ReadAsync(new Answer(bad), null, toEnd: i % 2 == 0, CancellationToken.None);
            }
            catch (Exception error) when (error is System.IO.IOException or System.IO.InvalidDataException)
            {
                // As it should be.
            }
        }

        static byte[] Long(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];
    }

    /// <summary>A connection that swallows what it is told and answers what it was given.</summary>
    private sealed class Answer(byte[] bytes) : System.IO.MemoryStream(bytes)
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
