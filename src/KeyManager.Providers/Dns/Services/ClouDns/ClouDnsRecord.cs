using System;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>One record of a zone: there is one for each value.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Host">As it stands before the zone's name, in lower case; "" for the zone itself.</param>
/// <param name="Type">TXT, CNAME, ...</param>
/// <param name="Value">The text as it is meant; the target of an alias without a final dot.</param>
internal sealed record ClouDnsRecord(string Id, string Host, string Type, string Value)
{
    public bool IsAlias => Type == TypeOf(DnsRecordType.CName);

    public static string TypeOf(DnsRecordType type) => type == DnsRecordType.Txt ? "TXT" : "CNAME";

    /// <summary>Whether it holds the value of a change at its name.</summary>
    /// <param name="change">The change.</param>
    /// <param name="zone">Name of the zone.</param>
    public bool Holds(RecordChange change, string zone) => Host == ZoneMatch.Relative(change.Name, zone) && Type == TypeOf(change.Type)
        && (IsAlias ? ZoneMatch.Canonical(Value) == ZoneMatch.Canonical(change.Value) : string.Equals(Value, change.Value, StringComparison.Ordinal));
}
