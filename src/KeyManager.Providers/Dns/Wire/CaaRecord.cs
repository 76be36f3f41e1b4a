using System;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>What a CAA record says (RFC 8659 §4.1).</summary>
/// <param name="Flags">128: whoever does not know the tag must not issue. 1 means the same to some authorities, by an early mistake about the order of bits.</param>
/// <param name="Tag">The property in lower case: issue, issuewild, iodef, ...</param>
/// <param name="Value">Its value.</param>
internal sealed record CaaRecord(byte Flags, string Tag, string Value)
{
    /// <summary>Whoever does not know the tag must not issue.</summary>
    public bool IsCritical => (Flags & 0x81) != 0;

    /// <exception cref="DnsException">Not the data of a CAA record.</exception>
    public static CaaRecord Read(DnsRecord record)
    {
        DnsReader reader = new(record.Data);
        byte flags = reader.ReadByte();
        byte[] tag = reader.ReadBytes(reader.ReadByte());
        return tag.Length > 0 && tag.All(IsTagCharacter)
            ? new CaaRecord(flags, Encoding.ASCII.GetString(tag).ToLowerInvariant(), Encoding.UTF8.GetString(reader.ReadRest()))
            : throw new DnsException($"The CAA record of {record.Name} has a tag that is none.");
    }

    public override string ToString() => FormattableString.Invariant($"{Flags} {Tag} \"{Value}\"");

    private static bool IsTagCharacter(byte c) => c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9');
}
