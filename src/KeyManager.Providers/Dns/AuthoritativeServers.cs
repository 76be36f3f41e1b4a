using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>
/// Finds the servers of the zone that a name lies in, and asks every one of them. What they say has no cache in between, so an authority, which may meet any
/// of them, sees the same. May be used from several threads.
/// </summary>
internal sealed class AuthoritativeServers
{
    /// <summary>More addresses than any zone is served from; the rest is not asked.</summary>
    public const int MaxServers = 26;

    private const int AtOnce = 8;

    private readonly Clock _clock;
    private readonly DnsClient _dns;
    private readonly Func<IReadOnlyList<IPEndPoint>> _resolvers;
    private readonly Func<IPAddress, IPEndPoint> _endPointOf;
    private readonly Dictionary<DnsName, (DnsZone? Zone, DateTimeOffset Until)> _known = [];

    /// <summary>With the resolvers of the system.</summary>
    public AuthoritativeServers(Clock clock)
        : this(clock, SystemResolvers.Find, address => new IPEndPoint(address, SystemResolvers.Port))
    {
    }

    /// <param name="clock">For time limits.</param>
    /// <param name="resolvers">Whom to ask for zones and addresses.</param>
    /// <param name="endPointOf">Where a server of this address is reached.</param>
    internal AuthoritativeServers(Clock clock, Func<IReadOnlyList<IPEndPoint>> resolvers, Func<IPAddress, IPEndPoint> endPointOf)
    {
        _clock = clock;
        _dns = new DnsClient(clock);
        _resolvers = resolvers;
        _endPointOf = endPointOf;
    }

