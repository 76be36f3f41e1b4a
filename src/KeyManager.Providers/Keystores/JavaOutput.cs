using System.Collections.Generic;

namespace KeyManager.Providers.Keystores;

/// <summary>Writes as java.io.DataOutput does: big endian.</summary>
internal sealed class JavaOutput
{
    private readonly List<byte> _bytes = [];

    public void WriteNumber(uint value) => _bytes.AddRange([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);

    public void WriteLong(long value)
    {
        WriteNumber((uint)(value >> 32));
        WriteNumber((uint)value);
    }

    /// <summary>At most <see cref="JavaText.MaximumBytes"/>.</summary>
    public void WriteText(string text)
    {
        byte[] encoded = JavaText.Encode(text);
        _bytes.AddRange([(byte)(encoded.Length >> 8), (byte)encoded.Length]);
        _bytes.AddRange(encoded);
    }

    public void WriteBlock(byte[] block)
    {
        WriteNumber((uint)block.Length);
        _bytes.AddRange(block);
    }

    public void WriteRaw(byte[] bytes) => _bytes.AddRange(bytes);

    public byte[] ToArray() => [.. _bytes];
}
