using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>
/// What is said in front of TLS. A server says nothing of the handshake before it was greeted, so what comes in one piece belongs here. It is bounded: a service that never
/// comes to an end costs little.
/// </summary>
internal sealed class PlainStream(Stream stream)
{
    private const int LongestLine = 4096;
    private const int Most = 64 * 1024;
    private const int Quoted = 100;

    private readonly byte[] _buffer = new byte[LongestLine];
    private int _next;
    private int _end;
    private int _taken;

    /// <summary>Words of a stranger, fit for a message: on one line, short, printable.</summary>
    public static string Quote(string said)
    {
        string plain = new([.. said.Take(Quoted).Select(c => c is >= ' ' and < '\u007F' ? c : '.')]);
        return plain.Trim();
    }

    /// <exception cref="InvalidDataException">The server does not want TLS.</exception>
    public static void Require(bool isGood, string said)
    {
        if (!isGood)
        {
            throw new InvalidDataException($"it answered '{Quote(said)}'");
        }
    }

    public Task<string> ReadLineAsync(CancellationToken cancellationToken) => ReadUntilAsync(text => text[text.Count - 1] == '\n', LongestLine, "a line without an end came", cancellationToken);

    /// <summary>Reads until the text ends as wanted.</summary>
    public Task<string> ReadUntilAsync(Func<string, bool> isEnd, CancellationToken cancellationToken) =>
        ReadUntilAsync(bytes => bytes[bytes.Count - 1] == '>' && isEnd(Encoding.ASCII.GetString([.. bytes])), Most, "no end came", cancellationToken);

    public async Task<byte[]> ReadAsync(int count, CancellationToken cancellationToken)
    {
        Take(count);
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
            int more = Math.Min(count - read, _end - _next);
            Array.Copy(_buffer, _next, bytes, read, more);
            _next += more;
            read += more;
        }

        return bytes;
    }

    public Task WriteLineAsync(string line, CancellationToken cancellationToken) => WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);

    public async Task WriteAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a reply of SMTP or FTP, which may have several lines.</summary>
    /// <exception cref="InvalidDataException">It has another code.</exception>
    public async Task ExpectAsync(string code, CancellationToken cancellationToken)
    {
        string reply = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        Require(reply.StartsWith(code, StringComparison.Ordinal), reply);

        // The lines in the middle may begin with anything (RFC 959 §4.2).
        while (reply.Length > 3 && reply[3] == '-')
        {
            do
            {
                reply = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            }
            while (!reply.StartsWith(code, StringComparison.Ordinal));
        }
    }

    /// <summary>Nothing may be left: TLS begins here.</summary>
    /// <exception cref="InvalidDataException">The server goes on in the clear.</exception>
    public void End()
    {
        if (_next != _end)
        {
            throw new InvalidDataException("it went on in the clear after it had agreed to TLS");
        }
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        if (_next == _end)
        {
            _next = 0;
            _end = 0;
            _end = await stream.ReadAsync(_buffer, 0, _buffer.Length, cancellationToken).ConfigureAwait(false);
            if (_end == 0)
            {
                throw new EndOfStreamException("the connection was closed");
            }
        }
    }

    private async Task<string> ReadUntilAsync(Func<List<byte>, bool> isEnd, int longest, string problem, CancellationToken cancellationToken)
    {
        List<byte> bytes = [];
        while (bytes.Count < longest)
        {
            Take(1);
            await FillAsync(cancellationToken).ConfigureAwait(false);
            bytes.Add(_buffer[_next++]);
            if (isEnd(bytes))
            {
                return Encoding.ASCII.GetString([.. bytes]).TrimEnd('\r', '\n');
            }
        }

        throw new InvalidDataException(problem);
    }

    private void Take(int count)
    {
        _taken += count;
        if (_taken > Most)
        {
            throw new InvalidDataException("it sent more than 64 KiB before TLS");
        }
    }
}
