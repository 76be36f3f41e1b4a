using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Tests.Dns;

/// <summary>
/// A DNS server on the loopback that answers over UDP and TCP what the test says. Strict: a query that is not exactly one plain question fails the test when
/// the server is disposed.
/// </summary>
internal sealed class ScriptedDnsServer : IDisposable
{
    private readonly Func<Query, IEnumerable<byte[]>> _answer;
    private readonly bool? _isOfZone;
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task _udpLoop;
    private readonly Task _tcpLoop;
    private readonly List<Query> _queries = [];
    private readonly List<string> _complaints = [];
    private volatile bool _stopped;

    /// <param name="answer">The datagrams, or the messages of the connection, that answer a query; none for silence.</param>
    /// <param name="isOfZone">Asked as a server of a zone, so without the wish for recursion, and not as a resolver; null for either.</param>
    public ScriptedDnsServer(Func<Query, IEnumerable<byte[]>> answer, bool? isOfZone = false)
    {
        _answer = answer;
        _isOfZone = isOfZone;
        (_udp, _tcp) = Listen();
        EndPoint = (IPEndPoint)_tcp.LocalEndpoint;
        _udpLoop = Task.Run(ServeUdpAsync);
        _tcpLoop = Task.Run(ServeTcpAsync);
    }

    /// <summary>With one message per query.</summary>
    public ScriptedDnsServer(Func<Query, DnsMessage> answer, bool? isOfZone = false)
        : this(query => [answer(query).ToBytes()], isOfZone)
    {
    }

    public IPEndPoint EndPoint { get; }

    public IReadOnlyList<Query> Queries
    {
        get
        {
            lock (_queries)
            {
                return [.. _queries];
            }
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _udp.Dispose();
        _tcp.Stop();
        Task.WaitAll([_udpLoop, _tcpLoop], TimeSpan.FromSeconds(10));
        if (_complaints.Count > 0)
        {
            throw new InvalidOperationException("The DNS server was asked something it does not understand: " + string.Join("; ", _complaints));
        }
    }

    private static (UdpClient Udp, TcpListener Tcp) Listen()
    {
        for (int attempt = 0; ; attempt++)
        {
            TcpListener tcp = new(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return (new UdpClient((IPEndPoint)tcp.LocalEndpoint), tcp);
            }
            catch (SocketException) when (attempt < 20)
            {
                // Somebody has the UDP port of this number.
                tcp.Stop();
            }
        }
    }

    private async Task ServeUdpAsync()
    {
        while (!_stopped)
        {
            try
            {
                UdpReceiveResult datagram = await _udp.ReceiveAsync();
                foreach (byte[] answer in Answer(datagram.Buffer, datagram.RemoteEndPoint, overTcp: false))
                {
                    await _udp.SendAsync(answer, answer.Length, datagram.RemoteEndPoint);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException || (_stopped && error is NullReferenceException)) // that is Mono's way
            {
                // Stopped; or, on Windows, the client went away before its answer.
            }
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stopped)
        {
            try
            {
                using TcpClient client = await _tcp.AcceptTcpClientAsync();
                NetworkStream stream = client.GetStream();
                byte[] length = ReadExactly(stream, 2);
                byte[] query = ReadExactly(stream, (length[0] << 8) | length[1]);
                bool any = false;
                foreach (byte[] answer in Answer(query, (IPEndPoint)client.Client.RemoteEndPoint!, overTcp: true))
                {
                    any = true;

                    // Octet by octet in two parts: a reader must not rely on getting everything at once.
                    byte[] framed = [(byte)(answer.Length >> 8), (byte)answer.Length, .. answer];
                    stream.Write(framed, 0, 3);
                    stream.Flush();
                    stream.Write(framed, 3, framed.Length - 3);
                }

                if (!any)
                {
                    // Silence: wait until the client gives up.
                    stream.ReadByte();
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // Stopped, or the client left.
            }
        }
    }

    private IEnumerable<byte[]> Answer(byte[] bytes, IPEndPoint client, bool overTcp)
    {
        DnsMessage message;
        try
        {
            message = DnsMessage.Read(bytes);
        }
        catch (Exception error)
        {
            Complain(error.Message);
            return [];
        }

        if (message.IsResponse || message.IsTruncated || message.Opcode != DnsOpcode.Query || message.ResponseCode != DnsResponseCode.NoError || message.RecursionDesired == _isOfZone
            || message.Questions.Count != 1 || message.Questions[0].Class != DnsClass.Internet || message.Answers.Count + message.Authorities.Count > 0
            || message.Additionals.Any(r => r.Type != DnsType.Opt) || message.Additionals.Count > 1)
        {
            Complain("not a plain question: " + BitConverter.ToString(bytes));
            return [];
        }

        Query query = new(message, overTcp, client.Port);
        lock (_queries)
        {
            _queries.Add(query);
        }

        return _answer(query);
    }

    private void Complain(string what)
    {
        lock (_queries)
        {
            _complaints.Add(what);
        }
    }

    private static byte[] ReadExactly(NetworkStream stream, int length)
    {
        byte[] bytes = new byte[length];
        for (int count = 0; count < length;)
        {
            int read = stream.Read(bytes, count, length - count);
            count += read > 0 ? read : throw new EndOfStreamException();
        }

        return bytes;
    }

    /// <summary>What was asked, and how.</summary>
    internal sealed record Query(DnsMessage Message, bool OverTcp, int SourcePort)
    {
        public DnsName Name => Message.Questions[0].Name;

        /// <summary>An answer that fits, to be filled with "with".</summary>
        public DnsMessage Reply(params DnsRecord[] answers) => new()
        {
            Id = Message.Id,
            IsResponse = true,
            RecursionDesired = true,
            RecursionAvailable = true,
            Questions = Message.Questions,
            Answers = answers,
            Additionals = Message.Additionals,
        };

        /// <summary>An answer without records.</summary>
        public DnsMessage Fail(DnsResponseCode code) => Reply() with { ResponseCode = code };
    }
}
