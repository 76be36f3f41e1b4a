using System;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.DnsMadeEasy;

/// <summary>One record of a zone: there is one for each value.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">As it stands before the zone's name, in lower case; "" for the zone itself.</param>
/// <param name="Type">TXT, CNAME, ...</param>
/// <param name="Value">As the service writes it.</param>
/// <param name="IsOfTemplate">It comes from a template that other zones share.</param>
internal sealed record DnsMadeEasyRecord(long Id, string Name, string Type, string Value, bool IsOfTemplate)
{
    public bool IsAlias => Type == TypeOf(DnsRecordType.CName);

    public static string TypeOf(DnsRecordType type) => type == DnsRecordType.Txt ? "TXT" : "CNAME";

    /// <summary>The value as it is sent: a text in quotes, which the service adds anyway; an alias with a final dot, or it would lead to a name below the zone.</summary>
    public static string Quote(RecordChange change) => change.Type == DnsRecordType.Txt ? $"\"{change.Value}\"" : change.Value + ".";

    /// <summary>What a text means. The service cuts a long one into "…""…" itself.</summary>
    public static string Unquote(string value) =>
        value.Length >= 2 && value[0] == '"' && value[value.Length - 1] == '"' ? value.Substring(1, value.Length - 2).Replace("\"\"", "") : value;

    /// <summary>Whether it holds the value of a change at its name.</summary>
    /// <param name="change">The change.</param>
    /// <param name="zone">Name of the zone.</param>
    public bool Holds(RecordChange change, string zone) => Name == ZoneMatch.Relative(change.Name, zone) && Type == TypeOf(change.Type)
        && (IsAlias ? LeadsTo(zone) == ZoneMatch.Canonical(change.Value) : string.Equals(Unquote(Value), change.Value, StringComparison.Ordinal));

    /// <summary>The full name that an alias leads to; one without a final dot is below the zone, an empty one the zone itself.</summary>
    public string LeadsTo(string zone) => Value.EndsWith(".", StringComparison.Ordinal) ? ZoneMatch.Canonical(Value) : Value.Length == 0 ? zone : ZoneMatch.Canonical($"{Value}.{zone}");
}
