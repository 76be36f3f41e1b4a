using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Azure;

/// <summary>Finds the servers that a zone is delegated to, by asking a resolver: of several zones of one name only one is asked by the world.</summary>
internal sealed class Delegation(Clock clock)
{
    private readonly DnsClient _dns = new(clock);

    /// <summary>Names of the servers in lower case, without a final dot; empty when no resolver says.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(DnsContext context, string zone, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<IPEndPoint> resolvers = EndPointText.TryParse(context.Setting(DnsSettings.Resolver) ?? "", SystemResolvers.Port, out IPEndPoint? own) ? [own!] : SystemResolvers.Find();
            IReadOnlyList<DnsRecord> records = await _dns.ResolveAsync(resolvers, DnsName.Parse(zone), DnsType.NS, cancellationToken).ConfigureAwait(false);
            return [.. records.Select(r => ZoneMatch.Canonical(r.ReadTarget().ToString()))];
        }
        catch (DnsException error)
        {
            context.Reporter.Verbose($"The servers of {zone} were not found: {error.Message}");
            return [];
        }
    }
}
