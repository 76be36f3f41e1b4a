using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>
/// The first half of a handshake of TLS 1.0 to 1.2 (RFC 5246 §7.4): up to there certificates are sent in the clear, before anybody proves anything. So it sees what the TLS
/// of the platform would refuse to talk to, takes no cryptography, and looks nothing up elsewhere.
/// </summary>
internal static class CertificateHello
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte ServerHello = 2;
    private const byte ServerCertificate = 11;
    private const byte CertificateRequest = 13;
    private const byte ServerHelloDone = 14;
    private const byte Fatal = 2;
    private const int LongestRecord = 16384 + 2048;
    private const int Most = 1024 * 1024;

    // ECDSA before RSA, forward secrecy before none, and at the end what only old servers have. Nothing is ever encrypted with them here.
    private static readonly ushort[] Suites =
    [
        0xC02B, 0xC02C, 0xCCA9, 0xC02F, 0xC030, 0xCCA8, 0x009E, 0x009F, 0xCCAA, 0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A, 0xC013, 0xC014, 0x0067, 0x006B, 0x0033, 0x0039,
        0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041, 0x0084, 0xC008, 0xC012, 0x0016, 0x000A, 0x0038, 0x0032, 0x0013, 0x0005, 0x0004, 0x0009,
    ];

    private static readonly ushort[] Groups = [29, 23, 24, 25, 30];

    private static readonly ushort[] Signatures = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601, 0x0402, 0x0203, 0x0201, 0x0202];

    /// <summary>Reads which certificates are shown.</summary>
    /// <param name="stream">The connection, where TLS begins.</param>
    /// <param name="serverName">The name to ask for; <c>null</c> for none, as for addresses.</param>
    /// <param name="toEnd">True to read on to the end of what the server says first, and so to see whether it wants a certificate of ours.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TlsAlertException">The server ended it, also when it speaks nothing older than TLS 1.3.</exception>
    /// <exception cref="InvalidDataException">What came is no TLS.</exception>
    public static async Task<ServedCertificate> ReadAsync(Stream stream, string? serverName, bool toEnd, CancellationToken cancellationToken)
    {
        byte[] hello = Write(serverName);
        await stream.WriteAsync(hello, 0, hello.Length, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        List<byte> messages = [];
        int taken = 0;
        string version = "TLS";
        ServedCertificate? shown = null;
        while (true)
        {
            byte[] record = await ReadRecordAsync(stream, messages, cancellationToken).ConfigureAwait(false);
            taken += record.Length;
            if (taken > Most)
            {
                throw new InvalidDataException("it sent more than 1 MiB before a certificate");
            }

            messages.AddRange(record);
            while (TryTake(messages, out byte type, out byte[] body))
            {
                switch (type)
                {
                    case ServerHello:
                        version = body.Length > 2 ? Describe(body[0], body[1]) : throw Unreadable();
                        break;
                    case ServerCertificate:
                        IReadOnlyList<byte[]> all = Certificates(body);
                        shown = new ServedCertificate(all.Count > 0 ? all[0] : throw NoCertificate(), [.. all.Skip(1)], version);
                        if (!toEnd)
                        {
                            return shown;
                        }

                        break;
                    case CertificateRequest when shown is not null:
                        shown = shown with { WantsClientCertificate = true };
                        break;
                    case ServerHelloDone:
                        return shown ?? throw NoCertificate();
                }
            }
        }
    }

    private static async Task<byte[]> ReadRecordAsync(Stream stream, List<byte> messages, CancellationToken cancellationToken)
    {
        byte[] head = new byte[5];
        await FillAsync(stream, head, 0, 1, cancellationToken).ConfigureAwait(false);
        if (head[0] is not (Alert or Handshake) && messages.Count == 0)
        {
            throw new InvalidDataException($"it answered '{await QuoteAsync(stream, head[0], cancellationToken).ConfigureAwait(false)}' and no TLS");
        }

        await FillAsync(stream, head, 1, 4, cancellationToken).ConfigureAwait(false);
        int length = (head[3] << 8) | head[4];
        if (head[0] is not (Alert or Handshake) || head[1] != 3 || length is 0 or > LongestRecord)
        {
            throw Unreadable();
        }

        byte[] body = new byte[length];
        await FillAsync(stream, body, 0, length, cancellationToken).ConfigureAwait(false);
        if (head[0] == Handshake)
        {
            return body;
        }

        // A warning, such as that the name is not known, changes nothing.
        return length >= 2 && body[0] != Fatal && body[1] != 0 ? [] : throw new TlsAlertException(length >= 2 ? body[1] : (byte)0);
    }

    // What is there at once of a service that speaks something else.
    private static async Task<string> QuoteAsync(Stream stream, byte first, CancellationToken cancellationToken)
    {
        byte[] more = new byte[64];
        int count = await stream.ReadAsync(more, 0, more.Length, cancellationToken).ConfigureAwait(false);
        return PlainStream.Quote(((char)first) + Encoding.ASCII.GetString(more, 0, count).Split('\r', '\n')[0]);
    }

    private static async Task FillAsync(Stream stream, byte[] buffer, int start, int count, CancellationToken cancellationToken)
    {
        for (int read = 0; read < count;)
        {
            int more = await stream.ReadAsync(buffer, start + read, count - read, cancellationToken).ConfigureAwait(false);
            read += more > 0 ? more : throw new EndOfStreamException("the connection was closed");
        }
    }

    private static bool TryTake(List<byte> messages, out byte type, out byte[] body)
    {
        type = 0;
        body = [];
        if (messages.Count < 4)
        {
            return false;
        }

        int length = (messages[1] << 16) | (messages[2] << 8) | messages[3];
        if (length > Most)
        {
            throw Unreadable();
        }

        if (messages.Count < 4 + length)
        {
            return false;
        }

        type = messages[0];
        body = [.. messages.GetRange(4, length)];
        messages.RemoveRange(0, 4 + length);
        return true;
    }

    private static IReadOnlyList<byte[]> Certificates(byte[] body)
    {
        List<byte[]> certificates = [];
        for (int at = 3; at < body.Length;)
        {
            int length = at + 3 <= body.Length ? (body[at] << 16) | (body[at + 1] << 8) | body[at + 2] : throw Unreadable();
            at += 3;
            if (length == 0 || at + length > body.Length)
            {
                throw Unreadable();
            }

            certificates.Add([.. body.Skip(at).Take(length)]);
            at += length;
        }

        return certificates;
    }

    private static byte[] Write(string? serverName)
    {
        byte[] random = new byte[32];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(random);
        }

        List<byte> extensions = [];
        if (serverName is not null)
        {
            byte[] name = Encoding.ASCII.GetBytes(serverName);
            Extension(extensions, 0, [.. Number(name.Length + 3), 0, .. Number(name.Length), .. name]);
        }

        Extension(extensions, 10, List(Groups));
        Extension(extensions, 11, [1, 0]);
        Extension(extensions, 13, List(Signatures));
        Extension(extensions, 0xFF01, [0]);
        byte[] body = [3, 3, .. random, 0, .. List(Suites), 1, 0, .. Number(extensions.Count), .. extensions];

        // The record says 1.0, as old servers want it; the hello inside says 1.2.
        return [Handshake, 3, 1, .. Number(body.Length + 4), 1, 0, .. Number(body.Length), .. body];
    }

    private static byte[] Number(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] List(ushort[] values) => [.. Number(values.Length * 2), .. values.SelectMany(v => Number(v))];

    private static void Extension(List<byte> extensions, int type, byte[] content)
    {
        extensions.AddRange(Number(type));
        extensions.AddRange(Number(content.Length));
        extensions.AddRange(content);
    }

    private static string Describe(byte major, byte minor) => (major, minor) switch
    {
        (3, 3) => "TLS 1.2",
        (3, 2) => "TLS 1.1",
        (3, 1) => "TLS 1.0",
        (3, 0) => "SSL 3.0",
        _ => throw Unreadable(),
    };

    private static InvalidDataException NoCertificate() => new("it showed no certificate");

    private static InvalidDataException Unreadable() => new("what it answered is no TLS");
}
