using System.Collections.Generic;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>Where a name really lies.</summary>
/// <param name="Path">The name that was asked for, and where its aliases (CNAME) lead, one after the other.</param>
/// <param name="Name">The zone that holds the last of them.</param>
/// <param name="Servers">The addresses of the zone's servers; empty when none could be found.</param>
/// <param name="Oddities">What is wrong with the servers as a whole, in sentences: one without an address, one that only one side names.</param>
internal sealed record DnsZone(IReadOnlyList<DnsName> Path, DnsName Name, IReadOnlyList<NameServer> Servers, IReadOnlyList<string> Oddities)
{
    /// <summary>The name at the end of the aliases: records are written and read there.</summary>
    public DnsName RecordName => Path[Path.Count - 1];

    /// <summary>True when the name that was asked for is an alias.</summary>
    public bool IsAlias => Path.Count > 1;
}
