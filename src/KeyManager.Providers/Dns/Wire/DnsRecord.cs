using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>A resource record (RFC 1035 §4.1.3).</summary>
/// <param name="Name">The owner.</param>
/// <param name="Type">The type.</param>
/// <param name="Class">The class; what to do in an UPDATE, the payload size in an OPT record.</param>
/// <param name="TimeToLiveSeconds">Seconds it may be kept; flags in an OPT record.</param>
/// <param name="Data">
/// The RDATA, with names in it written out: it stands on its own, and a delete of one record (RFC 2136 §2.5.4), which compares octet by octet, can send it back.
/// </param>
internal sealed record DnsRecord(DnsName Name, DnsType Type, DnsClass Class, uint TimeToLiveSeconds, byte[] Data)
{
    /// <summary>Octets that fit into a datagram which no network on the way cuts into pieces (RFC 9715 §3).</summary>
    public const int EdnsPayloadSize = 1232;

    private const int MaxStringLength = 255;

    /// <summary>The OPT record that offers longer answers over UDP (RFC 6891 §6.1).</summary>
    public static DnsRecord Edns { get; } = new(DnsName.Root, DnsType.Opt, (DnsClass)EdnsPayloadSize, 0, []);

    /// <summary>A TXT record with this value, cut into strings of 255 octets (RFC 1035 §3.3.14).</summary>
    public static DnsRecord Text(DnsName name, uint timeToLiveSeconds, string value)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        using MemoryStream data = new();
        int offset = 0;
        do
        {
            // An empty value is one empty string: RDATA of no octets is a format error.
            int length = Math.Min(MaxStringLength, text.Length - offset);
            data.WriteByte((byte)length);
            data.Write(text, offset, length);
            offset += length;
        }
        while (offset < text.Length);

        return new DnsRecord(name, DnsType.Txt, DnsClass.Internet, timeToLiveSeconds, data.ToArray());
    }

    /// <summary>A CNAME record (RFC 1035 §3.3.1).</summary>
    public static DnsRecord Alias(DnsName name, uint timeToLiveSeconds, DnsName target)
    {
        DnsWriter data = new();
        data.WriteName(target);
        return new DnsRecord(name, DnsType.CName, DnsClass.Internet, timeToLiveSeconds, data.ToArray());
    }

    /// <summary>The strings of a TXT record, joined without anything between them (RFC 8555 §8.4 and every authority), as UTF-8.</summary>
    /// <exception cref="DnsException">The RDATA is not a row of strings.</exception>
    public string ReadText()
    {
        if (Data.Length == 0)
        {
            throw new DnsException($"The TXT record of {Name} has no string in it.");
        }

        DnsReader reader = new(Data);
        List<byte> text = new(Data.Length);
        while (!reader.IsAtEnd)
        {
            text.AddRange(reader.ReadBytes(reader.ReadByte()));
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>The name that is the whole RDATA of a CNAME, DNAME, NS or PTR record.</summary>
    /// <exception cref="DnsException">The RDATA is something else.</exception>
    public DnsName ReadTarget()
    {
        DnsReader reader = new(Data);
        DnsName target = reader.ReadName();
        return reader.IsAtEnd ? target : throw new DnsException($"The {Type.ToString().ToUpperInvariant()} record of {Name} holds more than a name.");
    }

    /// <summary>The serial number of an SOA record (RFC 1035 §3.3.13).</summary>
    /// <exception cref="DnsException">The RDATA is something else.</exception>
    public uint ReadSerial()
    {
        DnsReader reader = new(Data);
        _ = reader.ReadName();
        _ = reader.ReadName();
        return reader.ReadUInt32();
    }

    internal static DnsRecord Read(DnsReader reader)
    {
        DnsName name = reader.ReadName();
        DnsType type = (DnsType)reader.ReadUInt16();
        DnsClass recordClass = (DnsClass)reader.ReadUInt16();
        uint timeToLive = reader.ReadUInt32();
        DnsReader data = reader.Part(reader.ReadUInt16());

        // RFC 2181 §8: a set top bit means 0. In an OPT record these are flags, and in a TSIG record any but 0 is an error.
        if (type is not (DnsType.Opt or DnsType.Tsig) && timeToLive > int.MaxValue)
        {
            timeToLive = 0;
        }

        return new DnsRecord(name, type, recordClass, timeToLive, ReadData(data, type));
    }

    internal void Write(DnsWriter writer)
    {
        writer.WriteCompressedName(Name);
        writer.WriteUInt16((int)Type);
        writer.WriteUInt16((int)Class);
        writer.WriteUInt32(TimeToLiveSeconds);
        writer.WriteUInt16(Data.Length <= ushort.MaxValue ? Data.Length : throw new DnsException($"The data of a DNS record has at most {ushort.MaxValue} octets."));
        writer.WriteBytes(Data);
    }

    // Only the types of RFC 1035 may hold compressed names (RFC 3597 §4). Deletes of RFC 2136 carry these types without any data.
    private static byte[] ReadData(DnsReader data, DnsType type)
    {
        if (data.IsAtEnd || type is not (DnsType.NS or DnsType.CName or DnsType.Soa or DnsType.Ptr or DnsType.MX or DnsType.DName))
        {
            return data.ReadRest();
        }

        DnsWriter expanded = new();
        if (type == DnsType.MX)
        {
            expanded.WriteUInt16(data.ReadUInt16());
        }

        expanded.WriteName(data.ReadName());
        if (type == DnsType.Soa)
        {
            expanded.WriteName(data.ReadName());
            expanded.WriteBytes(data.ReadBytes(20));
        }

        return data.IsAtEnd ? expanded.ToArray() : throw new DnsException("The data of a record in the DNS message is longer than what it holds.");
    }
}
