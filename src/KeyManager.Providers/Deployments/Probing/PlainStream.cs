using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>
/// What is said in front of TLS. Takes not one byte more than it needs: the next may belong to the handshake. What a service sends before is bounded, so that one that
/// never comes to an end costs little.
/// </summary>
internal sealed class PlainStream(Stream stream)
{
    private const int LongestLine = 4096;
    private const int Most = 64 * 1024;
    private const int Quoted = 100;

    private readonly byte[] _one = new byte[1];
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
            int more = await stream.ReadAsync(bytes, read, count - read, cancellationToken).ConfigureAwait(false);
            read += more > 0 ? more : throw Closed();
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

    private static EndOfStreamException Closed() => new("the connection was closed");

    private async Task<string> ReadUntilAsync(Func<List<byte>, bool> isEnd, int longest, string problem, CancellationToken cancellationToken)
    {
        List<byte> bytes = [];
        while (bytes.Count < longest)
        {
            Take(1);
            if (await stream.ReadAsync(_one, 0, 1, cancellationToken).ConfigureAwait(false) == 0)
            {
                throw Closed();
            }

            bytes.Add(_one[0]);
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
