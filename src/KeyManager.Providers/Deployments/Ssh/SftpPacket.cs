using System;
using System.IO;
using System.Text;

namespace KeyManager.Providers.Deployments.Ssh;

/// <summary>Bytes of SFTP version 3 (draft-ietf-secsh-filexfer-02), which every server speaks: big-endian numbers, strings with their length.</summary>
internal sealed class SftpPacket
{
    private readonly MemoryStream _bytes = new();

    public SftpPacket Byte(byte value)
    {
        _bytes.WriteByte(value);
        return this;
    }

    public SftpPacket Number(uint value)
    {
        _bytes.Write([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value], 0, 4);
        return this;
    }

    public SftpPacket Long(ulong value) => Number((uint)(value >> 32)).Number((uint)value);

    public SftpPacket Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public SftpPacket Bytes(byte[] value) => Bytes(value, 0, value.Length);

    public SftpPacket Bytes(byte[] value, int start, int count)
    {
        Number((uint)count);
        _bytes.Write(value, start, count);
        return this;
    }

    /// <summary>The packet with its length in front. It may hold a key: overwrite it after use.</summary>
    public byte[] ToArray()
    {
        byte[] body = _bytes.GetBuffer();
        int length = (int)_bytes.Length;
        byte[] packet = new byte[length + 4];
        packet[0] = (byte)(length >> 24);
        packet[1] = (byte)(length >> 16);
        packet[2] = (byte)(length >> 8);
        packet[3] = (byte)length;
        Buffer.BlockCopy(body, 0, packet, 4, length);
        Array.Clear(body, 0, body.Length);
        return packet;
    }
}
