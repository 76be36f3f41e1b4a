using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>Says where names lie and what the servers of their zones have. May be used from several threads.</summary>
internal interface IZoneWitness
{
    /// <summary>Where the records of this type lie that a name has; <c>null</c> when nobody could say. Aliases are followed, unless one is what is looked for.</summary>
    Task<DnsZone?> FindAsync(DnsName name, DnsRecordType type, bool isFresh, CancellationToken cancellationToken);

    /// <summary>Asks one server of the zone for the records of its name; always answers.</summary>
    Task<ServerAnswer> AskAsync(DnsZone zone, NameServer server, DnsRecordType type, IReadOnlyList<string> wanted, CancellationToken cancellationToken);
}
