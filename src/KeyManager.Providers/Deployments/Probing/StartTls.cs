using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>What is said before the handshake.</summary>
internal static class StartTls
{
    // RFC 4511 §4.14: message 1, an extended request with the name 1.3.6.1.4.1.1466.20037.
    private static readonly byte[] LdapRequest = [0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16, .. "1.3.6.1.4.1.1466.20037".Select(c => (byte)c)];

    // PostgreSQL's SSLRequest: length 8, code 80877103.
    private static readonly byte[] PostgresRequest = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    /// <exception cref="InvalidDataException">The server does not want TLS.</exception>
    public static Task RunAsync(Stream stream, EndpointProtocol protocol, CancellationToken cancellationToken) => protocol switch
    {
        EndpointProtocol.Smtp => SmtpAsync(new LineReader(stream), cancellationToken),
        EndpointProtocol.Imap => ImapAsync(new LineReader(stream), cancellationToken),
        EndpointProtocol.Pop3 => Pop3Async(new LineReader(stream), cancellationToken),
        EndpointProtocol.Postgres => PostgresAsync(stream, cancellationToken),
        EndpointProtocol.Ldap => LdapAsync(stream, cancellationToken),
        _ => Task.CompletedTask,
    };

    private static async Task SmtpAsync(LineReader line, CancellationToken cancellationToken)
    {
        await SmtpReplyAsync(line, "220", cancellationToken).ConfigureAwait(false);
        await line.WriteAsync("EHLO keymanager.invalid", cancellationToken).ConfigureAwait(false);
        await SmtpReplyAsync(line, "250", cancellationToken).ConfigureAwait(false);
        await line.WriteAsync("STARTTLS", cancellationToken).ConfigureAwait(false);
        await SmtpReplyAsync(line, "220", cancellationToken).ConfigureAwait(false);
    }

    private static async Task SmtpReplyAsync(LineReader line, string code, CancellationToken cancellationToken)
    {
        string reply;
        do
        {
            reply = await line.ReadAsync(cancellationToken).ConfigureAwait(false);
            Require(reply.StartsWith(code, StringComparison.Ordinal), reply);
        }
        while (reply.Length > 3 && reply[3] == '-');
    }

    private static async Task ImapAsync(LineReader line, CancellationToken cancellationToken)
    {
        string reply = await line.ReadAsync(cancellationToken).ConfigureAwait(false);
        Require(reply.StartsWith("* OK", StringComparison.OrdinalIgnoreCase), reply);
        await line.WriteAsync("a1 STARTTLS", cancellationToken).ConfigureAwait(false);
        do
        {
            reply = await line.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        while (reply.StartsWith("*", StringComparison.Ordinal));
        Require(reply.StartsWith("a1 OK", StringComparison.OrdinalIgnoreCase), reply);
    }

    private static async Task Pop3Async(LineReader line, CancellationToken cancellationToken)
    {
        string reply = await line.ReadAsync(cancellationToken).ConfigureAwait(false);
        Require(reply.StartsWith("+OK", StringComparison.Ordinal), reply);
        await line.WriteAsync("STLS", cancellationToken).ConfigureAwait(false);
        reply = await line.ReadAsync(cancellationToken).ConfigureAwait(false);
        Require(reply.StartsWith("+OK", StringComparison.Ordinal), reply);
    }

    private static async Task PostgresAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(PostgresRequest, 0, PostgresRequest.Length, cancellationToken).ConfigureAwait(false);
        byte[] answer = await ReadAsync(stream, 1, cancellationToken).ConfigureAwait(false);
        Require(answer[0] == 'S', "it has no TLS");
    }

    private static async Task LdapAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(LdapRequest, 0, LdapRequest.Length, cancellationToken).ConfigureAwait(false);
        byte[] head = await ReadAsync(stream, 2, cancellationToken).ConfigureAwait(false);
        int length = head[1];
        if (length > 0x80)
        {
            Require(length <= 0x82, "its answer cannot be read");
            length = (await ReadAsync(stream, length - 0x80, cancellationToken).ConfigureAwait(false)).Aggregate(0, (sum, part) => (sum << 8) | part);
        }

        byte[] body = await ReadAsync(stream, length, cancellationToken).ConfigureAwait(false);

        // The message's number, then [APPLICATION 24], its length, and the result as an ENUMERATED of one byte.
        int response = Array.IndexOf(body, (byte)0x78);
        int result = response < 0 ? -1 : Array.IndexOf(body, (byte)0x0A, response);
        Require(head[0] == 0x30 && result >= 0 && result + 2 < body.Length && body[result + 1] == 1 && body[result + 2] == 0, "it refused StartTLS");
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int more = await stream.ReadAsync(bytes, read, count - read, cancellationToken).ConfigureAwait(false);
            read += more > 0 ? more : throw new EndOfStreamException("the connection was closed");
        }

        return bytes;
    }

    private static void Require(bool isGood, string said)
    {
        if (!isGood)
        {
            throw new InvalidDataException($"it answered '{(said.Length > 100 ? said.Substring(0, 100) : said)}'");
        }
    }
}
