using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace KeyManager.Tests.Support.Acme;

/// <summary>Ports of the loopback that are free, for TCP and UDP, at the moment they are asked for.</summary>
internal static class LoopbackPorts
{
    public static int[] Take(int count)
    {
        // All are held until the last is found, so that none comes twice.
        List<Socket> held = [];
        try
        {
            List<int> ports = [];
            while (ports.Count < count)
            {
                Socket tcp = Bind(held, SocketType.Stream, ProtocolType.Tcp, 0);
                int port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
                try
                {
                    Bind(held, SocketType.Dgram, ProtocolType.Udp, port);
                    ports.Add(port);
                }
                catch (SocketException)
                {
                    // Somebody has it for UDP.
                }
            }

            return [.. ports];
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    /// <summary>Whether somebody listens.</summary>
    public static bool IsOpen(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket Bind(List<Socket> held, SocketType type, ProtocolType protocol, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, type, protocol);
        held.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
