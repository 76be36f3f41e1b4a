using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>Lines of a protocol in front of TLS. Takes not one byte more than the line: the next may belong to the handshake.</summary>
internal sealed class LineReader(Stream stream)
{
    private const int Longest = 4096;

    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (line.Count < Longest)
        {
            if (await stream.ReadAsync(one, 0, 1, cancellationToken).ConfigureAwait(false) == 0)
            {
                throw new EndOfStreamException("the connection was closed");
            }

            if (one[0] == '\n')
            {
                return Encoding.ASCII.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        throw new InvalidDataException("a line without an end came");
    }

    public async Task WriteAsync(string line, CancellationToken cancellationToken)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line + "\r\n");
        await stream.WriteAsync(bytes, 0, bytes.Length, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
