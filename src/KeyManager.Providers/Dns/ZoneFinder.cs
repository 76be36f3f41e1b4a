using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns;

/// <summary>Finds the zone that holds a name at the end of its aliases, and every address of every server of that zone. May be used from several threads.</summary>
/// <remarks>
/// Resolvers are asked for what lies above the name only. A question for the name itself, before its record is there, would leave "there is none" in their caches, and an alias that
/// a wildcard made would stay in them after the record is there (RFC 2308 §3, RFC 4592). So the servers of the zone above are asked for the name, and followed to where they send.
/// </remarks>
internal sealed class ZoneFinder
{
    /// <summary>More addresses than any zone is served from; the rest is not asked.</summary>
    public const int MaxServers = 26;

    /// <summary>How many servers are asked at once for something that any of them can say.</summary>
    private const int Race = 3;

    private readonly Clock _clock;
    private readonly DnsClient _dns;
    private readonly Func<IReadOnlyList<IPEndPoint>> _resolvers;
    private readonly Func<IPAddress, IPEndPoint> _endPointOf;
    private readonly Dictionary<(DnsName Name, bool FollowsAliases), (DnsZone? Zone, DateTimeOffset Until)> _found = [];
    private readonly Dictionary<DnsName, (Task<ZoneServers> Servers, DateTimeOffset Until)> _servers = [];

    /// <summary>With the resolvers of the system.</summary>
    public ZoneFinder(Clock clock)
        : this(clock, SystemResolvers.Find, address => new IPEndPoint(address, SystemResolvers.Port))
    {
    }

    /// <param name="clock">For time limits.</param>
    /// <param name="resolvers">Whom to ask for zones and addresses.</param>
    /// <param name="endPointOf">Where a server of this address is reached.</param>
    internal ZoneFinder(Clock clock, Func<IReadOnlyList<IPEndPoint>> resolvers, Func<IPAddress, IPEndPoint> endPointOf)
    {
        _clock = clock;
        _dns = new DnsClient(clock);
        _resolvers = resolvers;
        _endPointOf = endPointOf;
    }

