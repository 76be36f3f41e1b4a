using System.Collections.Generic;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>A zone and who serves it.</summary>
/// <param name="Name">The zone.</param>
/// <param name="Servers">The addresses of its servers.</param>
/// <param name="Oddities">What is wrong with the servers as a whole, in sentences.</param>
internal sealed record ZoneServers(DnsName Name, IReadOnlyList<NameServer> Servers, IReadOnlyList<string> Oddities);
