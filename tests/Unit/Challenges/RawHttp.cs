using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

namespace KeyManager.Tests.Challenges;

/// <summary>A client that sends what no proper client would.</summary>
internal static class RawHttp
{
    /// <summary>A port of the loopback that was free a moment ago; below those that systems give to outgoing connections, which would take it meanwhile.</summary>
    public static int FreePort()
    {
        byte[] number = new byte[2];
        using RandomNumberGenerator generator = RandomNumberGenerator.Create();
        for (int attempt = 0; ; attempt++)
        {
            generator.GetBytes(number);
            TcpListener listener = new(IPAddress.Loopback, 20_000 + (((number[0] << 8) | number[1]) % 12_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException) when (attempt < 20)
            {
                // Somebody has it.
            }
            finally
            {
                listener.Stop();
            }
        }
    }

    public static Task<string> GetAsync(int port, string path, string version = "HTTP/1.1", IPAddress? address = null) =>
        SendAsync(port, $"GET {path} {version}\r\nHost: anything\r\n\r\n", address);

    /// <summary>The whole answer; empty when the server closes without one.</summary>
    public static async Task<string> SendAsync(int port, string request, IPAddress? address = null)
    {
        using TcpClient client = await ConnectAsync(port, address);
        NetworkStream stream = client.GetStream();
        byte[] bytes = Encoding.ASCII.GetBytes(request);
        await stream.WriteAsync(bytes, 0, bytes.Length);
        return await ReadAsync(stream);
    }

    public static async Task<TcpClient> ConnectAsync(int port, IPAddress? address = null)
    {
        address ??= IPAddress.Loopback;
        TcpClient client = new(address.AddressFamily);
        await client.ConnectAsync(address, port);
        return client;
    }

    public static async Task<string> ReadAsync(Stream stream)
    {
        using MemoryStream all = new();
        try
        {
            await stream.CopyToAsync(all);
        }
        catch (IOException)
        {
            // Reset: as good as closed.
        }

        return Encoding.ASCII.GetString(all.ToArray());
    }

    /// <summary>Whether somebody listens.</summary>
    public static async Task<bool> IsOpenAsync(int port)
    {
        try
        {
            using TcpClient client = await ConnectAsync(port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Waits for something that happens on another thread.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow + TimeSpan.FromSeconds(20);
        while (!condition())
        {
            if (DateTime.UtcNow > end)
            {
                throw new TimeoutException("It did not happen.");
            }

            await Task.Yield();
        }
    }
}