    /// <summary>How long finding a zone and its servers may take.</summary>
    public static TimeSpan FindTimeLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a zone that was found is taken for granted; so a row of looks at many names does not ask for it every time.</summary>
    public static TimeSpan KeepTime { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one server may take to say where a name lies; the others are asked side by side.</summary>
    private static TimeSpan StepTimeLimit { get; } = TimeSpan.FromSeconds(4);

    /// <summary>Where a name lies; <c>null</c> when nobody could say, its aliases lead nowhere, or it lies in no zone below the root.</summary>
    /// <param name="name">The name.</param>
    /// <param name="followsAliases">False to stay at the name itself, as for somebody who wants to see the alias.</param>
    /// <param name="isFresh">True to ask for the name again although it was found a moment ago.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<DnsZone?> FindAsync(DnsName name, bool followsAliases, bool isFresh, CancellationToken cancellationToken)
    {
        lock (_found)
        {
            if (!isFresh && _found.TryGetValue((name, followsAliases), out (DnsZone? Zone, DateTimeOffset Until) known) && known.Until > _clock.UtcNow)
            {
                return known.Zone;
            }
        }

        DnsZone? zone;
        try
        {
            zone = await LocateAsync(name, followsAliases, cancellationToken).ConfigureAwait(false);
        }
        catch (DnsException)
        {
            zone = null;
        }

        lock (_found)
        {
            foreach ((DnsName, bool) old in _found.Where(k => k.Value.Until <= _clock.UtcNow).Select(k => k.Key).ToList())
            {
                _found.Remove(old);
            }

            _found[(name, followsAliases)] = (zone, _clock.UtcNow + KeepTime);
        }

        return zone;
    }

    /// <summary>Where a name lies, asked now.</summary>
    /// <param name="name">The name.</param>
    /// <param name="followsAliases">False to stay at the name itself, as for somebody who wants to see the alias.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DnsException">Nobody could say, the aliases go in a circle or are too many, or it lies in no zone below the root.</exception>
    public async Task<DnsZone> LocateAsync(DnsName name, bool followsAliases, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> resolvers = _resolvers();
        try
        {
            return await TimeLimit.RunAsync(_clock, FindTimeLimit, token => WalkAsync(resolvers, name, followsAliases, token), cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new DnsException($"The zone of {name} could not be found within {FindTimeLimit.TotalSeconds:0} seconds.", error);
        }
    }

    private async Task<DnsZone> WalkAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, bool followsAliases, CancellationToken cancellationToken)
    {
        List<DnsName> path = [name];
        while (true)
        {
            DnsName current = path[path.Count - 1];
            (ZoneServers zone, DnsName? alias) = await StepAsync(resolvers, current, cancellationToken).ConfigureAwait(false);
            if (alias is null || !followsAliases)
            {
                return new DnsZone(path, zone.Name, zone.Servers, zone.Oddities);
            }

            bool isCircle = path.Contains(alias);
            path.Add(alias);
            if (isCircle || path.Count > DnsClient.MaxAliases + 1)
            {
                throw new DnsException(
                    $"The aliases (CNAME) of {name} {(isCircle ? "go in a circle" : $"are more than {DnsClient.MaxAliases}")}: {string.Join(" -> ", path)}.");
            }
        }
    }

    /// <summary>The zone of a name and where its alias leads, if it is one.</summary>
    private async Task<(ZoneServers Zone, DnsName? Alias)> StepAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        DnsName? above = await ZoneAboveAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
        if (above is null)
        {
            return await AskResolversAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
        }

        ZoneServers zone = await ServersOfAsync(resolvers, above, null, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            DnsMessage? answer = await AskAnyOfAsync(zone, name, cancellationToken).ConfigureAwait(false);
            if (answer is null)
            {
                // Nobody of the zone can be reached from here.
                return await AskResolversAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
            }

            if (Referral(answer, zone.Name, name) is { Count: > 0 } referral)
            {
                DnsName child = referral[0].Name;
                zone = await ServersOfAsync(resolvers, child, [.. referral.Select(r => r.ReadTarget()).Distinct()], cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (answer.Answers.FirstOrDefault(r => r.Type == DnsType.CName && r.Name.Equals(name)) is DnsRecord alias)
            {
                return (zone, alias.ReadTarget());
            }

            // A server of both the zone above and the one below says where the lower one begins.
            return ZoneOf(answer, name) is DnsName own && !own.Equals(zone.Name) && own.IsAtOrBelow(zone.Name)
                ? (await ServersOfAsync(resolvers, own, null, cancellationToken).ConfigureAwait(false), null)
                : (zone, null);
        }
    }

    /// <summary>The nearest zone that begins above the name; <c>null</c> when no resolver knows one below the root.</summary>
    private async Task<DnsName?> ZoneAboveAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        for (DnsName above = name.Parent; above.Labels.Count > 0; above = above.Parent)
        {
            try
            {
                // A name on the way up may be an alias itself. That says nothing about the names below it, and the SOA beside it is the one of the target.
                DnsMessage answer = await _dns.AskAnyAsync(resolvers, above, DnsType.Soa, cancellationToken).ConfigureAwait(false);
                if (!answer.Answers.Any(r => r.Type == DnsType.CName) && ZoneOf(answer, above) is DnsName zone)
                {
                    return zone.Labels.Count == 0 ? null : zone;
                }
            }
            catch (DnsException error) when (error.ResponseCode is not null)
            {
                // The next one up may be healthy.
            }
        }

        return null;
    }

    /// <summary>What resolvers say about the name itself, where its servers cannot be asked.</summary>
    private async Task<(ZoneServers Zone, DnsName? Alias)> AskResolversAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName name, CancellationToken cancellationToken)
    {
        DnsMessage answer = await _dns.AskAnyAsync(resolvers, name, DnsType.Soa, cancellationToken).ConfigureAwait(false);
        DnsRecord? alias = answer.Answers.FirstOrDefault(r => r.Type == DnsType.CName && r.Name.Equals(name));
        DnsName? zone = alias is null ? ZoneOf(answer, name) : await ZoneAboveAsync(resolvers, name, cancellationToken).ConfigureAwait(false);
        if (alias is not null)
        {
            return (new ZoneServers(zone ?? name, [], []), alias.ReadTarget());
        }

        // The root answers for names whose top-level domain does not exist; asking its servers tells nothing about anybody's zone.
        return zone is { Labels.Count: > 0 }
            ? (await ServersOfAsync(resolvers, zone, null, cancellationToken).ConfigureAwait(false), null)
            : throw new DnsException($"{name} lies in no zone that the DNS servers of this machine know.");
    }

    private static DnsName? ZoneOf(DnsMessage answer, DnsName name) => answer.Answers.Concat(answer.Authorities)
        .FirstOrDefault(r => r.Type == DnsType.Soa && r.Class == DnsClass.Internet && name.IsAtOrBelow(r.Name))?.Name;

    /// <summary>The servers of the zone below that a server of the zone above sends to; empty when it answers itself, or sends elsewhere.</summary>
    private static List<DnsRecord> Referral(DnsMessage answer, DnsName zone, DnsName name) => answer.IsAuthoritative || answer.Answers.Count > 0
        ? []
        : [.. answer.Authorities.Where(r => r.Type == DnsType.NS && r.Class == DnsClass.Internet && !r.Name.Equals(zone) && r.Name.IsAtOrBelow(zone) && name.IsAtOrBelow(r.Name))];

