using System;
using System.Globalization;
using System.Linq;

namespace KeyManager.Tests.Dns;

/// <summary>Octets written down; .NET Framework has no Convert.FromHexString.</summary>
internal static class Hex
{
    public static byte[] Read(string text) =>
        Enumerable.Range(0, text.Length / 2).Select(i => byte.Parse(text.Substring(2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();

    public static string Write(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
}
