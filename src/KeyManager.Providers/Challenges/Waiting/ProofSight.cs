using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Challenges.Waiting;

/// <summary>One file or name that is looked at: the values that have to be there, and what was seen of them so far. May be used from several threads.</summary>
/// <param name="location">URL of the file, or name of the record, as the authority gave it.</param>
/// <param name="values">All of them have to be there; a name may hold others too.</param>
/// <param name="type">What kind of proof.</param>
/// <param name="options">How it is waited for.</param>
/// <exception cref="DnsException">The location is no name of a record, or an alias is to lead to what is no name.</exception>
internal sealed class ProofSight(string location, IReadOnlyList<string> values, ChallengeType type, ProofWaitOptions options)
{
    /// <summary>The place of a file among those who were asked.</summary>
    private const string WebServer = "the web server";

    private readonly object _gate = new();
    private readonly Dictionary<NameServer, ServerAnswer> _answers = [];
    private readonly Dictionary<string, string?> _others = [];

    public string Location { get; } = location;

    public IReadOnlyList<string> Values { get; } = type == ChallengeType.DnsCname ? [.. values.Select(v => DnsName.Parse(v).Canonical.ToString())] : values;

    public bool IsFile { get; } = type.IsFile();

    /// <summary>The kind of record, when it is one.</summary>
    public DnsRecordType RecordType { get; } = type.RecordType();

    /// <summary>The name of the record.</summary>
    public DnsName Name { get; } = type.IsFile() ? DnsName.Root : DnsName.Parse(location);

    public ProofWaitOptions Options { get; } = options;

    /// <summary>Where the name lies; <c>null</c> until that is found, or when it cannot be.</summary>
    public DnsZone? Zone { get; private set; }

    /// <summary>True once it was looked for, whether it was found or not.</summary>
    public bool IsZoneKnown { get; private set; }

    /// <summary>True when the servers of the zone, or the resolver in their place, have it.</summary>
    public bool IsServed { get; private set; }

    /// <summary>True when also the other resolvers have it: nothing is left to look for.</summary>
    public bool IsSeen { get; private set; }

    /// <summary>True when no server of the zone can say anything, so that a resolver has to.</summary>
    public bool NeedsResolver
    {
        get
        {
            lock (_gate)
            {
                return IsZoneKnown && !IsServed
                    && (Zone is not { Servers.Count: > 0 } zone || zone.Servers.All(s => _answers.TryGetValue(s, out ServerAnswer? a) && a.Kind is DnsAnswerKind.Lame or DnsAnswerKind.Silent));
            }
        }
    }

    /// <summary>True when a server says that the name leads elsewhere, or it was found at the end of an alias, which may be one that a wildcard made and that the record will end.</summary>
    public bool MayHaveMoved
    {
        get
        {
            lock (_gate)
            {
                return Zone is null || Zone.IsAlias || _answers.Values.Any(a => a.Kind == DnsAnswerKind.Alias);
            }
        }
    }

    /// <summary>The servers' last answers, in the order of the servers.</summary>
    public IReadOnlyList<ServerAnswer> Answers
    {
        get
        {
            lock (_gate)
            {
                return Zone is null ? [] : [.. Zone.Servers.Where(_answers.ContainsKey).Select(s => _answers[s])];
            }
        }
    }

    /// <summary>What is wrong at each resolver, or at the web server, that was asked; without those that have it.</summary>
    public IReadOnlyDictionary<string, string> OtherProblems
    {
        get
        {
            lock (_gate)
            {
                return _others.Where(r => r.Value is not null).ToDictionary(r => r.Key, r => r.Value!);
            }
        }
    }

    /// <summary>Who is asked in the place of the zone's servers, as it is named in a sentence.</summary>
    public string Stead => IsFile ? WebServer : Options.Resolver ?? "the resolver of this machine";

    /// <summary>Takes note of where the name lies. What other servers said before is forgotten.</summary>
    public void Place(DnsZone? zone)
    {
        lock (_gate)
        {
            IsZoneKnown = true;
            if (zone is null || (Zone is not null && Zone.Name.Equals(zone.Name) && Zone.RecordName.Equals(zone.RecordName)))
            {
                return;
            }

            Zone = zone;
            _answers.Clear();
        }
    }

    /// <summary>Takes note of an answer of a server of its zone.</summary>
    public void Add(DnsZone zone, ServerAnswer answer)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(zone, Zone))
            {
                return; // the name was found elsewhere meanwhile
            }

            _answers[answer.Server] = answer;
            IsServed = IsServed || (Zone.Servers.All(_answers.ContainsKey) && !_answers.Values.Any(a => a.Blocks) && _answers.Values.Any(a => a.Kind == DnsAnswerKind.Present));
            Settle();
        }
    }

    /// <summary>Takes note of a server that says nothing for any name: it is not waited for.</summary>
    public void PassOver(ServerAnswer other)
    {
        lock (_gate)
        {
            if (Zone is not null && Zone.Servers.Contains(other.Server) && !_answers.ContainsKey(other.Server))
            {
                Add(Zone, other);
            }
        }
    }

    /// <summary>Takes note of what a resolver, or the web server, says.</summary>
    /// <param name="other">Which one; <see cref="Stead"/> for the one in the place of the zone's servers.</param>
    /// <param name="problem">What is wrong; <c>null</c> when it has all values.</param>
    public void Add(string other, string? problem)
    {
        lock (_gate)
        {
            _others[other] = problem;
            IsServed = IsServed || (other == Stead && problem is null);
            Settle();
        }
    }

    /// <summary>Nobody is asked about it.</summary>
    public void TakeForSeen() => IsServed = IsSeen = true;

    /// <summary>Whether the server has shown all values at this name.</summary>
    public bool WasShownBy(NameServer server)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(server, out ServerAnswer? answer) && answer.Kind == DnsAnswerKind.Present;
        }
    }

    /// <summary>Whether the resolver, or the web server, has shown all values.</summary>
    public bool WasShownBy(string other)
    {
        lock (_gate)
        {
            return _others.TryGetValue(other, out string? problem) && problem is null;
        }
    }

    private void Settle() => IsSeen = IsServed && (IsFile || Options.AlsoVisibleAt.All(WasShownBy));
}
