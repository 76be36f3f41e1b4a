using System;
using System.Globalization;
using System.IO;
using System.Text;

namespace KeyManager.Providers.Storage;

/// <summary>The first 100 bytes of a database (sqlite.org/fileformat2.html §1.3).</summary>
/// <param name="PageSize">Bytes in a page.</param>
/// <param name="Pages">Pages that the file should have; 0 when the header does not say.</param>
/// <param name="ApplicationId">Whose file it is.</param>
/// <param name="Length">Bytes that the file has.</param>
internal sealed record StoreHeader(int PageSize, long Pages, int ApplicationId, long Length)
{
    private const int HeaderLength = 100;
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("SQLite format 3\0");

    /// <summary>True when the end of the file is missing.</summary>
    public bool IsCut => Length < Pages * PageSize;

    /// <summary>How much of it is there.</summary>
    public string Rest => string.Format(CultureInfo.InvariantCulture, "{0:N0} of {1:N0} bytes are there", Length, Pages * PageSize);

    /// <summary>Reads it; <c>null</c> when the file does not begin as a database does.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static StoreHeader? Read(string path)
    {
        byte[] bytes = new byte[HeaderLength];
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int read = stream.Read(bytes, 0, bytes.Length);
        if (read < HeaderLength || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic))
        {
            return null;
        }

        int size = (bytes[16] << 8) | bytes[17];

        // The number of pages counts only when it was written by the same change as the change counter.
        bool isCounted = Number(bytes, 24) == Number(bytes, 92);
        return new StoreHeader(size == 1 ? 65_536 : size, isCounted ? (uint)Number(bytes, 28) : 0, Number(bytes, 68), stream.Length);
    }

    private static int Number(byte[] bytes, int at) => (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
