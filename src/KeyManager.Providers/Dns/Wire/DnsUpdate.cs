using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>The parts of an UPDATE message (RFC 2136 §2). What the server is to do with a record stands in its class.</summary>
internal static class DnsUpdate
{
    /// <summary>The whole message; without an identifier yet.</summary>
    /// <param name="zone">The zone's own name; one above or below is refused by every server (RFC 2136 §2.3).</param>
    /// <param name="prerequisites">What has to be so, or nothing is changed.</param>
    /// <param name="changes">Done in this order, all or none.</param>
    public static DnsMessage Message(DnsName zone, IReadOnlyList<DnsRecord> prerequisites, IReadOnlyList<DnsRecord> changes) => new()
    {
        Opcode = DnsOpcode.Update,
        Questions = [new DnsQuestion(zone, DnsType.Soa)],
        Answers = prerequisites,
        Authorities = changes,
    };

    /// <summary>Adds the record to its set; one that is there already stays as it is (RFC 2136 §2.5.1).</summary>
    public static DnsRecord Add(DnsRecord record) => record with { Class = DnsClass.Internet };

    /// <summary>Takes this one record out of its set. The data is compared octet by octet; one that is not there is no error (RFC 2136 §2.5.4).</summary>
    public static DnsRecord Remove(DnsRecord record) => record with { Class = DnsClass.None, TimeToLiveSeconds = 0 };

    /// <summary>Nothing is changed when the name has records of this type: YXRRSET (RFC 2136 §2.4.3).</summary>
    public static DnsRecord UnlessSetExists(DnsName name, DnsType type) => new(name, type, DnsClass.None, 0, []);

    /// <summary>Nothing is changed when the name has any records: YXDOMAIN (RFC 2136 §2.4.5).</summary>
    public static DnsRecord UnlessNameExists(DnsName name) => new(name, DnsType.Any, DnsClass.None, 0, []);
}
