#if NET // .NET Framework has no TLS server that sends a chain of the test's own
using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Networking;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Networking;

/// <summary>Whom a connection trusts, and what is said when it does not come about.</summary>
public sealed class HttpChannelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public void Dispose()
    {
        _listener.Stop();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_below_a_trusted_root_is_trusted_with_the_authorities_it_sends()
    {
        Uri url = Serve(TestPki.Entry("tls", "localhost"));
        using HttpChannel channel = Channel(TestPki.Root.Der);
        Assert.Equal(200, (await GetAsync(channel, url)).Status);
    }

    [Fact]
    public async Task A_server_of_another_name_is_not()
    {
        Uri url = Serve(TestPki.Entry("tls", "other.contoso.com"));
        using HttpChannel channel = Channel(TestPki.Root.Der);
        await RefusesAsync(channel, url);
    }

    [Fact]
    public async Task A_server_below_another_root_is_not()
    {
        Uri url = Serve(TestPki.Entry("tls", "localhost"));
        TestPki.Issued other = TestPki.Issue("CN=Other Root,O=Contoso", TestPki.NewKey(), null);
        using HttpChannel channel = Channel(other.Der);
        await RefusesAsync(channel, url);
        using HttpChannel plain = new("The service", null, null);
        await RefusesAsync(plain, url);
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_not()
    {
        KeyPair key = TestPki.NewKey();
        TestPki.Issued old = TestPki.Issue("CN=localhost", key, TestPki.Root, dnsName: "localhost", notAfter: new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        Uri url = Serve(new KeystoreEntry { Alias = "tls", Key = key, Certificates = [old.Der, TestPki.Root.Der] });
        using HttpChannel channel = Channel(TestPki.Root.Der);
        await RefusesAsync(channel, url);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/", true)]
    [InlineData("http://nobody.invalid/", true)]
    public async Task What_never_arrived_is_known(string url, bool wasNeverSent)
    {
        using HttpChannel channel = new("The service", null, null);
        TransportException gone = await Assert.ThrowsAsync<TransportException>(() => GetAsync(channel, new Uri(url)));
        Assert.Equal((ErrorIds.AuthorityUnreachable, wasNeverSent, true), (gone.ErrorId, gone.WasNeverSent, gone.IsTransient));
        Assert.StartsWith("The service cannot be reached", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_certificate_is_refused()
    {
        string path = _folder.File("root.crt");
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => TrustedRoots.Read(path)).ErrorId);
        System.IO.File.WriteAllText(path, "nothing");
        Assert.Equal(ErrorIds.CertificateUnreadable, Assert.Throws<KeyMaterialException>(() => TrustedRoots.Read(path)).ErrorId);
    }

    private static Task<HttpAnswer> GetAsync(HttpChannel channel, Uri url) => channel.SendAsync(HttpMethod.Get, url, null, null, null, CancellationToken.None);

    private static async Task RefusesAsync(HttpChannel channel, Uri url)
    {
        TransportException refused = await Assert.ThrowsAsync<TransportException>(() => GetAsync(channel, url));
        Assert.Equal((ErrorIds.AuthorityNotTrusted, true, false), (refused.ErrorId, refused.WasNeverSent, refused.IsTransient));
        Assert.Contains("-TrustedRootPath", refused.Remedy, StringComparison.Ordinal);
    }

    private HttpChannel Channel(byte[] root)
    {
        string path = _folder.File("root.crt");
        System.IO.File.WriteAllBytes(path, new CertificateTools().ToPem([root]));
        return new HttpChannel("The service", null, TrustedRoots.Read(path));
    }

    private Uri Serve(KeystoreEntry entry)
    {
        string certificate = Pem.Encode("CERTIFICATE", entry.Certificates[0]);
        string key = Encoding.ASCII.GetString(new KeyTools().ToPem(entry.Key!, null));
        SslStreamCertificateContext context = SslStreamCertificateContext.Create(
            X509Certificate2.CreateFromPem(certificate, key),
            [.. entry.Certificates.Skip(1).Select(c => X509CertificateLoader.LoadCertificate(c))],
            offline: true);
        _listener.Start();
        _ = AnswerAsync(context);
        return new Uri($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
    }

    private async Task AnswerAsync(SslStreamCertificateContext context)
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                using SslStream tls = new(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = context });
                _ = await tls.ReadAsync(new byte[4096]);
                await tls.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
            }
            catch (Exception e) when (e is System.IO.IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client does not trust us.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
#endif
