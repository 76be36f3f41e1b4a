using System;
using System.IO;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Deployments.Probing;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Deployments;

public sealed class TlsProbeTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly TlsProbe _probe = new(Clock.System);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(EndpointProtocol.Tls)]
    [InlineData(EndpointProtocol.Smtp)]
    [InlineData(EndpointProtocol.Imap)]
    [InlineData(EndpointProtocol.Pop3)]
    [InlineData(EndpointProtocol.Postgres)]
    [InlineData(EndpointProtocol.Ldap)]
    [InlineData(EndpointProtocol.Ftp)]
    [InlineData(EndpointProtocol.Xmpp)]
    [InlineData(EndpointProtocol.XmppServer)]
    public async Task The_certificate_is_seen_behind_every_protocol(EndpointProtocol protocol)
    {
        Certificate certificate = await MakeAsync();
        using StartTlsServer server = new(protocol, WithKey(certificate));

        ServedCertificate served = await _probe.AskAsync(server.Endpoint, TimeSpan.FromSeconds(10), CancellationToken.None);

        ServedCertificate seen = await _probe.LookAsync(server.Endpoint, TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.Equal(certificate.RawData, served.Certificate);
        Assert.StartsWith("TLS", served.TlsVersion, StringComparison.Ordinal);
        Assert.Equal(certificate.RawData, seen.Certificate);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_service_that_lets_in_only_who_has_a_certificate_is_seen_too(string version)
    {
        Assert.SkipWhen(version == "-tls1_3" && MonoRuntime.IsHere, "Mono's TLS speaks nothing newer than TLS 1.2.");
        Certificate certificate = await MakeAsync();
        string file = _bench.File("site.pem");
        File.WriteAllBytes(file, [.. _bench.Keys.ToPem(_bench.Key(certificate.PrivateKeyId!), null), .. _bench.Certificates.ToPem([certificate.RawData])]);
        int port = Daemon.FreePort();
        using Daemon server = new(Daemon.Find("openssl", "openssl"), port, "s_server", "-accept", $"127.0.0.1:{port}", "-cert", file, "-key", file, "-Verify", "1", "-verify_return_error", "-quiet", version);

        ServedCertificate served = await _probe.AskAsync(new Endpoint("127.0.0.1", port, EndpointProtocol.Tls, null), TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.Equal(certificate.RawData, served.Certificate);
        Assert.Equal(version == "-tls1_2", served.WantsClientCertificate); // TLS 1.3 asks behind the end of our half
    }

    [Theory]
    [InlineData(EndpointProtocol.Smtp, "454 not now")]
    [InlineData(EndpointProtocol.Imap, "a1 BAD no")]
    [InlineData(EndpointProtocol.Pop3, "-ERR no")]
    [InlineData(EndpointProtocol.Postgres, "no TLS")]
    [InlineData(EndpointProtocol.Ldap, "refused StartTLS")]
    [InlineData(EndpointProtocol.Ftp, "502 not here")]
    [InlineData(EndpointProtocol.Xmpp, "failure")]
    public async Task A_server_that_wants_no_TLS_is_told_in_its_own_words(EndpointProtocol protocol, string said)
    {
        Certificate certificate = await MakeAsync();
        using StartTlsServer server = new(protocol, WithKey(certificate), refuses: true);

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => _probe.AskAsync(server.Endpoint, TimeSpan.FromSeconds(10), CancellationToken.None));

        Assert.Equal("KmEndpointUnreachable", error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.True(error.HasAnswered);
    }

    [Fact]
    public async Task Who_does_not_answer_is_given_up_after_the_time()
    {
        System.Net.Sockets.TcpListener silent = new(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        Endpoint endpoint = new("127.0.0.1", ((System.Net.IPEndPoint)silent.LocalEndpoint).Port, EndpointProtocol.Smtp);

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => _probe.AskAsync(endpoint, TimeSpan.FromMilliseconds(200), CancellationToken.None));

        Assert.Equal("KmEndpointUnreachable", error.ErrorId);
        silent.Stop();
    }

    private async Task<Certificate> MakeAsync()
    {
        await _bench.AddAccountAsync();
        return await _bench.GetCertificateAsync("www.contoso.com");
    }

    private X509Certificate2 WithKey(Certificate certificate)
    {
        byte[] pfx = new Pkcs12Format().Write(
            [new KeystoreEntry { Alias = "x", Key = _bench.Key(certificate.PrivateKeyId!), Certificates = [certificate.RawData] }], new KeystoreOptions { Password = "x", Pkcs12Protection = Pkcs12Protection.Legacy });
        return X509CertificateLoader.LoadPkcs12(pfx, "x");
    }
}
