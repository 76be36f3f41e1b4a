using System.Collections.Generic;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>Where a name really lies.</summary>
/// <param name="RecordName">The name at the end of its aliases (CNAME): records are written and read there.</param>
/// <param name="Name">The zone that holds it.</param>
/// <param name="Servers">The addresses of the zone's servers; empty when none could be found.</param>
internal sealed record DnsZone(DnsName RecordName, DnsName Name, IReadOnlyList<NameServer> Servers);
