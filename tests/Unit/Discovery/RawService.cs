using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Tests.Discovery;

/// <summary>A service that takes connections and behaves in its own way.</summary>
internal sealed class RawService : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<NetworkStream, Task> _behave;

    // Held: a connection that nobody waits for would be collected, and closed.
    private readonly ConcurrentBag<TcpClient> _clients = [];

    public RawService(Func<NetworkStream, Task> behave)
    {
        _behave = behave;
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    public Endpoint Endpoint => new("127.0.0.1", Port);

    public string Place => FormattableString.Invariant($"127.0.0.1:{Port}");

    /// <summary>Takes connections and says nothing.</summary>
    public static RawService Silent() => new(async stream => await stream.ReadAsync(new byte[65536], 0, 65536).ContinueWith(_ => new TaskCompletionSource<bool>().Task).Unwrap());

    /// <summary>Says something at once, and no more.</summary>
    public static RawService Saying(string text) => new(stream => stream.WriteAsync(Encoding.ASCII.GetBytes(text), 0, text.Length));

    /// <summary>Answers with these bytes once it was spoken to.</summary>
    public static RawService Answering(byte[] bytes) => new(async stream =>
    {
        _ = await stream.ReadAsync(new byte[65536], 0, 65536);
        await stream.WriteAsync(bytes, 0, bytes.Length);
        _ = await stream.ReadAsync(new byte[65536], 0, 65536);
    });

    /// <summary>Sends the same bytes again and again, without an end.</summary>
    public static RawService Flooding(byte[] bytes) => new(async stream =>
    {
        while (true)
        {
            await stream.WriteAsync(bytes, 0, bytes.Length);
        }
    });

    public void Dispose()
    {
        _listener.Stop();
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Connections++;
                _clients.Add(client);
                _ = TalkAsync(client);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await _behave(client.GetStream());
            }
            catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The other side has seen enough.
            }
        }
    }
}
