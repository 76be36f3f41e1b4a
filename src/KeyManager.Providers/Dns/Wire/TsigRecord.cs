namespace KeyManager.Providers.Dns.Wire;

/// <summary>The record at the end of a message that signs it (RFC 8945 §4.2).</summary>
internal sealed record TsigRecord(DnsName KeyName, DnsName Algorithm, long TimeSigned)
{
    /// <summary>Seconds that the two clocks may differ (RFC 8945 §10).</summary>
    public const ushort UsualFudgeSeconds = 300;

    /// <summary>Seconds that the clocks may differ, as the signer says.</summary>
    public ushort FudgeSeconds { get; init; } = UsualFudgeSeconds;

    /// <summary>The signature; empty in an error that is not signed.</summary>
    public byte[] Mac { get; init; } = [];

    /// <summary>The identifier that the message had when it was signed; one who passes it on may change the header's.</summary>
    public ushort OriginalId { get; init; }

    /// <summary>What the server did not like.</summary>
    public TsigError Error { get; init; }

    /// <summary>The server's time, with BADTIME; else empty.</summary>
    public byte[] OtherData { get; init; } = [];

    /// <summary>The server's time in seconds since 1970, from <see cref="OtherData"/>; <c>null</c> when it does not say.</summary>
    public long? ServerTime => OtherData.Length == 6 ? ReadUInt48(new DnsReader(OtherData)) : null;

    /// <exception cref="DnsException">Not a TSIG record, or not one of the form that the standard wants.</exception>
    public static TsigRecord Read(DnsRecord record)
    {
        if (record is not { Type: DnsType.Tsig, Class: DnsClass.Any, TimeToLiveSeconds: 0 })
        {
            throw new DnsException("The TSIG record has another class or time to live than it must have.");
        }

        DnsReader data = new(record.Data);
        TsigRecord tsig = new(record.Name, data.ReadName(), ReadUInt48(data))
        {
            FudgeSeconds = data.ReadUInt16(),
            Mac = data.ReadBytes(data.ReadUInt16()),
            OriginalId = data.ReadUInt16(),
            Error = (TsigError)data.ReadUInt16(),
            OtherData = data.ReadBytes(data.ReadUInt16()),
        };
        return data.IsAtEnd ? tsig : throw new DnsException("The TSIG record is longer than what it holds.");
    }

    /// <summary>What of it is hashed, after the message (RFC 8945 §4.3.3).</summary>
    public byte[] Variables()
    {
        DnsWriter writer = new();
        writer.WriteName(KeyName.Canonical);
        writer.WriteUInt16((int)DnsClass.Any);
        writer.WriteUInt32(0);
        writer.WriteName(Algorithm.Canonical);
        WriteUInt48(writer, TimeSigned);
        writer.WriteUInt16(FudgeSeconds);
        writer.WriteUInt16((int)Error);
        writer.WriteUInt16(OtherData.Length);
        writer.WriteBytes(OtherData);
        return writer.ToArray();
    }

    /// <summary>The record as the last one of a message, no name compressed.</summary>
    public byte[] ToBytes()
    {
        DnsWriter data = new();
        data.WriteName(Algorithm);
        WriteUInt48(data, TimeSigned);
        data.WriteUInt16(FudgeSeconds);
        data.WriteUInt16(Mac.Length);
        data.WriteBytes(Mac);
        data.WriteUInt16(OriginalId);
        data.WriteUInt16((int)Error);
        data.WriteUInt16(OtherData.Length);
        data.WriteBytes(OtherData);

        DnsWriter record = new();
        new DnsRecord(KeyName, DnsType.Tsig, DnsClass.Any, 0, data.ToArray()).Write(record);
        return record.ToArray();
    }

    private static long ReadUInt48(DnsReader reader) => ((long)reader.ReadUInt16() << 32) | reader.ReadUInt32();

    private static void WriteUInt48(DnsWriter writer, long value)
    {
        writer.WriteUInt16((int)((value >> 32) & 0xFFFF));
        writer.WriteUInt32((uint)(value & uint.MaxValue));
    }
}
