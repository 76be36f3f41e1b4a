using System;

namespace KeyManager.Providers.Keystores;

/// <summary>Reads as java.io.DataInput does. A length is believed only as far as there are bytes, so that no file makes us allocate more than itself.</summary>
/// <exception cref="FormatException">The data ends too early.</exception>
internal sealed class JavaInput(byte[] data)
{
    public int Position { get; private set; }

    public int Remaining => data.Length - Position;

    public uint ReadNumber()
    {
        byte[] b = ReadRaw(4);
        return ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
    }

    public string ReadText()
    {
        byte[] length = ReadRaw(2);
        return JavaText.Decode(ReadRaw((length[0] << 8) | length[1]));
    }

    public byte[] ReadBlock()
    {
        uint length = ReadNumber();
        return length <= Remaining ? ReadRaw((int)length) : throw TooShort();
    }

    public byte[] ReadRaw(int count)
    {
        if (count > Remaining)
        {
            throw TooShort();
        }

        byte[] bytes = new byte[count];
        Array.Copy(data, Position, bytes, 0, count);
        Position += count;
        return bytes;
    }

    private static FormatException TooShort() => new("The data ends too early.");
}
