using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Discovery;
using KeyManager.Operations;

namespace KeyManager.Bench;

/// <summary>A thousand ports of the loopback: a range where hardly anybody answers, and as many services with TLS in this process.</summary>
internal static class FindBench
{
    private const double Bar = 10;
    private const int FewServices = 10;

    public static async Task RunAsync(int count, int runs)
    {
        Report.Begin(string.Create(CultureInfo.InvariantCulture, $"find: {count} ports, {runs} runs"));
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=find.bench.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        List<TcpListener> listeners = [.. Enumerable.Range(0, count).Select(_ => Listen(certificate))];
        List<int> ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        string[] all = [.. ports.Select(port => FormattableString.Invariant($"127.0.0.1:{port}"))];

        // Away from the ports that the system gives out.
        string range = FormattableString.Invariant($"127.0.0.1:2000-{2000 + count - FewServices - 1}");
        await MeasureAsync("a range of which ten answer", [range, .. all.Take(FewServices)], FewServices, runs, add: false).ConfigureAwait(false);
        await MeasureAsync("as many services with TLS", all, count, runs, add: false).ConfigureAwait(false);
        await MeasureAsync("as many services with TLS, -Add", all, count, runs, add: true).ConfigureAwait(false);
        listeners.ForEach(l => l.Stop());
    }

    private static async Task MeasureAsync(string what, string[] places, int expected, int runs, bool add)
    {
        List<double> seconds = [];
        for (int i = 0; i < runs; i++)
        {
            using TemporaryStore store = new();
            using KeyManagerServices services = store.Open();
            EndpointScope scope = new([.. places.Select(p => EndpointRange.Parse(p, [], null, null))], [], TimeSpan.FromSeconds(5), 64);
            int found = 0;
            Stopwatch watch = Stopwatch.StartNew();
            await services.FindCertificates.RunAsync(
                scope,
                new DiscoveryOptions { MayAdd = add ? _ => Task.FromResult(true) : null },
                item =>
                {
                    found += item.Subject is null ? 0 : 1;
                    return Task.CompletedTask;
                },
                Silence.Instance,
                CancellationToken.None).ConfigureAwait(false);
            seconds.Add(watch.Elapsed.TotalSeconds);
            if (found < expected)
            {
                throw new InvalidOperationException($"{found} of {expected} services were seen.");
            }
        }

        Report.Add(what, seconds, "s", Bar);
    }

    private static TcpListener Listen(X509Certificate2 certificate)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _ = ServeAsync(listener, certificate);
        return listener;
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        while (true)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync().ConfigureAwait(false);
                using SslStream tls = new(client.GetStream());
                await tls.AuthenticateAsServerAsync(certificate, false, SslProtocols.None, false).ConfigureAwait(false);
            }
            catch (Exception error) when (error is IOException or AuthenticationException)
            {
                // Who only looks goes away in the middle.
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }
}
