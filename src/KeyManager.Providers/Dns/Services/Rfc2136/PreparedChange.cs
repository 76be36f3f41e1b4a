using System.Linq;
using System.Text;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>A change that was checked, as a record.</summary>
internal sealed record PreparedChange(bool IsAddition, DnsRecord Record)
{
    public DnsName Name => Record.Name;

    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static PreparedChange From(DnsChange change)
    {
        DnsName name = UpdateNames.Parse(change.Name, "record");
        if (name.Labels.Count == 0 || change.Ttl < 0)
        {
            throw Invalid(change, name.Labels.Count == 0 ? "The root has no records of ours." : $"A record of {name} cannot be kept for {change.Ttl} seconds.", "Give a name, and 0 seconds or more.");
        }

        uint timeToLive = (uint)change.Ttl;
        switch (change.Type)
        {
            case DnsType.Txt:
                int length = Encoding.UTF8.GetByteCount(change.Value);
                return length <= ushort.MaxValue - (ushort.MaxValue / 256) - 1
                    ? new PreparedChange(change.IsAddition, DnsRecord.Text(name, timeToLive, change.Value))
                    : throw Invalid(change, $"A TXT record of {name} cannot have {length} octets.", "The data of a record has at most 65535 octets.");
            case DnsType.CName:
                return new PreparedChange(change.IsAddition, DnsRecord.Alias(name, timeToLive, UpdateNames.Parse(change.Value, "target")));
            default:
                throw Invalid(change, $"Records of type {change.Type.ToString().ToUpperInvariant()} are not changed.", "Only TXT and CNAME are.");
        }
    }

    /// <summary>True when the record is this one, whatever its class and time to live.</summary>
    public bool Is(DnsRecord record)
    {
        if (record.Type != Record.Type || !record.Name.Equals(Name))
        {
            return false;
        }

        // The data of an alias is one name, and names differ in more than case or not at all; a server may also send none.
        return Record.Type == DnsType.CName
            ? record.Data.Length > 0 && record.ReadTarget().Equals(Record.ReadTarget())
            : Enumerable.SequenceEqual(record.Data, Record.Data);
    }

    /// <summary>True when the other change takes away what stands in the way of an alias, or is one.</summary>
    public bool IsFreedBy(PreparedChange other) => !other.IsAddition && other.Name.Equals(Name) && (other.Record.Type == DnsType.CName || Record.Type == DnsType.CName);

    /// <summary>True when the other change takes this record away.</summary>
    public bool IsUndoneBy(PreparedChange other) => !other.IsAddition && Is(other.Record);

    private static InvalidRequestException Invalid(DnsChange change, string message, string remedy) => new(ErrorIds.InvalidParameter, message) { Target = change.Name, Remedy = remedy };
}
