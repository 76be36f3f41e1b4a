using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>What a server answered, and what its signature is worth.</summary>
/// <param name="Server">Who.</param>
/// <param name="Message">Its answer; may be an error code.</param>
/// <param name="Verdict">About its signature; <c>null</c> when the request had none.</param>
/// <param name="TimeSigned">Seconds since 1970 in the signature of the request.</param>
internal sealed record SignedAnswer(IPEndPoint Server, DnsMessage Message, TsigVerdict? Verdict, long TimeSigned)
{
    /// <summary>True when it comes from a holder of the key, or nobody asked for that.</summary>
    public bool IsTrusted => Verdict is null or { State: TsigState.Valid };

    /// <summary>True when the server passed the request on to another one, which answered (RFC 2136 §6).</summary>
    public bool WasForwarded => Verdict is { State: TsigState.Valid, Record: { } record } && record.OriginalId != Message.Id;
}

/// <summary>
/// Sends a message, signed when there is a key, and waits for the answer: over UDP, and over TCP when the message or its answer is too long, when UDP stays silent,
/// and when an answer over UDP cannot be trusted, since anybody may have sent it. Each try is signed anew, with a new identifier.
/// </summary>
/// <param name="clock">For signatures and time limits.</param>
/// <param name="owner">What follows the server in an error.</param>
internal sealed class SignedExchange(Clock clock, string owner = "")
{
    /// <summary>Octets that every server takes over UDP (RFC 1035 §4.2.1).</summary>
    public const int MaxUdpLength = 512;

    /// <summary>The first try and another.</summary>
    public const int UdpTries = 2;

    /// <summary>How long one try over UDP waits.</summary>
    public static TimeSpan UdpTimeLimit { get; } = TimeSpan.FromSeconds(3);

    /// <summary>How long the try over TCP may take: a server answers when it has written the change to its disk (RFC 2136 §3.5).</summary>
    public static TimeSpan TcpTimeLimit { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Sends <paramref name="request"/>, several times when answers get lost; so it must be one that changes nothing the second time.</summary>
    /// <exception cref="TransportException">KmDnsUnreachable: no answer, or none that can be read.</exception>
    /// <exception cref="DnsException">The request is too long for a message.</exception>
    public async Task<SignedAnswer> SendAsync(IPEndPoint server, DnsMessage request, TsigKey? key, CancellationToken cancellationToken)
    {
        bool mayHaveArrived = false;
        SignedAnswer? doubtful = null;
        Attempt attempt = Prepare(server, request, key);
        for (int i = 0; i < UdpTries && doubtful is null && attempt.Bytes.Length <= MaxUdpLength; i++)
        {
            try
            {
                SignedAnswer answer = await TimeLimit.RunAsync(clock, UdpTimeLimit, token => DnsSocket.AskOverUdpAsync(server, attempt.Bytes, attempt.TryRead, token), cancellationToken).ConfigureAwait(false);
                if (answer.IsTrusted && !answer.Message.IsTruncated)
                {
                    return answer;
                }

                mayHaveArrived = true;
                doubtful = answer;
            }
            catch (TimeoutException)
            {
                mayHaveArrived = true;
            }
            catch (SocketException)
            {
                // No way to the server, or nobody there who listens to UDP.
            }

            attempt = Prepare(server, request, key);
        }

        try
        {
            byte[] bytes = await TimeLimit.RunAsync(
                clock, TcpTimeLimit, token => DnsSocket.AskOverTcpAsync(server, attempt.Bytes, () => mayHaveArrived = true, token), cancellationToken).ConfigureAwait(false);
            return attempt.TryRead(bytes) is { Message.IsTruncated: false } answer
                ? answer
                : throw Unreachable(server, "sent something over TCP that is not the answer", mayHaveArrived, null);
        }
        catch (Exception error) when (error is TimeoutException or SocketException or IOException)
        {
            return doubtful is { Message.IsTruncated: false }
                ? doubtful
                : throw Unreachable(server, $"gave no answer over UDP nor TCP: {error.Message}", mayHaveArrived, error);
        }
    }

    /// <summary>The answer to a request that these octets are; <c>null</c> when they are something else. Throws nothing, whatever the octets.</summary>
    internal static SignedAnswer? TryRead(IPEndPoint server, DnsMessage request, SignedMessage? signed, TsigSigner? signer, byte[] bytes, DateTimeOffset now)
    {
        try
        {
            DnsMessage header = DnsMessage.ReadHeader(bytes);
            if (header.IsTruncated && header.IsResponse && header.Id == request.Id)
            {
                // All it leads to is the same request over TCP, so it need not prove more.
                return new SignedAnswer(server, header, null, 0);
            }

            DnsMessage answer = DnsMessage.Read(bytes);
            return DnsExchange.IsAnswer(request, answer)
                ? new SignedAnswer(server, answer, signed is null ? null : signer?.Verify(bytes, signed, now), signed?.TimeSigned ?? 0)
                : null;
        }
        catch (DnsException)
        {
            return null;
        }
    }

    private Attempt Prepare(IPEndPoint server, DnsMessage request, TsigKey? key)
    {
        DnsMessage message = DnsExchange.WithNewId(request);
        byte[] bytes = message.ToBytes();
        SignedMessage? signed = key?.Signer.Sign(bytes, clock.UtcNow);
        return new Attempt(signed?.Bytes ?? bytes, answer => TryRead(server, message, signed, key?.Signer, answer, clock.UtcNow));
    }

    private TransportException Unreachable(IPEndPoint server, string problem, bool mayHaveArrived, Exception? inner) =>
        new(ErrorIds.DnsUnreachable, $"The DNS server {server}{owner} {problem}.", inner)
        {
            Target = server.ToString(),
            Remedy = "Look whether the server runs, whether address and port are right, and whether a firewall lets UDP and TCP to it through.",
            IsTransient = true,
            WasNeverSent = !mayHaveArrived,
        };

    private sealed record Attempt(byte[] Bytes, Func<byte[], SignedAnswer?> TryRead);
}
