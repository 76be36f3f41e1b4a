using System;
using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>
/// Reads a message from its octets. The octets come from anybody on the network: every read is checked against the end, and every loop is bounded,
/// so that nothing but <see cref="DnsException"/> is ever thrown.
/// </summary>
internal sealed class DnsReader
{
    // A name has at most 127 labels, so more jumps than that serve nobody.
    private const int MaxPointers = 126;

    private readonly byte[] _message;
    private readonly int _end;

    public DnsReader(byte[] message)
        : this(message, 0, message.Length)
    {
    }

    private DnsReader(byte[] message, int position, int end)
    {
        _message = message;
        Position = position;
        _end = end;
    }

    /// <summary>Offset of the next octet from the start of the message.</summary>
    public int Position { get; private set; }

    /// <summary>True when everything has been read.</summary>
    public bool IsAtEnd => Position == _end;

    /// <summary>A reader for the next <paramref name="length"/> octets, which this one passes over. Names in it may still point to anywhere before.</summary>
    public DnsReader Part(int length)
    {
        int start = Advance(length);
        return new DnsReader(_message, start, start + length);
    }

    public byte ReadByte() => _message[Advance(1)];

    public ushort ReadUInt16()
    {
        int start = Advance(2);
        return (ushort)((_message[start] << 8) | _message[start + 1]);
    }

    public uint ReadUInt32() => ((uint)ReadUInt16() << 16) | ReadUInt16();

    public byte[] ReadBytes(int length)
    {
        byte[] bytes = new byte[length];
        Array.Copy(_message, Advance(length), bytes, 0, length);
        return bytes;
    }

    public byte[] ReadRest() => ReadBytes(_end - Position);

    /// <summary>Reads a name, following compression pointers (RFC 1035 §4.1.4).</summary>
    public DnsName ReadName()
    {
        List<byte[]> labels = [];
        int length = 1;
        int pointers = 0;
        int fragment = Position;
        DnsReader reader = this;
        while (true)
        {
            byte octet = reader.ReadByte();
            if (octet == 0)
            {
                return new DnsName(labels);
            }

            switch (octet & 0xC0)
            {
                case 0x00:
                    length += octet + 1;
                    if (length > DnsName.MaxLength)
                    {
                        throw new DnsException($"A DNS name in the message is longer than {DnsName.MaxLength} octets.");
                    }

                    labels.Add(reader.ReadBytes(octet));
                    break;

                case 0xC0:
                    int target = ((octet & 0x3F) << 8) | reader.ReadByte();

                    // Strictly backwards: that alone makes a loop impossible.
                    if (target >= fragment || ++pointers > MaxPointers)
                    {
                        throw new DnsException("A compression pointer in the DNS message does not point backwards.");
                    }

                    fragment = target;
                    reader = new DnsReader(_message, target, _end);
                    break;

                default:
                    throw new DnsException("A label in the DNS message is of a kind that was never defined.");
            }
        }
    }

    private int Advance(int length)
    {
        if (length > _end - Position)
        {
            throw new DnsException("The DNS message ends too early.");
        }

        int start = Position;
        Position += length;
        return start;
    }
}
