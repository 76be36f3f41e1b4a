using System;
using System.Globalization;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Authorities.EmSign.Protocol;

/// <summary>What makes one request the account's own, once: time stamp, transaction id and their digest with the access key.</summary>
/// <param name="TimeStamp">ISO 8601 with offset, exactly as it is sent.</param>
/// <param name="Transaction">Unique for the account: 10 to 50 letters and digits.</param>
internal sealed record RequestMark(string TimeStamp, string Transaction)
{
    private const int Digits = 16;

    /// <summary>The zone that the API assumes where none is named; with its offset sent, a server that passes over the offset reads the same moment.</summary>
    private static readonly TimeSpan Zone = new(5, 30, 0);

    /// <summary>A new one.</summary>
    public static RequestMark New(DateTimeOffset now) => new(
        now.ToOffset(Zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        string.Concat(Enumerable.Range(0, Digits).Select(_ => (char)('0' + SecureRandomness.Generator.Next(10)))));

    /// <summary>SHA-256 over access key, time stamp and transaction id, one after the other; lower-case hexadecimal.</summary>
    /// <param name="accessKey">The access key; the caller overwrites it.</param>
    public string Sign(byte[] accessKey)
    {
        byte[] rest = Encoding.UTF8.GetBytes(TimeStamp + Transaction);
        byte[] all = new byte[accessKey.Length + rest.Length];
        try
        {
            accessKey.CopyTo(all, 0);
            rest.CopyTo(all, accessKey.Length);
#pragma warning disable CA1308 // lower case is what the API compares with
            return Hashes.ToHex(Hashes.Sha256(all)).ToLowerInvariant();
#pragma warning restore CA1308
        }
        finally
        {
            Array.Clear(all, 0, all.Length);
        }
    }
}
