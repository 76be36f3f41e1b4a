using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>
/// Answers on one port: a client that begins with a TLS handshake by certificate, any other by file. Strangers find it within seconds when the port is open
/// to the internet, so a connection has little time and room, and when there are too many the oldest one has to go.
/// </summary>
internal sealed class TcpChallengeListener : IDisposable
{
    /// <summary>Connections at once.</summary>
    public const int MaxConnections = 64;

    private const byte TlsHandshake = 0x16;

    private const int MaxIgnored = 64 * 1024;

    private readonly ListenerProofs _proofs;
    private readonly Clock _clock;
    private readonly TcpListener _listener;
    private readonly List<TcpClient> _connections = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts to listen.</summary>
    /// <exception cref="SocketException">The port is taken, not allowed, or the address is not here.</exception>
    public TcpChallengeListener(ListenAddress address, ListenerProofs proofs, Clock clock)
    {
        _proofs = proofs;
        _clock = clock;
        _listener = Start(address);
        _ = Task.Run(AcceptAsync);
    }

    /// <summary>Time for one connection, from the first octet to the last.</summary>
    public static TimeSpan ConnectionTimeLimit { get; } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections are open.</summary>
    public int Connections
    {
        get
        {
            lock (_connections)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Closes the port and every connection.</summary>
    public void Dispose()
    {
        // Not disposed: connections that are being closed may still look at its token, and it holds no timer.
        _stop.Cancel();
        _listener.Stop();
    }

    private static TcpListener Start(ListenAddress address)
    {
        if (address.Address is not null)
        {
            return Start(new TcpListener(address.Address, address.Port));
        }

        if (Socket.OSSupportsIPv6)
        {
            try
            {
                TcpListener both = new(IPAddress.IPv6Any, address.Port);
                both.Server.DualMode = true;
                return Start(both);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolNotSupported)
            {
                // IPv6 is compiled in and switched off.
            }
        }

        return Start(new TcpListener(IPAddress.Any, address.Port));
    }

    private static TcpListener Start(TcpListener listener)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            // Elsewhere it is always so. On Windows two programs could share a port, and nobody would know which of them is asked.
            listener.ExclusiveAddressUse = true;
        }

        try
        {
            listener.Start();
            return listener;
        }
        catch
        {
            listener.Server.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync().ConfigureAwait(false);
                Admit(client);
                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped; or a client that was gone before it was let in.
            }
        }
    }

    private void Admit(TcpClient client)
    {
        TcpClient? oldest = null;
        lock (_connections)
        {
            if (_connections.Count >= MaxConnections)
            {
                oldest = _connections[0];
                _connections.RemoveAt(0);
            }

            _connections.Add(client);
        }

        oldest?.Dispose();
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await TimeLimit.RunAsync(_clock, ConnectionTimeLimit, token => AnswerAsync(client, token), _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException or IOException or SocketException or InvalidOperationException
            or AuthenticationException or NotSupportedException or CryptographicException or System.ComponentModel.Win32Exception)
        {
            // Whatever a stranger sends ends his own connection and nothing else. What the authority did not get, it says itself.
        }
        finally
        {
            lock (_connections)
            {
                _connections.Remove(client);
            }

            client.Dispose();
        }
    }

    private async Task<bool> AnswerAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration giveUp = cancellationToken.Register(client.Dispose);
        byte[] first = new byte[1];
        if (await client.Client.ReceiveAsync(new ArraySegment<byte>(first), SocketFlags.Peek).ConfigureAwait(false) == 0)
        {
            return false;
        }

        if (first[0] == TlsHandshake)
        {
            using SslStream tls = new(client.GetStream());
            if (await AlpnServer.AuthenticateAsync(tls, _proofs.FindCertificate, cancellationToken).ConfigureAwait(false))
            {
                // RFC 8737 §3: the handshake is the proof; no data follows it. The client closes.
                await IgnoreAsync(tls, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }

        NetworkStream stream = client.GetStream();
        if (await ReadHeadAsync(stream, cancellationToken).ConfigureAwait(false) is byte[] answer)
        {
            await stream.WriteAsync(answer, 0, answer.Length, cancellationToken).ConfigureAwait(false);
            client.Client.Shutdown(SocketShutdown.Send);

            // A connection closed while something of the client's is unread is reset, and the answer may get lost with it.
            await IgnoreAsync(stream, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task<byte[]?> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] head = new byte[HttpHead.MaxLength];
        int length = 0;
        while (!HttpHead.IsComplete(head, length))
        {
            if (length == head.Length)
            {
                return HttpHead.TooLong();
            }

            int read = await stream.ReadAsync(head, length, head.Length - length, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        return HttpHead.Answer(head, length, _proofs.FindFile);
    }

    private static async Task IgnoreAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1024];
        for (int count = 0, read = 1; read > 0 && count < MaxIgnored; count += read)
        {
            read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false);
        }
    }
}
