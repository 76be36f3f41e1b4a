using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Challenges.Listening;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class TlsAlpnSolverTests : IDisposable
{
    private readonly ChallengeListeners _listeners = new(Clock.System, canShare: false);
    private readonly int _port = RawHttp.FreePort();
    private readonly TlsAlpnSolver _solver;

    public TlsAlpnSolverTests() => _solver = new TlsAlpnSolver(_listeners, Clock.System);

    public void Dispose() => Assert.Equal(0, _listeners.Count);

    [Fact]
    public async Task OpenSSL_gets_the_certificate_of_the_name_it_asks_for()
    {
        SkipWithoutTls();
        Challenge[] challenges =
        [
            SomeChallenge.Tls("www.contoso.test", "one"), SomeChallenge.Tls("mail.contoso.test", "two"), SomeChallenge.Tls("bücher.example", "two"),
            SomeChallenge.Tls("192.0.2.7", "two"), SomeChallenge.Tls("2001:db8::7", "two"),
        ];
        await Task.WhenAll(challenges.Select(PresentAsync));

        string www = Connect("www.contoso.test");
        Assert.Contains("ALPN protocol: acme-tls/1", www, StringComparison.Ordinal);
        Assert.Equal("DNS:www.contoso.test", Names(www));
        Assert.Equal("DNS:mail.contoso.test", Names(Connect("MAIL.contoso.test")));
        Assert.Equal("DNS:xn--bcher-kva.example", Names(Connect("xn--bcher-kva.example")));
        Assert.Equal("IP Address:192.0.2.7", Names(Connect("7.2.0.192.in-addr.arpa")));
        Assert.Equal("IP Address:2001:DB8:0:0:0:0:0:7", Names(Connect("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")));

        Assert.DoesNotContain("BEGIN CERTIFICATE", Connect("other.contoso.test"), StringComparison.Ordinal);
        await Task.WhenAll(challenges.Select(CleanUpAsync));
    }

    [Fact]
    public async Task A_client_that_asks_for_another_protocol_is_turned_away()
    {
        SkipWithoutTls();
        await PresentAsync(SomeChallenge.Tls());

        Assert.DoesNotContain("ALPN protocol: h2", Connect("www.contoso.test", "h2"), StringComparison.Ordinal);

        await CleanUpAsync(SomeChallenge.Tls());
    }

    [Fact]
    public async Task One_port_answers_both_kinds_of_challenge()
    {
        SkipWithoutTls();
        HttpListenerSolver http = new(_listeners);
        await http.PresentAsync(Context(), SomeChallenge.Http("t"), CancellationToken.None);
        await PresentAsync(SomeChallenge.Tls());

        Assert.Equal(1, _listeners.Count);
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, "/.well-known/acme-challenge/t"), StringComparison.Ordinal);
        Assert.Equal("DNS:www.contoso.test", Names(Connect("www.contoso.test")));

        await http.CleanUpAsync(Context(), SomeChallenge.Http("t"), CancellationToken.None);
        Assert.StartsWith("HTTP/1.1 404 ", await RawHttp.GetAsync(_port, "/.well-known/acme-challenge/t"), StringComparison.Ordinal);
        Assert.Equal("DNS:www.contoso.test", Names(Connect("www.contoso.test")));
        await CleanUpAsync(SomeChallenge.Tls());
        Assert.False(await RawHttp.IsOpenAsync(_port));
    }

    [Fact]
    public async Task Garbage_after_the_first_octet_of_TLS_does_no_harm()
    {
        SkipWithoutTls();
        await PresentAsync(SomeChallenge.Tls());

        // A whole record, so that nobody waits for the rest of it.
        await RawHttp.SendAsync(_port, "\u0016\u0003\u0001\u0000\u0010garbage garbage!");
        Assert.Equal("DNS:www.contoso.test", Names(Connect("www.contoso.test")));

        await CleanUpAsync(SomeChallenge.Tls());
    }

    [Fact]
    public void The_certificate_is_for_one_name_and_holds_the_hash()
    {
        SkipWithoutTls();
        DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        using X509Certificate2 certificate = ValidationCertificate.Make(DomainName.Parse("www.contoso.test"), "token.thumbprint", now);

        Assert.True(certificate.HasPrivateKey);
        Assert.Equal(certificate.Issuer, certificate.Subject);
        Assert.True(certificate.NotBefore.ToUniversalTime() < now.UtcDateTime && certificate.NotAfter.ToUniversalTime() > now.UtcDateTime);
        X509Extension proof = certificate.Extensions["1.3.6.1.5.5.7.1.31"]!;
        Assert.True(proof.Critical);
        using SHA256 sha256 = SHA256.Create();
        Assert.Equal([0x04, 0x20, .. sha256.ComputeHash(Encoding.ASCII.GetBytes("token.thumbprint"))], proof.RawData);
    }

    [Theory]
    [InlineData("www.contoso.test", "www.contoso.test")]
    [InlineData("192.0.2.7", "7.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::7", "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void An_address_is_asked_for_by_its_reverse_name(string name, string serverName) =>
        Assert.Equal(serverName, ValidationCertificate.ServerName(DomainName.Parse(name)));

    [Fact]
    public async Task Without_protocol_negotiation_another_way_is_proposed()
    {
        TlsAlpnSolver solver = new(_listeners, Clock.System, isSupported: false);

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => solver.PresentAsync(Context(), SomeChallenge.Tls(), CancellationToken.None));

        Assert.Equal(ErrorIds.ChallengeNotPublished, error.ErrorId);
        Assert.Contains("PowerShell 7", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("Http01", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Protocols_are_negotiated_on_NET_and_not_on_Framework() => Assert.Equal(typeof(object).Assembly.GetName().Name != "mscorlib", AlpnServer.IsSupported);

    [Fact]
    public async Task A_cancelled_present_opens_nothing()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _solver.PresentAsync(Context(), SomeChallenge.Tls(), stop.Token));
        await CleanUpAsync(SomeChallenge.Tls());
    }

    [Theory]
    [InlineData(ChallengeType.TlsAlpn01, "443", true)]
    [InlineData(ChallengeType.TlsAlpn01, null, false)]
    [InlineData(ChallengeType.Http01, "443", false)]
    public void Only_TLS_challenges_of_orders_with_an_address_are_solved(ChallengeType type, string? address, bool solved) =>
        Assert.Equal(solved, _solver.CanSolve(SomeChallenge.Order() with { ListenAddress = address }, SomeChallenge.Tls() with { Type = type }));

    private static void SkipWithoutTls()
    {
        Assert.SkipUnless(AlpnServer.IsSupported, "This runtime's TLS cannot negotiate a protocol as a server; .NET can.");
        Assert.SkipWhen(Wine.IsHere, "Wine's Schannel has no server side (AcceptSecurityContext).");
    }

    private static string Names(string output)
    {
        string pem = output.Substring(output.IndexOf("-----BEGIN", StringComparison.Ordinal));
        string file = Path.Combine(Path.GetTempPath(), "km-alpn-" + Guid.NewGuid().ToString("N") + ".pem");
        File.WriteAllText(file, pem.Substring(0, pem.IndexOf("-----END CERTIFICATE-----", StringComparison.Ordinal) + 25) + "\n");
        try
        {
            string text = Peers.OpenSsl(Path.GetTempPath(), "x509", "-in", file, "-noout", "-ext", "subjectAltName");
            return text.Split('\n')[1].Trim();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private string Connect(string serverName, string protocol = "acme-tls/1") =>
        Peers.TryOpenSsl(Path.GetTempPath(), "s_client", "-connect", $"127.0.0.1:{_port}", "-alpn", protocol, "-servername", serverName).Output;

    private KeyManager.Challenges.SolverContext Context() => SomeChallenge.Context(SomeChallenge.Order() with { ListenAddress = $"127.0.0.1:{_port}" });

    private Task PresentAsync(Challenge challenge) => _solver.PresentAsync(Context(), challenge, CancellationToken.None);

    private Task CleanUpAsync(Challenge challenge) => _solver.CleanUpAsync(Context(), challenge, CancellationToken.None);
}
