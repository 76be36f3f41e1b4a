using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace KeyManager.Tests.Support.Acme;

/// <summary>HTTP/1.1 on a port of the loopback, with connections kept open as real servers do. A thread for each, so that idle ones starve nobody.</summary>
internal sealed class LoopbackHttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<HttpCall, HttpAnswer> _answer;
    private readonly HashSet<TcpClient> _clients = [];
    private volatile bool _stopped;

    public LoopbackHttpServer(Func<HttpCall, HttpAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        Authority = _listener.LocalEndpoint.ToString()!;
        Begin(Accept);
    }

    /// <summary>Address and port, as they stand in a URL.</summary>
    public string Authority { get; }

    public void Dispose()
    {
        _stopped = true;
        _listener.Stop();
        foreach (TcpClient client in Clients())
        {
            client.Close();
        }
    }

    private static void Begin(Action work) => new Thread(() => work()) { IsBackground = true }.Start();

    private TcpClient[] Clients()
    {
        lock (_clients)
        {
            return [.. _clients];
        }
    }

    private void Accept()
    {
        while (!_stopped)
        {
            try
            {
                TcpClient client = _listener.AcceptTcpClient();
                lock (_clients)
                {
                    _clients.Add(client);
                }

                Begin(() => Serve(client));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
            }
        }
    }

    private void Serve(TcpClient client)
    {
        try
        {
            client.NoDelay = true;
            NetworkStream stream = client.GetStream();
            BufferedStream input = new(stream);
            while (!_stopped && HttpCall.Read(input, stream) is HttpCall call && Answer(stream, call))
            {
            }
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException or InvalidOperationException or FormatException
            or NotSupportedException or NullReferenceException) // what a buffer says of a stream, and a TcpClient of itself, that was closed under it
        {
            // The client left, or the server is stopped, or that was not HTTP.
        }
        finally
        {
            client.Close();
            lock (_clients)
            {
                _clients.Remove(client);
            }
        }
    }

    private bool Answer(NetworkStream stream, HttpCall call)
    {
        HttpAnswer answer = _answer(call);
        if (answer.Cut == ConnectionCut.BeforeAnswer)
        {
            return false;
        }

        byte[] octets = answer.ToBytes(call.Method == "HEAD");
        stream.Write(octets, 0, octets.Length);
        return answer.Cut == ConnectionCut.None && call.Field("Connection")?.Equals("close", StringComparison.OrdinalIgnoreCase) != true;
    }
}
