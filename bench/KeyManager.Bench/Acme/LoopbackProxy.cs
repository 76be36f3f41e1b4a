using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>
/// Stands in front of a Pebble on the loopback: counts what passes, and takes its time over each request. Pebble is told whom it is for, so that its addresses
/// lead through here as well; its signatures are for https, so this is https too.
/// </summary>
internal sealed class LoopbackProxy : IDisposable
{
    private static readonly string[] Passed = ["User-Agent", "Accept", "Accept-Language"];

    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = MakeCertificate();
    private readonly HttpClient _pebble;
    private readonly Uri _target;
    private readonly string _authority;
    private int _count;

    public LoopbackProxy(PebbleServer pebble)
    {
        _pebble = pebble.NewClient();
        _pebble.DefaultRequestHeaders.Clear();
        _target = pebble.DirectoryUrl;
        File.WriteAllText(RootPath, _certificate.ExportCertificatePem());
        _listener.Start();
        _authority = _listener.LocalEndpoint.ToString()!; // it listens
        Begin(Accept);
    }

    public Uri DirectoryUrl => new($"https://{_authority}{_target.AbsolutePath}");

    /// <summary>PEM file of what to trust.</summary>
    public string RootPath => _folder.File("proxy.pem");

    /// <summary>Requests so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How long each request is held.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>A client that trusts this and nothing else.</summary>
    public HttpClient NewClient()
    {
        HttpClientHandler handler = new()
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate is not null && certificate.RawData.SequenceEqual(_certificate.RawData),
        };
        HttpClient client = new(handler);
        client.DefaultRequestHeaders.Add("User-Agent", "bare");
        return client;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _pebble.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=Loopback", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static void Begin(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                TcpClient client = _listener.AcceptTcpClient();
                client.NoDelay = true;
                Begin(() => Serve(client));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            using SslStream stream = new(client.GetStream());
            stream.AuthenticateAsServer(_certificate);
            using BufferedStream input = new(stream);
            while (HttpCall.Read(input, stream) is HttpCall call)
            {
                stream.Write(Forward(call).ToBytes(call.Method == "HEAD"));
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client left, or all is over.
        }
        finally
        {
            client.Dispose();
        }
    }

    private HttpAnswer Forward(HttpCall call)
    {
        Interlocked.Increment(ref _count);
        if (Delay > TimeSpan.Zero)
        {
            Thread.Sleep(Delay);
        }

        using HttpRequestMessage request = new(new HttpMethod(call.Method), new Uri(_target, call.Target));
        request.Headers.Host = _authority;
        foreach (string name in Passed)
        {
            request.Headers.TryAddWithoutValidation(name, call.Field(name));
        }

        if (call.Method == "POST")
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.Field("Content-Type"));
        }

        using HttpResponseMessage response = _pebble.Send(request);
        HttpAnswer answer = new((int)response.StatusCode);
        foreach (KeyValuePair<string, IEnumerable<string>> header in response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Content-Length" or "Transfer-Encoding" or "Connection")))
        {
            foreach (string value in header.Value)
            {
                answer.With(header.Key, value);
            }
        }

        using StreamReader body = new(response.Content.ReadAsStream(), Encoding.UTF8);
        return answer.WithBody(body.ReadToEnd());
    }
}
