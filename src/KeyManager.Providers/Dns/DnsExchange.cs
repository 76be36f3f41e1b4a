using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>Sends one message to one server and waits for its answer: three tries over UDP, then TCP. Knows nothing of what is asked.</summary>
/// <remarks>
/// Every try has a new socket, connected, so that the system picks a new source port and drops what comes from elsewhere, and a new
/// identifier (RFC 5452 §9.2). What does not match is passed over, not believed.
/// </remarks>
internal sealed class DnsExchange(Clock clock)
{
    /// <summary>The first try and two more.</summary>
    public const int UdpTries = 3;

    /// <summary>How long one try over UDP waits.</summary>
    public static TimeSpan UdpTimeLimit { get; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the try over TCP may take; with the three others 10 s.</summary>
    public static TimeSpan TcpTimeLimit { get; } = TimeSpan.FromSeconds(4);

    /// <summary>Sends <paramref name="query"/> with an identifier of its own. The answer may be an error code; it is never truncated.</summary>
    /// <exception cref="DnsException">No answer, or none that can be read.</exception>
    public async Task<DnsMessage> SendAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < UdpTries; attempt++)
        {
            try
            {
                DnsMessage answer = await TimeLimit.RunAsync(clock, UdpTimeLimit, token => AskOverUdpAsync(server, WithNewId(query), token), cancellationToken).ConfigureAwait(false);
                if (!answer.IsTruncated)
                {
                    return answer;
                }

                break;
            }
            catch (Exception error) when (error is TimeoutException or SocketException)
            {
                // Lost, or refused by this one protocol: the next try, in the end TCP, which some networks let through alone, tells.
            }
        }

        try
        {
            return await TimeLimit.RunAsync(clock, TcpTimeLimit, token => AskOverTcpAsync(server, WithNewId(query), token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or SocketException or IOException)
        {
            throw new DnsException($"The DNS server {server} gave no answer over UDP nor TCP: {error.Message}", error);
        }
    }

    private static Task<DnsMessage> AskOverUdpAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellationToken) =>
        DnsSocket.AskOverUdpAsync(server, query.ToBytes(), datagram => TryReadAnswer(query, datagram), cancellationToken);

    private static async Task<DnsMessage> AskOverTcpAsync(IPEndPoint server, DnsMessage query, CancellationToken cancellationToken)
    {
        byte[] bytes = await DnsSocket.AskOverTcpAsync(server, query.ToBytes(), sending: null, cancellationToken).ConfigureAwait(false);
        DnsMessage answer = DnsMessage.Read(bytes);
        return IsAnswer(query, answer) && !answer.IsTruncated
            ? answer
            : throw new DnsException($"The DNS server {server} sent something else than the answer over TCP.");
    }

    private static DnsMessage? TryReadAnswer(DnsMessage query, byte[] bytes)
    {
        try
        {
            DnsMessage header = DnsMessage.ReadHeader(bytes);
            if (header.Id == query.Id && header.IsResponse && header.IsTruncated)
            {
                // All it leads to is the same question over TCP, so it need not prove more.
                return header;
            }

            DnsMessage answer = DnsMessage.Read(bytes);
            return IsAnswer(query, answer) ? answer : null;
        }
        catch (DnsException)
        {
            // Noise, or somebody who throws dirt at our port: the real answer may still come.
            return null;
        }
    }

    /// <summary>True when it belongs to the query (RFC 5452 §9.1). An error may come without the question, from a server that could not read it.</summary>
    internal static bool IsAnswer(DnsMessage query, DnsMessage answer) =>
        answer.IsResponse
        && answer.Id == query.Id
        && answer.Opcode == query.Opcode
        && (answer.Questions.SequenceEqual(query.Questions)
            || (answer.Questions.Count == 0 && (query.Opcode == DnsOpcode.Update || answer.ResponseCode is DnsResponseCode.FormErr or DnsResponseCode.NotImp or DnsResponseCode.Refused)));

    /// <summary>The message with an identifier of its own.</summary>
    internal static DnsMessage WithNewId(DnsMessage query)
    {
        byte[] id = new byte[2];
        using RandomNumberGenerator generator = RandomNumberGenerator.Create();
        generator.GetBytes(id);
        return query with { Id = (ushort)((id[0] << 8) | id[1]) };
    }
}
