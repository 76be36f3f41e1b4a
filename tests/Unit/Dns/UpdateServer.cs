using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace KeyManager.Tests.Dns;

/// <summary>
/// A strict server for example.test, and what else it is given, on the loopback: reads requests and makes signatures with code of its own, and complains when it is disposed about everything
/// that is not as it should be. It can be told to answer otherwise.
/// </summary>
internal sealed class UpdateServer : IDisposable
{
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task[] _loops;
    private readonly Clock _clock;
    private readonly byte[]? _secret;
    private readonly List<UpdateRequest> _requests = [];
    private readonly List<string> _complaints = [];
    private readonly HashSet<string> _records = [];
    private volatile bool _stopped;

    /// <param name="clock">The server's.</param>
    /// <param name="secret">Of the key "key"; null when there is none and nothing is signed.</param>
    public UpdateServer(Clock clock, byte[]? secret)
    {
        _clock = clock;
        _secret = secret;
        while (true)
        {
            _tcp = new TcpListener(IPAddress.Loopback, 0);
            _tcp.Start();
            try
            {
                _udp = new UdpClient((IPEndPoint)_tcp.LocalEndpoint);
                break;
            }
            catch (SocketException)
            {
                _tcp.Stop();
            }
        }

        EndPoint = (IPEndPoint)_tcp.LocalEndpoint;
        _loops = [Task.Run(ServeUdpAsync), Task.Run(ServeTcpAsync)];
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>What to answer, instead of the right answer; null for silence.</summary>
    public Func<UpdateRequest, byte[], byte[]?> Reply { get; set; } = (_, right) => right;

    /// <summary>The code to answer an update with.</summary>
    public int Code { get; set; }

    /// <summary>The zones it holds.</summary>
    public HashSet<string> Zones { get; } = ["example.test"];

    /// <summary>A signature that is wrong is answered with BADSIG, and no fault of the test.</summary>
    public bool TakesWrongKeys { get; set; }

    public IReadOnlyList<UpdateRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public IEnumerable<UpdateRequest> Updates => Requests.Where(r => r.IsUpdate);

    /// <summary>An answer of this code, signed or not, whose TSIG record may carry an error.</summary>
    public byte[] Answer(UpdateRequest request, int code, bool isSigned = true, int error = 0, byte[]? other = null, IEnumerable<byte[]>? answers = null, bool isAuthoritative = true, int? originalId = null)
    {
        List<byte[]> records = [.. answers ?? []];
        int flags = 0x8000 | (request.IsUpdate ? 0x2800 : isAuthoritative ? 0x0400 : 0) | code;
        byte[] head = [.. UpdateRequest.Big(request.Id, 2), .. UpdateRequest.Big(flags, 2), 0, 1, .. UpdateRequest.Big(records.Count, 2), 0, 0, 0, 0, .. request.Question, .. records.SelectMany(r => r)];
        if (request.KeyName is null || (!isSigned && error == 0))
        {
            return head;
        }

        // With BADTIME the time is the one of the request.
        long time = error == 18 ? request.TimeSigned : _clock.UtcNow.ToUnixTimeSeconds();
        other ??= [];
        byte[] mac = isSigned
            ? UpdateMac.Compute(request.Algorithm, _secret!, [.. UpdateRequest.Big(request.Mac.Length, 2), .. request.Mac, .. UpdateRequest.Big(originalId ?? request.Id, 2), .. head.Skip(2), .. UpdateRequest.Variables(request.KeyName, request.Algorithm, time, error, other)])
            : [];
        byte[] data =
        [
            .. UpdateRequest.Wire(request.Algorithm), .. UpdateRequest.Big(time, 6), .. UpdateRequest.Big(300, 2), .. UpdateRequest.Big(mac.Length, 2), .. mac,
            .. UpdateRequest.Big(originalId ?? request.Id, 2), .. UpdateRequest.Big(error, 2), .. UpdateRequest.Big(other.Length, 2), .. other,
        ];
        byte[] signed = [.. head, .. UpdateRequest.Wire(request.KeyName), 0, 250, 0, 255, 0, 0, 0, 0, .. UpdateRequest.Big(data.Length, 2), .. data];
        signed[11] = 1;
        return signed;
    }

    public void Dispose()
    {
        _stopped = true;
        _udp.Dispose();
        _tcp.Stop();
        Task.WaitAll(_loops, TimeSpan.FromSeconds(10));
        if (_complaints.Count > 0)
        {
            throw new InvalidOperationException("The update server complains: " + string.Join("; ", _complaints));
        }
    }

    private async Task ServeUdpAsync()
    {
        while (!_stopped)
        {
            try
            {
                UdpReceiveResult datagram = await _udp.ReceiveAsync();
                if (Handle(datagram.Buffer, overTcp: false) is { } answer)
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
                byte[] length = await ReadAsync(stream, 2);
                byte[] request = await ReadAsync(stream, (length[0] << 8) | length[1]);
                if (Handle(request, overTcp: true) is { } answer)
                {
                    byte[] framed = [.. UpdateRequest.Big(answer.Length, 2), .. answer];
                    await stream.WriteAsync(framed, 0, framed.Length);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // Stopped, or the client left.
            }
        }
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int length)
    {
        byte[] bytes = new byte[length];
        for (int count = 0; count < length;)
        {
            int read = await stream.ReadAsync(bytes, count, length - count);
            count += read > 0 ? read : throw new EndOfStreamException();
        }

        return bytes;
    }

    private byte[]? Handle(byte[] bytes, bool overTcp)
    {
        try
        {
            UpdateRequest request = UpdateRequest.Read(bytes, overTcp);
            if (request.KeyName is not null && _secret is not null && !UpdateMac.Compute(request.Algorithm, _secret, request.Signed).SequenceEqual(request.Mac))
            {
                if (TakesWrongKeys)
                {
                    return Answer(request, 9, isSigned: false, error: 16);
                }

                throw new InvalidDataException("The signature is wrong.");
            }

            lock (_requests)
            {
                _requests.Add(request);
            }

            return Reply(request, request.IsUpdate ? Change(request) : Look(request));
        }
        catch (Exception error) when (error is InvalidDataException or IndexOutOfRangeException)
        {
            lock (_requests)
            {
                _complaints.Add($"{error.Message} {Hex.Write(bytes)}");
            }

            return null;
        }
    }

    /// <summary>Puts a record there.</summary>
    public void Seed(string name, int type, byte[] data)
    {
        lock (_records)
        {
            _records.Add($"{name} {type} {Hex.Write(data)}");
        }
    }

    /// <summary>The data of the records at a name.</summary>
    public IReadOnlyList<byte[]> Data(string name, int type)
    {
        lock (_records)
        {
            string start = $"{name} {type} ";
            return [.. _records.Where(r => r.StartsWith(start, StringComparison.Ordinal)).Select(r => Hex.Read(r.Substring(start.Length)))];
        }
    }

    private byte[] Change(UpdateRequest request)
    {
        lock (_records)
        {
            return Answer(request, Code != 0 ? Code : Prerequisites(request) is int code and not 0 ? code : Apply(request));
        }
    }

    // RFC 2136 §3.2: class NONE says that a set, or with type ANY any record of the name, must not be there.
    private int Prerequisites(UpdateRequest request) => request.Prerequisites.Where(p => p.Class == 254).Select(p =>
        p.Type == 255 ? (_records.Any(r => r.StartsWith(p.Name + " ", StringComparison.Ordinal)) ? 6 : 0) : (Data(p.Name, p.Type).Count > 0 ? 7 : 0)).FirstOrDefault(code => code != 0);

    private int Apply(UpdateRequest request)
    {
        foreach (UpdateRequest.Record record in request.Changes)
        {
            string key = $"{record.Name} {record.Type} {Hex.Write(record.Data)}";
            _ = record.Class == 1 ? _records.Add(key) : _records.Remove(key);
        }

        return 0;
    }

    private byte[] Look(UpdateRequest request)
    {
        if (Zones.Contains(request.Name) || request.Type != 6)
        {
            IReadOnlyList<byte[]> found = request.Type == 6 ? [Hex.Read("0000" + "0000000000000000000000000000000000000001")] : Data(request.Name, request.Type);
            return Answer(request, 0, answers: found.Select(data => (byte[])[.. UpdateRequest.Wire(request.Name), .. UpdateRequest.Big(request.Type, 2), 0, 1, 0, 0, 0, 60, .. UpdateRequest.Big(data.Length, 2), .. data]));
        }

        // It names no zone for what lies below, so that the search has to walk.
        return Answer(request, 3);
    }
}
