using System;
using KeyManager.Dns;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>One value as GoDaddy writes it.</summary>
/// <param name="Type">TXT or CNAME.</param>
/// <param name="Name">Relative to the zone; @ is the zone itself.</param>
/// <param name="Data">The text, or the host name without a final dot.</param>
internal sealed record RecordValue(string Type, string Name, string Data)
{
    public const string Text = "TXT";
    public const string Alias = "CNAME";

    /// <summary>The zone itself in the place of a name.</summary>
    public const string Apex = "@";

    public static RecordValue Of(RecordChange change, string zone) => new(
        change.Type == DnsRecordType.Txt ? Text : Alias,
        change.Name == zone ? Apex : ZoneMatch.Relative(change.Name, zone),
        change.Value);

    /// <summary>The full name.</summary>
    public string FullName(string zone) => Name == Apex ? zone : Name + "." + zone;

    /// <summary>Whether a record that is there has this type and name.</summary>
    public bool IsBeside(GoDaddyRecord record) => record.Type == Type && string.Equals(record.Name, Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a record that is there is this one. The final dot of an alias comes and goes, and @ is the zone itself.</summary>
    public bool Is(GoDaddyRecord record, string zone) => IsBeside(record)
        && (Type == Text ? record.Data == Data : ZoneMatch.Canonical(record.Data == Apex ? zone : record.Data) == ZoneMatch.Canonical(Data));

    /// <summary>Whether a record is an empty text at this name, which other programs and refused changes leave behind. Written back it is refused.</summary>
    public bool IsLeftover(GoDaddyRecord record) => Type == Text && IsBeside(record) && string.IsNullOrWhiteSpace(record.Data);
}
