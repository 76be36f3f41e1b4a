namespace KeyManager.Providers.Dns.Wire;

/// <summary>What is asked; in an UPDATE the zone it is for (RFC 1035 §4.1.2, RFC 2136 §2.3).</summary>
internal sealed record DnsQuestion(DnsName Name, DnsType Type, DnsClass Class = DnsClass.Internet)
{
    public override string ToString() => $"{Type.ToString().ToUpperInvariant()} {Name}";

    internal static DnsQuestion Read(DnsReader reader) => new(reader.ReadName(), (DnsType)reader.ReadUInt16(), (DnsClass)reader.ReadUInt16());

    internal void Write(DnsWriter writer)
    {
        writer.WriteCompressedName(Name);
        writer.WriteUInt16((int)Type);
        writer.WriteUInt16((int)Class);
    }
}
