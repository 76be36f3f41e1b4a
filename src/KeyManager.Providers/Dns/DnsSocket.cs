using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Dns;

/// <summary>Octets to a DNS server and octets back, over a socket that serves once. Gives the socket up when the token is cancelled.</summary>
internal static class DnsSocket
{
    /// <summary>Sends one datagram and waits, for ever, for the one that <paramref name="accept"/> takes.</summary>
    /// <param name="accept">Makes something of a datagram; <c>null</c> when it is none of ours.</param>
    /// <exception cref="SocketException">The system knows no way to the server, or the machine has no such port.</exception>
    public static async Task<T> AskOverUdpAsync<T>(IPEndPoint server, byte[] request, Func<byte[], T?> accept, CancellationToken cancellationToken)
        where T : class
    {
        using UdpClient socket = new(server.AddressFamily);
        using CancellationTokenRegistration giveUp = cancellationToken.Register(socket.Dispose);
        try
        {
            socket.Connect(server);
            await socket.SendAsync(request, request.Length).ConfigureAwait(false);
            while (true)
            {
                UdpReceiveResult datagram = await socket.ReceiveAsync().ConfigureAwait(false);
                if (accept(datagram.Buffer) is { } answer)
                {
                    return answer;
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // What a socket throws when it is closed under a read differs between runtimes.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>Sends one message over a new connection and reads the next one.</summary>
    /// <param name="sending">Called when there is a connection, before anything is sent.</param>
    /// <exception cref="SocketException">No connection.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task<byte[]> AskOverTcpAsync(IPEndPoint server, byte[] request, Action? sending, CancellationToken cancellationToken)
    {
        using TcpClient socket = new(server.AddressFamily);
        using CancellationTokenRegistration giveUp = cancellationToken.Register(socket.Dispose);
        try
        {
            await socket.ConnectAsync(server.Address, server.Port).ConfigureAwait(false);
            NetworkStream stream = socket.GetStream();

            // Length and message in one write: some servers take them for two messages otherwise (RFC 7766 §8).
            byte[] framed = [(byte)(request.Length >> 8), (byte)request.Length, .. request];
            sending?.Invoke();
            await stream.WriteAsync(framed, 0, framed.Length, cancellationToken).ConfigureAwait(false);
            byte[] length = await ReadExactlyAsync(stream, 2, cancellationToken).ConfigureAwait(false);
            return await ReadExactlyAsync(stream, (length[0] << 8) | length[1], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static async Task<byte[]> ReadExactlyAsync(NetworkStream stream, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[length];
        int count = 0;
        while (count < length)
        {
            int read = await stream.ReadAsync(bytes, count, length - count, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException("The server closed the connection before its answer was complete.");
            }

            count += read;
        }

        return bytes;
    }
}
