using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>Looks over the network: every name leads to one web server of this machine, and is asked for at one DNS server.</summary>
/// <param name="webPort">Port of the web server; 0 for none.</param>
/// <param name="dns">The DNS server; null for none.</param>
internal sealed class NetworkWorld(int webPort, IPEndPoint? dns) : IProofWorld
{
    private readonly DnsClient _dns = new(Clock.System);

    public byte[]? Fetch(string url)
    {
        if (webPort == 0)
        {
            return null;
        }

        Uri target = new(url);
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, webPort);
            NetworkStream stream = client.GetStream();
            stream.ReadTimeout = 5000;
            byte[] request = Encoding.ASCII.GetBytes($"GET {target.PathAndQuery} HTTP/1.1\r\nHost: {target.Host}\r\nConnection: close\r\n\r\n");
            stream.Write(request, 0, request.Length);
            using MemoryStream answer = new();
            stream.CopyTo(answer);
            byte[] all = answer.ToArray();
            int end = Encoding.Latin1.GetString(all).IndexOf("\r\n\r\n", StringComparison.Ordinal);
            return end > 0 && Encoding.Latin1.GetString(all).StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? [.. all.Skip(end + 4)] : null;
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return null;
        }
    }

    public string? Alias(string name) => Ask(name, DnsType.CName).Select(r => r.ReadTarget().ToString()).FirstOrDefault();

    public IReadOnlyList<string> Texts(string name) => [.. Ask(name, DnsType.Txt).Select(r => r.ReadText())];

    private IEnumerable<DnsRecord> Ask(string name, DnsType type)
    {
        if (dns is null)
        {
            return [];
        }

        try
        {
            return _dns.QueryAsync(dns, DnsName.Parse(name), type, true, CancellationToken.None).GetAwaiter().GetResult().Answers.Where(r => r.Type == type);
        }
        catch (DnsException)
        {
            return [];
        }
    }
}
