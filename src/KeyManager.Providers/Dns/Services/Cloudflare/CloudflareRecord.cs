using System;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>One record of a zone: Cloudflare keeps one for each value.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">Full name in lower case without a final dot.</param>
/// <param name="Type">TXT, CNAME, ...</param>
/// <param name="Content">As Cloudflare writes it.</param>
internal sealed record CloudflareRecord(string Id, string Name, string Type, string Content)
{
    public bool IsAlias => Type == TypeOf(DnsRecordType.CName);

    /// <summary>Whether it holds the value; that of a text in its own letter case.</summary>
    public bool Holds(RecordChange change) => Name == change.Name && Type == TypeOf(change.Type)
        && (IsAlias ? ZoneMatch.Canonical(Content) == ZoneMatch.Canonical(change.Value) : string.Equals(CloudflareText.Unquote(Content), change.Value, StringComparison.Ordinal));

    public static string TypeOf(DnsRecordType type) => type == DnsRecordType.Txt ? "TXT" : "CNAME";
}
