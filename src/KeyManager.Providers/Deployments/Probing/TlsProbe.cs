using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;
using KeyManager.Providers.Deployments.Probing.Dialects;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>Looks what an endpoint serves. Nothing secret is sent, so nothing has to be trusted.</summary>
internal sealed class TlsProbe(Clock clock) : IEndpointProbe
{
    public Task<ServedCertificate> AskAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(endpoint, timeout, (opened, token) => AskAsync(endpoint, opened, token), cancellationToken);

    public Task<ServedCertificate> LookAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(endpoint, timeout, (opened, token) => LookAsync(endpoint, opened, token), cancellationToken);

    private async Task<ServedCertificate> RunAsync(
        Endpoint endpoint, TimeSpan timeout, Func<Action, CancellationToken, Task<ServedCertificate>> ask, CancellationToken cancellationToken)
    {
        bool hasAnswered = false;
        try
        {
            return await TimeLimit.RunAsync(clock, timeout, token => ask(() => hasAnswered = true, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsOfTheNetwork(error))
        {
            // Closing the socket is how a wait in it is ended.
            cancellationToken.ThrowIfCancellationRequested();
            throw new TransportException(ErrorIds.EndpointUnreachable, $"{endpoint} made no TLS handshake: {(error.InnerException ?? error).Message.TrimEnd('.')}", error)
            {
                Target = endpoint.ToString(),
                IsTransient = true,
                HasAnswered = hasAnswered,
                Remedy = "Look whether the service runs, and whether host, port and protocol are right.",
            };
        }
    }

    private static async Task<ServedCertificate> AskAsync(Endpoint endpoint, Action opened, CancellationToken cancellationToken)
    {
        try
        {
            return await OnConnectionAsync(endpoint, opened, (stream, _) => AuthenticateAsync(stream, endpoint, mayBreak: false), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException && !cancellationToken.IsCancellationRequested)
        {
            // Up to TLS 1.2 a service refuses a visitor without a certificate in the middle, and the platform then does not say what it has seen.
            try
            {
                ServedCertificate shown = await OnConnectionAsync(
                    endpoint, opened, (stream, token) => CertificateHello.ReadAsync(stream, NameOf(endpoint), toEnd: true, token), cancellationToken).ConfigureAwait(false);
                if (shown.WantsClientCertificate)
                {
                    return shown;
                }
            }
            catch (Exception error) when (IsOfTheNetwork(error) && !cancellationToken.IsCancellationRequested)
            {
                // The first error says more.
            }

            throw;
        }
    }

    // The hello first: it sees every server but those that speak nothing older than TLS 1.3. These the platform's TLS sees. And some refuse a name that they do not know.
    private static async Task<ServedCertificate> LookAsync(Endpoint endpoint, Action opened, CancellationToken cancellationToken)
    {
        string? name = NameOf(endpoint);
        try
        {
            return await OnConnectionAsync(endpoint, opened, (stream, token) => CertificateHello.ReadAsync(stream, name, toEnd: false, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is TlsAlertException or EndOfStreamException or IOException { InnerException: SocketException })
        {
            try
            {
                return await OnConnectionAsync(endpoint, opened, (stream, _) => AuthenticateAsync(stream, endpoint, mayBreak: true), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsOfTheNetwork(error) && !cancellationToken.IsCancellationRequested)
            {
                if (name is null)
                {
                    throw refused;
                }
            }

            return await OnConnectionAsync(endpoint, opened, (stream, token) => CertificateHello.ReadAsync(stream, null, toEnd: false, token), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<ServedCertificate> OnConnectionAsync(Endpoint endpoint, Action opened, Func<Stream, CancellationToken, Task<ServedCertificate>> ask, CancellationToken cancellationToken)
    {
        using TcpClient client = await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
        opened();

        // The sockets of .NET Framework do not listen to a token once they wait.
        using CancellationTokenRegistration ending = cancellationToken.Register(client.Close);
        NetworkStream plain = client.GetStream();
        if (DialectList.Find(endpoint.Protocol) is IDialect dialect)
        {
            PlainStream conversation = new(plain);
            await dialect.RunAsync(conversation, endpoint.ServerName ?? endpoint.Host, cancellationToken).ConfigureAwait(false);
            conversation.End();
        }

        return await ask(plain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A whole handshake with the TLS of the platform.</summary>
    /// <param name="plain">The connection.</param>
    /// <param name="endpoint">What is asked.</param>
    /// <param name="mayBreak">True when it is enough that the certificate was shown, whatever comes after.</param>
    private static async Task<ServedCertificate> AuthenticateAsync(Stream plain, Endpoint endpoint, bool mayBreak)
    {
        byte[]? leaf = null;
        List<byte[]> sent = [];
        string version = "TLS";
        using SslStream tls = new(plain, leaveInnerStreamOpen: false, (_, certificate, chain, _) =>
        {
            leaf = certificate?.GetRawCertData();

            // What the server sent beside its own lies in the extra store; the chain itself holds what this machine found too.
            sent = [.. chain?.ChainPolicy.ExtraStore.Cast<X509Certificate2>().Select(c => c.RawData) ?? []];
            return true;
        });
        try
        {
            await tls.AuthenticateAsClientAsync(endpoint.ServerName ?? endpoint.Host, null, SslProtocols.None, checkCertificateRevocation: false).ConfigureAwait(false);
            version = Describe(tls.SslProtocol);
        }
        catch (Exception error) when (mayBreak && leaf is not null && IsOfTheNetwork(error))
        {
            // It wants a certificate of ours, say.
        }

        byte[] served = leaf ?? throw new InvalidDataException("it showed no certificate");
        return new ServedCertificate(served, [.. sent.Where(der => !Enumerable.SequenceEqual(der, served))], version);
    }

    // A name may have several addresses, of which the first need not answer.
    private static async Task<TcpClient> ConnectAsync(Endpoint endpoint, CancellationToken cancellationToken)
    {
        TcpClient client = IPAddress.TryParse(endpoint.Host, out IPAddress? address) ? new TcpClient(address.AddressFamily) : new TcpClient();
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

    // An address is no name to ask for (RFC 6066 §3).
    private static string? NameOf(Endpoint endpoint)
    {
        string name = endpoint.ServerName ?? endpoint.Host;
        return IPAddress.TryParse(name, out _) ? null : name.TrimEnd('.');
    }

    private static bool IsOfTheNetwork(Exception error) =>
        error is IOException or SocketException or AuthenticationException or TimeoutException or InvalidDataException or ObjectDisposedException or InvalidOperationException or NotSupportedException
            or ArgumentException;

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
