using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>Changes records at a name server by RFC 2136. Keeps nothing between two calls; may be used from several threads.</summary>
internal sealed class DynamicUpdate
{
    // A server may serve a change a moment after it has confirmed it; a copy, which passes changes on, some moments more.
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    // Far from what fits into a message over TCP, even with long values.
    private const int NamesInMessage = 100;

    private readonly ServerAddress _address;
    private readonly TsigKey? _key;
    private readonly DnsName? _zone;
    private readonly Clock _clock;
    private readonly SignedExchange _exchange;
    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly UpdateErrors _errors;
    private readonly string _owner;

    /// <exception cref="InvalidRequestException">KmInvalidParameter: the address or the zone cannot be one.</exception>
    public DynamicUpdate(Rfc2136Server server, Clock clock)
        : this(server, clock, System.Net.Dns.GetHostAddressesAsync)
    {
    }

    /// <param name="server">Where to, and as whom.</param>
    /// <param name="clock">For signatures and time limits.</param>
    /// <param name="resolve">Finds the addresses of the server's name.</param>
    internal DynamicUpdate(Rfc2136Server server, Clock clock, Func<string, Task<IPAddress[]>> resolve)
    {
        _address = ServerAddress.Parse(server.Address);
        _key = server.Key;
        _zone = server.Zone is null ? null : UpdateNames.Parse(server.Zone, "zone").Canonical;
        _clock = clock;
        _exchange = new SignedExchange(clock, server.Owner);
        _errors = new UpdateErrors(server.Owner);
        _owner = server.Owner;
        _resolve = resolve;
    }

    /// <summary>The zone, in lower case and without a final dot, in which this server holds the name: the one that was given, or what the server says.</summary>
    /// <remarks>An alias (CNAME) at the name is not followed: the zone is the one of the alias.</remarks>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: not a name, or not one of the given zone.</exception>
    /// <exception cref="NotFoundException">KmDnsZoneNotFound: the server does not hold it.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable: no answer; nothing was changed.</exception>
    public async Task<string> FindZoneAsync(string recordName, CancellationToken cancellationToken)
    {
        DnsName name = UpdateNames.Parse(Guard.NotNull(recordName), "record");
        return (await FindZoneAsync(name, cancellationToken).ConfigureAwait(false)).ToString();
    }

