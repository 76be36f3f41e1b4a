using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>Looks where an alias (CNAME) leads, without following it: at the servers of the zone that it lies in, or at a resolver. May be used from several threads.</summary>
internal sealed class AliasLookup(Clock clock)
{
    private const int Port = 53;

    private readonly DnsClient _dns = new(clock);
    private readonly AuthoritativeServers _servers = new(clock);

    /// <summary>The targets that the servers name, each once; empty when there is no such record.</summary>
    /// <param name="name">Full name of the record.</param>
    /// <param name="resolver">Address, optionally with port, of the DNS server to ask; <c>null</c> for those of the zone, or of the machine where none of them can be found.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DnsException">Nobody gave an answer.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(string name, string? resolver, CancellationToken cancellationToken)
    {
        DnsName record = DnsName.Parse(name);
        if (resolver is not null)
        {
            return Targets(await _dns.QueryAsync(EndPointText.Parse(resolver, Port), record, DnsType.CName, recursionDesired: true, cancellationToken).ConfigureAwait(false), record);
        }

        // The name above, because the zone of the name itself is that of its target as soon as the record is there.
        if (await _servers.FindAsync(record.Parent, cancellationToken).ConfigureAwait(false) is { Servers.Count: > 0 } zone)
        {
            foreach (NameServer server in zone.Servers)
            {
                try
                {
                    return Targets(await _dns.QueryAsync(server.EndPoint, record, DnsType.CName, recursionDesired: false, cancellationToken).ConfigureAwait(false), record);
                }
                catch (DnsException)
                {
                    // The next one may answer.
                }
            }
        }

        return Targets(await _dns.AskAnyAsync(SystemResolvers.Find(), record, DnsType.CName, cancellationToken).ConfigureAwait(false), record);
    }

    private static List<string> Targets(DnsMessage answer, DnsName record) =>
        [.. answer.Answers.Where(r => r.Type == DnsType.CName && r.Name.Equals(record)).Select(r => r.ReadTarget().ToString()).Distinct(StringComparer.OrdinalIgnoreCase)];
}
