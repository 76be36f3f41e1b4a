using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// Serves the zones of fake services over UDP and TCP, to resolvers and to whoever asks the servers of a zone. Aliases are followed across all zones, as a resolver does for Pebble,
/// which asks nobody else. A name without an address has 127.0.0.1.
/// </summary>
internal sealed class ZoneNameServer : IDisposable
{
    private readonly ScriptedDnsServer _server;
    private readonly IReadOnlyList<ServedZones> _zones;

    public ZoneNameServer(params ServedZones[] zones)
    {
        _zones = zones;
        _server = new ScriptedDnsServer(query => [Answer(query).ToBytes()], isOfZone: null);
    }

    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>True while the server does not have a value yet that the service has: eventual consistency.</summary>
    public Func<string, bool> IsHidden { get; set; } = _ => false;

    /// <summary>What was asked.</summary>
    public IReadOnlyList<ScriptedDnsServer.Query> Queries => _server.Queries;

    public void Dispose() => _server.Dispose();

    private DnsMessage Answer(ScriptedDnsServer.Query query)
    {
        string asked = query.Name.ToString().ToLowerInvariant();
        DnsType type = query.Message.Questions[0].Type;
        List<DnsRecord> answers = [];
        string name = asked;
        for (int hop = 0; hop < 10 && type != DnsType.CName && Values(name, "CNAME").FirstOrDefault() is string target; hop++)
        {
            answers.Add(DnsRecord.Alias(DnsName.Parse(name), 60, DnsName.Parse(target)));
            name = target;
        }

        DnsName owner = DnsName.Parse(name);
        string? zone = Zone(name);
        switch (type)
        {
            case DnsType.Txt:
                answers.AddRange(Values(name, "TXT").Where(v => !IsHidden(v)).Select(v => DnsRecord.Text(owner, 60, v)));
                break;
            case DnsType.CName:
                answers.AddRange(Values(name, "CNAME").Select(v => DnsRecord.Alias(owner, 60, DnsName.Parse(v))));
                break;
            case DnsType.A:
                answers.Add(new DnsRecord(owner, DnsType.A, DnsClass.Internet, 60, [127, 0, 0, 1]));
                break;
            case DnsType.NS when zone == name:
                answers.Add(new DnsRecord(owner, DnsType.NS, DnsClass.Internet, 60, DnsRecord.Alias(owner, 60, DnsName.Parse("ns1." + zone)).Data));
                break;
            case DnsType.Soa when zone == name:
                answers.Add(Start(zone));
                break;
        }

        bool isEmpty = answers.All(a => a.Type == DnsType.CName);
        return query.Reply([.. answers]) with
        {
            IsAuthoritative = zone is not null,
            RecursionDesired = query.Message.RecursionDesired,
            Authorities = isEmpty && zone is not null ? [Start(zone)] : [],
        };
    }

    private IReadOnlyList<string> Values(string name, string type) => [.. _zones.SelectMany(z => z.TryOf(name) == Zone(name) ? z.Values(name, type) : [])];

    private string? Zone(string name) => _zones.Select(z => z.TryOf(name)).Where(z => z is not null).OrderByDescending(z => z!.Length).FirstOrDefault();

    private static DnsRecord Start(string zone)
    {
        byte[] server = DnsRecord.Alias(DnsName.Root, 0, DnsName.Parse("ns1." + zone)).Data;
        return new DnsRecord(DnsName.Parse(zone), DnsType.Soa, DnsClass.Internet, 60, [.. server, .. server, 0, 0, 0, 1, 0, 0, 14, 16, 0, 0, 2, 88, 0, 1, 81, 128, 0, 0, 0, 60]);
    }
}