    /// <summary>Makes all changes of one zone at once or none of them; zone after zone when there are several.</summary>
    /// <remarks>
    /// What is there already, or gone already, is no error, so the same call may be made again. Other values of a name stay. Text is not put beside an alias,
    /// nor an alias beside anything. What was added is looked for at the server afterwards, when it answers questions.
    /// </remarks>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: a change that cannot be; nothing was sent.</exception>
    /// <exception cref="ChallengeException">KmDnsChangeRefused; KmDnsChangeNotServed: done without effect.</exception>
    /// <exception cref="ConflictException">KmDnsNameOccupied: an alias is in the way.</exception>
    /// <exception cref="CredentialException">KmDnsCredentialRejected: the server does not accept the key; KmDnsClockWrong.</exception>
    /// <exception cref="TransportException">KmDnsUnreachable: no answer. Unless it was never sent, the change may have been made.</exception>
    public async Task ApplyAsync(IReadOnlyList<DnsChange> changes, CancellationToken cancellationToken)
    {
        List<PreparedChange> prepared = [.. Guard.NotNull(changes).Select(PreparedChange.From)];
        Dictionary<DnsName, DnsName> zones = [];
        foreach (DnsName name in prepared.Select(c => c.Name).Distinct())
        {
            zones[name] = await FindZoneAsync(name, cancellationToken).ConfigureAwait(false);
        }

        foreach (IGrouping<DnsName, PreparedChange> group in prepared.GroupBy(c => zones[c.Name]))
        {
            await ApplyAsync(group.Key, [.. group], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same in a zone that is known, so that the server is not asked for it.</summary>
    public async Task ApplyAsync(string zone, IReadOnlyList<DnsChange> changes, CancellationToken cancellationToken)
    {
        DnsName name = UpdateNames.Parse(zone, "zone");
        List<PreparedChange> prepared = [.. changes.Select(PreparedChange.From)];

        // What is taken away and what is added at a name belongs into one message, and a message has an end.
        foreach (IGrouping<int, PreparedChange> part in prepared.GroupBy(c => c.Name).Select((names, i) => (Names: names, Part: i / NamesInMessage)).SelectMany(p => p.Names.Select(c => (p.Part, Change: c))).GroupBy(p => p.Part, p => p.Change))
        {
            await ApplyAsync(name, [.. part], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(DnsName zone, List<PreparedChange> changes, CancellationToken cancellationToken)
    {
        List<DnsRecord> prerequisites = [];
        foreach (PreparedChange change in changes.Where(c => c.IsAddition && !changes.Any(c.IsFreedBy)).ToList())
        {
            if (change.Record.Type == DnsType.CName && await HasAsync(change, zone, cancellationToken).ConfigureAwait(false))
            {
                changes.Remove(change);
                continue;
            }

            DnsRecord prerequisite = change.Record.Type == DnsType.CName ? DnsUpdate.UnlessNameExists(change.Name) : DnsUpdate.UnlessSetExists(change.Name, DnsType.CName);
            if (!prerequisites.Any(p => p.Name.Equals(prerequisite.Name) && p.Type == prerequisite.Type))
            {
                prerequisites.Add(prerequisite);
            }
        }

        if (changes.Count == 0)
        {
            return;
        }

        string names = string.Join(", ", changes.Select(c => c.Name).Distinct());
        SignedAnswer answer;
        try
        {
            DnsMessage message = DnsUpdate.Message(zone, prerequisites, [.. changes.Select(c => c.IsAddition ? DnsUpdate.Add(c.Record) : DnsUpdate.Remove(c.Record))]);
            answer = await SendAsync(message, _key, cancellationToken).ConfigureAwait(false);
        }
        catch (DnsException error)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The changes of {names} do not fit into one message: {error.Message}", error)
            {
                Target = names,
                Remedy = "Make them in several calls.",
            };
        }

        _errors.Check(answer, zone, names, _key);
        if (!answer.WasForwarded)
        {
            await LookAsync(zone, changes, cancellationToken).ConfigureAwait(false);
        }
    }

    // The alias is there; or it is not, which a server that answers no questions does not say. Another one would be overwritten (RFC 2136 §3.4.2.2).
    private async Task<bool> HasAsync(PreparedChange alias, DnsName zone, CancellationToken cancellationToken)
    {
        SignedAnswer answer;
        try
        {
            answer = await QueryAsync(alias.Name, DnsType.CName, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            return false;
        }

        List<DnsRecord> found = [.. answer.Message.Answers.Where(r => r.Type == DnsType.CName && r.Name.Equals(alias.Name))];
        return answer.Message.IsAuthoritative && found.Count > 0
            && (found.Any(alias.Is)
                ? true
                : throw _errors.Occupied(answer, zone, alias.Name.ToString(), _key, "the name is an alias (CNAME) of something else", "Remove that alias first."));
    }

    // A server may say NOERROR and do nothing: below a delegation, or by its own rules (RFC 2136 §3.3, §3.4.2.2).
    private async Task LookAsync(DnsName zone, List<PreparedChange> changes, CancellationToken cancellationToken)
    {
        foreach (PreparedChange change in changes.Where(c => c.IsAddition && !changes.Any(c.IsUndoneBy)))
        {
            for (int look = 0; ; look++)
            {
                SignedAnswer answer;
                try
                {
                    answer = await QueryAsync(change.Name, change.Record.Type, cancellationToken).ConfigureAwait(false);
                }
                catch (TransportException)
                {
                    return; // it takes updates and answers no questions; whoever waits for the servers of the zone will see
                }

                if (ZoneAnswer.HandedOnIn(answer.Message, change.Name) is DnsName child)
                {
                    throw _errors.NotThere(
                        answer, zone, change.Name.ToString(), _key, $"it took the record, but hands the zone {child} on to other servers, so nobody sees it", $"Send to a server of the zone {child}.");
                }

                bool isAnswer = answer.Message is { IsAuthoritative: true, ResponseCode: DnsResponseCode.NoError or DnsResponseCode.NXDomain };
                if (!isAnswer || answer.Message.Answers.Any(change.Is))
                {
                    break;
                }

                if (look == s_pauses.Length)
                {
                    throw _errors.NotThere(
                        answer,
                        zone,
                        change.Name.ToString(),
                        _key,
                        "it said that it did, but does not serve the record",
                        "Look at the server's rules and log, for a limit on the number of records too; and whether it is the primary of the zone.");
                }

                await _clock.DelayAsync(s_pauses[look], cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<DnsName> FindZoneAsync(DnsName name, CancellationToken cancellationToken)
    {
        if (_zone is not null)
        {
            return name.IsAtOrBelow(_zone) ? _zone : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{name} is not in the zone {_zone} that was given for the DNS server {_address}.")
            {
                Target = name.ToString(),
                Remedy = "Give the zone that holds the name, or none, so that the server is asked.",
            };
        }

        string? problem = null;
        for (DnsName current = name; current.Labels.Count > 0; current = current.Parent)
        {
            SignedAnswer answer = await QueryAsync(current, DnsType.Soa, cancellationToken).ConfigureAwait(false);
            ZoneAnswer found = ZoneAnswer.Read(answer.Message, current);
            if (found.HandedOn is { } other)
            {
                throw NoZone(name, $"hands the zone {other} on to other servers", $"Send to a server of the zone {other}.");
            }

            // Nobody who may change a top-level domain does it from here; it is a search that went too far.
            if (found.Zone is { Labels.Count: > 1 })
            {
                return found.Zone.Canonical; // some servers write it as it was asked for
            }

            problem ??= found.Problem;
            if (found.Zone is not null)
            {
                throw NoZone(name, $"holds {name} in the zone {(found.Zone.Labels.Count == 0 ? "of the root" : found.Zone.ToString())} only", "If that is the zone to change, give its name.");
            }
        }

        throw NoZone(name, $"{problem} when asked for the zone of {name}", "Name the server that is primary for the zone. If it answers no questions, give the zone's name.");
    }

    private NotFoundException NoZone(DnsName name, string problem, string remedy) =>
        new(ErrorIds.DnsZoneNotFound, $"The zone of {name} was not found: the DNS server {_address}{_owner} {problem}.") { Target = name.ToString(), Remedy = remedy };

    // A key may choose a view of the zone, so the question is signed. Some servers take signed questions only from keys that are for questions.
    private async Task<SignedAnswer> QueryAsync(DnsName name, DnsType type, CancellationToken cancellationToken)
    {
        DnsMessage query = DnsMessage.Query(name, type, recursionDesired: false) with { Additionals = [] };
        try
        {
            SignedAnswer answer = await SendAsync(query, _key, cancellationToken).ConfigureAwait(false);
            return _key is null || (answer.IsTrusted && answer.Message.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NXDomain)
                ? answer
                : await SendAsync(query, null, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException error) when (!error.WasNeverSent)
        {
            throw With(error, wasNeverSent: true); // a question changes nothing
        }
    }

    private async Task<SignedAnswer> SendAsync(DnsMessage message, TsigKey? key, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPEndPoint> servers = await _address.ResolveAsync(_clock, _resolve, cancellationToken).ConfigureAwait(false);
        bool wasNeverSent = true;
        for (int i = 0; ; i++)
        {
            try
            {
                return await _exchange.SendAsync(servers[i], message, key, cancellationToken).ConfigureAwait(false);
            }
            catch (TransportException error)
            {
                // The same change to another address of the same server does no harm.
                wasNeverSent &= error.WasNeverSent;
                if (i + 1 == servers.Count)
                {
                    throw With(error, wasNeverSent);
                }
            }
        }
    }

    private static TransportException With(TransportException error, bool wasNeverSent) =>
        new(error.ErrorId, error.Message, error.InnerException) { Target = error.Target, Remedy = error.Remedy, IsTransient = error.IsTransient, WasNeverSent = wasNeverSent };
}