    /// <summary>The first usable answer of a server of the zone about the name; <c>null</c> when none gives one.</summary>
    private async Task<DnsMessage?> AskAnyOfAsync(ZoneServers zone, DnsName name, CancellationToken cancellationToken)
    {
        Queue<NameServer> left = new(zone.Servers);
        List<Task<DnsMessage?>> asked = [];
        while (left.Count > 0 || asked.Count > 0)
        {
            while (left.Count > 0 && asked.Count < Race)
            {
                asked.Add(AskAsync(left.Dequeue()));
            }

            Task<DnsMessage?> first = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(first);
            if (await first.ConfigureAwait(false) is DnsMessage answer)
            {
                return answer;
            }
        }

        return null;

        async Task<DnsMessage?> AskAsync(NameServer server)
        {
            DnsMessage? answer = await TryAskAsync(server, name, DnsType.Soa, cancellationToken).ConfigureAwait(false);
            return answer is not null && (answer.IsAuthoritative || Referral(answer, zone.Name, name).Count > 0) ? answer : null;
        }
    }

    private async Task<DnsMessage?> TryAskAsync(NameServer server, DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        try
        {
            return await TimeLimit.RunAsync(
                _clock, StepTimeLimit, token => _dns.QueryAsync(server.EndPoint, name, type, recursionDesired: false, token), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DnsException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Who serves a zone; looked up once for all names in it.</summary>
    private Task<ZoneServers> ServersOfAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName zone, IReadOnlyList<DnsName>? named, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_servers)
        {
            foreach (DnsName old in _servers.Where(k => k.Value.Until <= _clock.UtcNow || k.Value.Servers.IsFaulted || k.Value.Servers.IsCanceled).Select(k => k.Key).ToList())
            {
                _servers.Remove(old);
            }

            if (!_servers.TryGetValue(zone, out (Task<ZoneServers> Servers, DateTimeOffset Until) known))
            {
                // Not cancelled with the caller: others may wait for the same. Every question in it has its time limit.
                known = (LoadServersAsync(resolvers, zone, named, CancellationToken.None), _clock.UtcNow + KeepTime);
                _servers.Add(zone, known);
            }

            return known.Servers;
        }
    }

    // The zone above and the zone itself often name different servers. A resolver may go by either list, so all of them count.
    private async Task<ZoneServers> LoadServersAsync(IReadOnlyList<IPEndPoint> resolvers, DnsName zone, IReadOnlyList<DnsName>? named, CancellationToken cancellationToken)
    {
        IReadOnlyList<DnsName> names = named
            ?? [.. (await _dns.ResolveAsync(resolvers, zone, DnsType.NS, cancellationToken).ConfigureAwait(false)).Select(r => r.ReadTarget()).Distinct()];
        List<string> oddities = [];
        List<NameServer> servers = await AddressesOfAsync(resolvers, names, oddities, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<DnsName> own = await OwnNamesAsync(zone, servers, cancellationToken).ConfigureAwait(false);
        if (own.Count > 0)
        {
            oddities.AddRange(names.Except(own).Select(name => $"{name} is named as a server of {zone} from outside, and not by the zone itself."));
            oddities.AddRange(own.Except(names).Select(name => $"{name} is named as a server of {zone} by the zone itself, and not from outside."));
            servers.AddRange(await AddressesOfAsync(resolvers, [.. own.Except(names)], oddities, cancellationToken).ConfigureAwait(false));
        }

        return new ZoneServers(zone, [.. servers.Where(s => LocalNetwork.CanReach(s.EndPoint.Address)).Take(MaxServers)], oddities);
    }

    private async Task<IReadOnlyList<DnsName>> OwnNamesAsync(DnsName zone, IReadOnlyList<NameServer> servers, CancellationToken cancellationToken)
    {
        List<Task<DnsMessage?>> asked = [.. servers.Where(s => LocalNetwork.CanReach(s.EndPoint.Address)).Take(Race).Select(s => TryAskAsync(s, zone, DnsType.NS, cancellationToken))];
        while (asked.Count > 0)
        {
            Task<DnsMessage?> first = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(first);
            if (await first.ConfigureAwait(false) is { IsAuthoritative: true } answer)
            {
                return [.. answer.Answers.Where(r => r.Type == DnsType.NS && r.Class == DnsClass.Internet && r.Name.Equals(zone)).Select(r => r.ReadTarget()).Distinct()];
            }
        }

        return [];
    }

    private async Task<List<NameServer>> AddressesOfAsync(IReadOnlyList<IPEndPoint> resolvers, IReadOnlyList<DnsName> names, List<string> oddities, CancellationToken cancellationToken)
    {
        IReadOnlyList<NameServer>[] found = await Task.WhenAll(names.Take(MaxServers).Select(name => AddressesOfAsync(resolvers, name, cancellationToken))).ConfigureAwait(false);
        for (int i = 0; i < found.Length; i++)
        {
            if (found[i].Count == 0)
            {
                oddities.Add($"{names[i]} has no address, so nobody can ask it.");
            }
        }

        return [.. found.SelectMany(s => s)];
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
