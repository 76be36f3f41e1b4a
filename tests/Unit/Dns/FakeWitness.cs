using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Tests.Dns;

/// <summary>Zones whose servers get records at times that the test says. Answers at once.</summary>
internal sealed class FakeWitness(Clock clock) : IZoneWitness
{
    private readonly object _gate = new();
    private readonly Dictionary<DnsName, List<NameServer>> _zones = [];
    private readonly DateTimeOffset _start = clock.UtcNow;
    private int _atOnce;

    /// <summary>When a server has the values of a name, from the start of the test; null for never. By default at once.</summary>
    public Func<string, string, TimeSpan?> ArrivesAfter { get; set; } = (_, _) => TimeSpan.Zero;

    /// <summary>What a server says instead; null for what it has.</summary>
    public Func<string, string, (DnsAnswerKind Kind, string Message)?> Says { get; set; } = (_, _) => null;

    /// <summary>Where the alias at a name leads; null for none.</summary>
    public Func<string, string?> AliasOf { get; set; } = _ => null;

    /// <summary>What happens while a question is on its way.</summary>
    public Func<string, Task> Delay { get; set; } = _ => Task.CompletedTask;

    public List<(string Server, string Name, TimeSpan At)> Asked { get; } = [];

    public int MostAtOnce { get; private set; }

    public int Finds { get; private set; }

    public List<string> Oddities { get; } = [];

    public void AddZone(string zone, params string[] servers) => _zones.Add(
        DnsName.Parse(zone), [.. servers.Select(s => new NameServer(DnsName.Parse(s), IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, 53)))]);

    public Task<DnsZone?> FindAsync(DnsName name, DnsRecordType type, bool isFresh, CancellationToken cancellationToken)
    {
        Finds++;
        List<DnsName> path = [name];
        while (type != DnsRecordType.CName && AliasOf(path[^1].ToString()) is string target)
        {
            path.Add(DnsName.Parse(target));
        }

        DnsName? zone = _zones.Keys.Where(path[^1].IsAtOrBelow).OrderByDescending(z => z.Labels.Count).FirstOrDefault();
        return Task.FromResult(zone is null ? null : new DnsZone(path, zone, _zones[zone], Oddities));
    }

    public async Task<ServerAnswer> AskAsync(DnsZone zone, NameServer server, DnsRecordType type, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        string name = zone.RecordName.ToString();
        string who = server.Name.ToString();
        lock (_gate)
        {
            Asked.Add((who, name, clock.UtcNow - _start));
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);
        }

        await Delay(who);
        lock (_gate)
        {
            _atOnce--;
        }

        if (Says(who, name) is (DnsAnswerKind kind, string message))
        {
            return new ServerAnswer(server, kind, [], message);
        }

        return ServerAnswer.Of(server, ArrivesAfter(who, name) is TimeSpan after && clock.UtcNow - _start >= after ? wanted : [], wanted, ZoneWitness.Word(type), clock.UtcNow);
    }
}
