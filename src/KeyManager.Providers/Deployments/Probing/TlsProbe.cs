using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>Looks what an endpoint serves with the TLS of the platform. Nothing secret is sent, so nothing has to be trusted.</summary>
internal sealed class TlsProbe(Clock clock) : IEndpointProbe
{
    public async Task<ServedCertificate> AskAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await TimeLimit.RunAsync(clock, timeout, token => AskAsync(endpoint, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or AuthenticationException or TimeoutException or InvalidDataException or ObjectDisposedException or InvalidOperationException or NotSupportedException)
        {
            throw new TransportException(ErrorIds.EndpointUnreachable, $"{endpoint} made no TLS handshake: {(error.InnerException ?? error).Message.TrimEnd('.')}", error)
            {
                Target = endpoint.ToString(),
                IsTransient = true,
                Remedy = "Look whether the service runs, and whether host, port and protocol are right.",
            };
        }
    }

    private static async Task<ServedCertificate> AskAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        using TcpClient client = await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);

        // The sockets of .NET Framework do not listen to a token once they wait.
        using CancellationTokenRegistration ending = cancellationToken.Register(client.Close);
        NetworkStream plain = client.GetStream();
        await StartTls.RunAsync(plain, endpoint.Protocol, cancellationToken).ConfigureAwait(false);
        byte[]? leaf = null;
        List<byte[]> sent = [];
        using SslStream tls = new(plain, leaveInnerStreamOpen: false, (_, certificate, chain, _) =>
        {
            leaf = certificate?.GetRawCertData();

            // What the server sent beside its own lies in the extra store; the chain itself holds what this machine found too.
            sent = [.. chain?.ChainPolicy.ExtraStore.Cast<X509Certificate2>().Select(c => c.RawData) ?? []];
            return true;
        });
        await tls.AuthenticateAsClientAsync(endpoint.ServerName ?? endpoint.Host, null, SslProtocols.None, checkCertificateRevocation: false).ConfigureAwait(false);
        byte[] served = leaf ?? throw new InvalidDataException("it showed no certificate");
        return new ServedCertificate(served, [.. sent.Where(der => !Enumerable.SequenceEqual(der, served))], Describe(tls.SslProtocol));
    }

    // A name may have several addresses, of which the first need not answer.
    private static async Task<TcpClient> ConnectAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        TcpClient client = System.Net.IPAddress.TryParse(endpoint.Host, out System.Net.IPAddress? address) ? new TcpClient(address.AddressFamily) : new TcpClient();
        using CancellationTokenRegistration ending = cancellationToken.Register(client.Close);
        try
        {
            await client.ConnectAsync(endpoint.Host, endpoint.Port).ConfigureAwait(false);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    // The newest of these has no name on netstandard2.0.
    private static string Describe(SslProtocols protocol) => (int)protocol switch
    {
        12288 => "TLS 1.3",
        3072 => "TLS 1.2",
        768 => "TLS 1.1",
        192 => "TLS 1.0",
        _ => "TLS",
    };
}