    /// <summary>How long finding a zone and its servers may take.</summary>
    public static TimeSpan FindTimeLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one server of a zone may take; three tries over UDP and the beginning of one over TCP.</summary>
    public static TimeSpan AskTimeLimit { get; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a zone that was found is taken for granted; so a row of looks at many names does not ask for it every time.</summary>
    public static TimeSpan KeepTime { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The zone of a name; <c>null</c> when no resolver could say, the aliases of the name lead nowhere, or it lies in no zone below the root.</summary>
    public async Task<DnsZone?> FindAsync(DnsName name, CancellationToken cancellationToken)
    {
        lock (_known)
        {
            if (_known.TryGetValue(name, out (DnsZone? Zone, DateTimeOffset Until) known) && known.Until > _clock.UtcNow)
            {
                return known.Zone;
            }
        }

        DnsZone? zone;
        try
        {
            IReadOnlyList<IPEndPoint> resolvers = _resolvers();
            zone = await TimeLimit.RunAsync(_clock, FindTimeLimit, token => FindAsync(resolvers, name, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or DnsException)
        {
            zone = null;
        }

        lock (_known)
        {
            foreach (DnsName old in _known.Where(k => k.Value.Until <= _clock.UtcNow).Select(k => k.Key).ToList())
            {
                _known.Remove(old);
            }

            _known[name] = (zone, _clock.UtcNow + KeepTime);
        }

        return zone;
    }

    /// <summary>Asks every server of the zone for the TXT records of its name, several at once; never longer than <see cref="AskTimeLimit"/> for one.</summary>
    public Task<IReadOnlyList<ServerAnswer>> AskAsync(DnsZone zone, CancellationToken cancellationToken) =>
        Concurrent.SelectAsync(zone.Servers, AtOnce, server => AskAsync(zone, server, cancellationToken), cancellationToken);

    private async Task<ServerAnswer> AskAsync(DnsZone zone, NameServer server, CancellationToken cancellationToken)
    {
        try
        {
            DnsMessage answer = await TimeLimit.RunAsync(
                _clock, AskTimeLimit, token => _dns.QueryAsync(server.EndPoint, zone.RecordName, DnsType.Txt, recursionDesired: false, token), cancellationToken).ConfigureAwait(false);
            if (!answer.IsAuthoritative)
            {
                return new ServerAnswer(server, null, $"does not serve the zone {zone.Name}");
            }

            List<string> text = [.. answer.Answers.Where(r => r.Type == DnsType.Txt && r.Class == DnsClass.Internet && r.Name.Equals(zone.RecordName)).Select(r => r.ReadText())];
            return new ServerAnswer(server, text, null);
        }
        catch (DnsException error)
        {
            string problem = error.ResponseCode is DnsResponseCode code ? "answered " + code.ToString().ToUpperInvariant() : "gave no answer";
            return new ServerAnswer(server, null, problem, error.ResponseCode);
        }
        catch (TimeoutException)
        {
            return new ServerAnswer(server, null, "gave no answer");
        }
    }

    private async Task<DnsZone?> FindAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        (DnsName end, DnsName? zone) = await FollowAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
        for (DnsName above = end.Parent; zone is null && above.Labels.Count > 0; above = above.Parent)
        {
            zone = await ZoneAtAsync(resolvers, above, cancellationToken).ConfigureAwait(false);
        }

        // The root answers for names whose top-level domain does not exist; asking its servers tells nothing about anybody's zone.
        return zone is null || zone.Labels.Count == 0
            ? null
            : new DnsZone(end, zone, await ServersOfAsync(resolvers, zone, cancellationToken).ConfigureAwait(false));
    }

    // The end of the aliases and, when the resolver says it in the same breath, its zone.
    private async Task<(DnsName End, DnsName? Zone)> FollowAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        HashSet<DnsName> seen = [name];
        DnsName current = name;
        while (true)
        {
            DnsMessage answer = await _dns.AskAnyAsync(resolvers, current, DnsType.Soa, cancellationToken).ConfigureAwait(false);
            DnsName asked = current;
            while (answer.Answers.FirstOrDefault(r => r.Type == DnsType.CName && r.Name.Equals(current)) is DnsRecord alias)
            {
                current = alias.ReadTarget();
                if (!seen.Add(current) || seen.Count > DnsClient.MaxAliases + 1)
                {
                    throw new DnsException($"The aliases (CNAME) of {name} go in a circle or are more than {DnsClient.MaxAliases}; the last is {current}.");
                }
            }

            DnsName? zone = ZoneOf(answer, current);
            if (zone is not null || current.Equals(asked))
            {
                return (current, zone);
            }
        }
    }

    // A name on the way up may be an alias itself. That says nothing about the names below it, and the SOA beside it is the one of the target.
    private async Task<DnsName?> ZoneAtAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        try
        {
            DnsMessage answer = await _dns.AskAnyAsync(resolvers, name, DnsType.Soa, cancellationToken).ConfigureAwait(false);
            return answer.Answers.Any(r => r.Type == DnsType.CName) ? null : ZoneOf(answer, name);
        }
        catch (DnsException error) when (error.ResponseCode is not null)
        {
            return null; // the next one up may be healthy
        }
    }

    private static DnsName? ZoneOf(DnsMessage answer, DnsName name) => answer.Answers.Concat(answer.Authorities)
        .FirstOrDefault(r => r.Type == DnsType.Soa && r.Class == DnsClass.Internet && name.IsAtOrBelow(r.Name))?.Name;

    private async Task<IReadOnlyList<NameServer>> ServersOfAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName zone, CancellationToken cancellationToken)
    {
        IReadOnlyList<DnsRecord> names = await _dns.ResolveAsync(resolvers, zone, DnsType.NS, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<NameServer>[] servers = await Task.WhenAll(names.Select(r => r.ReadTarget()).Distinct().Take(MaxServers)
            .Select(name => AddressesOfAsync(resolvers, name, cancellationToken))).ConfigureAwait(false);
        return [.. servers.SelectMany(s => s).Take(MaxServers)];
    }

    private async Task<IReadOnlyList<NameServer>> AddressesOfAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        List<NameServer> servers = [];
        foreach (DnsType type in new[] { DnsType.A, DnsType.Aaaa })
        {
            try
            {
                IReadOnlyList<DnsRecord> records = await _dns.ResolveAsync(resolvers, name, type, cancellationToken).ConfigureAwait(false);
                servers.AddRange(records.Where(r => r.Data.Length is 4 or 16).Select(r => new IPAddress(r.Data)).Select(address => new NameServer(name, address, _endPointOf(address))));
            }
            catch (DnsException)
            {
                // A server without an address is asked by nobody; the others tell.
            }
        }

        return servers;
    }
}
