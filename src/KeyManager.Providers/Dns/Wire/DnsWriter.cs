using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>Writes a message into octets.</summary>
internal sealed class DnsWriter
{
    /// <summary>Octets of the longest message: TCP gives its length in 16 bits (RFC 1035 §4.2.2).</summary>
    public const int MaxMessageLength = ushort.MaxValue;

    private const int MaxPointerTarget = 0x3FFF;

    private readonly List<byte> _bytes = [];

    // Exact text, case included: a name that is compressed into a differently written one would change its writing.
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public void WriteByte(byte value) => _bytes.Add(value);

    public void WriteUInt16(int value)
    {
        _bytes.Add((byte)(value >> 8));
        _bytes.Add((byte)value);
    }

    public void WriteUInt32(uint value)
    {
        WriteUInt16((int)(value >> 16));
        WriteUInt16((int)(value & 0xFFFF));
    }

    public void WriteBytes(byte[] value) => _bytes.AddRange(value);

    /// <summary>Writes a name in full: what belongs inside RDATA of newer types (RFC 3597 §4) and into everything that is hashed.</summary>
    public void WriteName(DnsName name)
    {
        foreach (byte[] label in name.Labels)
        {
            WriteByte((byte)label.Length);
            WriteBytes(label);
        }

        WriteByte(0);
    }

    /// <summary>Writes a name with a pointer to an earlier one where they end alike (RFC 1035 §4.1.4).</summary>
    public void WriteCompressedName(DnsName name)
    {
        for (DnsName rest = name; rest.Labels.Count > 0; rest = rest.Parent)
        {
            string text = rest.ToString();
            if (_names.TryGetValue(text, out int target))
            {
                WriteUInt16(0xC000 | target);
                return;
            }

            if (_bytes.Count <= MaxPointerTarget)
            {
                _names.Add(text, _bytes.Count);
            }

            WriteByte((byte)rest.Labels[0].Length);
            WriteBytes(rest.Labels[0]);
        }

        WriteByte(0);
    }

    /// <exception cref="DnsException">Longer than a message can be.</exception>
    public byte[] ToArray() =>
        _bytes.Count <= MaxMessageLength ? _bytes.ToArray() : throw new DnsException($"A DNS message has at most {MaxMessageLength} octets.");
}
