using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Challenges;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class AuthoritativeServersTests
{
    private static readonly DnsName Name = DnsName.Parse("_acme-challenge.www.contoso.test");
    private static readonly DnsName Zone = DnsName.Parse("contoso.test");
    private static readonly DnsName One = DnsName.Parse("ns1.contoso.test");
    private static readonly DnsName Two = DnsName.Parse("ns2.contoso.test");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_zone_and_every_address_of_its_servers_are_found()
    {
        using ScriptedDnsServer resolver = new(Resolver());

        DnsZone zone = (await Servers(resolver).FindAsync(Name, CancellationToken.None))!;

        Assert.Equal((Name, Zone), (zone.RecordName, zone.Name));
        Assert.Equal(["ns1.contoso.test (192.0.2.1)", "ns1.contoso.test (2001:db8::1)", "ns2.contoso.test (192.0.2.2)"], zone.Servers.Select(s => s.ToString()));
    }

    [Fact]
    public async Task A_zone_is_asked_for_once_a_minute()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        AuthoritativeServers servers = Servers(resolver);

        await servers.FindAsync(Name, CancellationToken.None);
        int asked = resolver.Queries.Count;
        await servers.FindAsync(Name, CancellationToken.None);
        Assert.Equal(asked, resolver.Queries.Count);

        _clock.Turn(TimeSpan.FromMinutes(1));
        await servers.FindAsync(Name, CancellationToken.None);
        Assert.True(resolver.Queries.Count > asked);
    }

    [Fact]
    public async Task A_resolver_that_names_no_zone_is_asked_for_the_names_above()
    {
        using ScriptedDnsServer resolver = new(query => query.Message.Questions[0].Type == DnsType.Soa
            ? query.Name.Equals(Zone) ? query.Reply(Soa(Zone)) : query.Reply()
            : Resolver()(query));

        Assert.Equal(Zone, (await Servers(resolver).FindAsync(Name, CancellationToken.None))!.Name);
        Assert.Equal(
            ["_acme-challenge.www.contoso.test", "www.contoso.test", "contoso.test"],
            resolver.Queries.Where(q => q.Message.Questions[0].Type == DnsType.Soa).Select(q => q.Name.ToString()));
    }

    [Fact]
    public async Task A_failure_or_an_alias_on_the_way_up_does_not_end_the_search()
    {
        DnsName elsewhere = DnsName.Parse("cdn.elsewhere.test");
        using ScriptedDnsServer resolver = new(query => query.Message.Questions[0].Type != DnsType.Soa ? Resolver()(query)
            : query.Name.Equals(Zone) ? query.Reply(Soa(Zone))
            : query.Name.Equals(DnsName.Parse("www.contoso.test")) ? query.Reply(DnsRecord.Alias(query.Name, 60, elsewhere)) with { Authorities = [Soa(DnsName.Parse("elsewhere.test"))] }
            : query.Name.Equals(DnsName.Parse("x.www.contoso.test")) ? query.Fail(DnsResponseCode.ServFail)
            : query.Reply());

        Assert.Equal(Zone, (await Servers(resolver).FindAsync(DnsName.Parse("_acme-challenge.x.www.contoso.test"), CancellationToken.None))!.Name);
    }

    [Fact]
    public async Task An_alias_leads_to_the_zone_of_its_target()
    {
        DnsName target = DnsName.Parse("www.validation.test");
        DnsName other = DnsName.Parse("validation.test");
        using ScriptedDnsServer resolver = new(query => query.Message.Questions[0].Type != DnsType.Soa ? Resolver(other)(query)
            : query.Name.Equals(Name) ? query.Reply(DnsRecord.Alias(Name, 60, target))
            : query.Fail(DnsResponseCode.NXDomain) with { Authorities = [Soa(other)] });

        DnsZone zone = (await Servers(resolver).FindAsync(Name, CancellationToken.None))!;

        Assert.Equal((target, other), (zone.RecordName, zone.Name));
    }

    [Fact]
    public async Task Names_without_a_zone_have_no_servers()
    {
        using ScriptedDnsServer circle = new(query => query.Reply(DnsRecord.Alias(query.Name, 60, query.Name)));
        using ScriptedDnsServer root = new(query => query.Fail(DnsResponseCode.NXDomain) with { Authorities = [Soa(DnsName.Root)] });
        using ScriptedDnsServer broken = new(query => query.Fail(DnsResponseCode.ServFail));

        Assert.Null(await Servers(circle).FindAsync(Name, CancellationToken.None));
        Assert.Null(await Servers(root).FindAsync(Name, CancellationToken.None));
        Assert.Null(await Servers(broken).FindAsync(Name, CancellationToken.None));
    }

    [Fact]
    public async Task A_resolver_that_is_silent_is_left_when_the_time_is_up()
    {
        using ScriptedDnsServer resolver = new(_ =>
        {
            _clock.Turn(AuthoritativeServers.FindTimeLimit);
            return Array.Empty<byte[]>();
        });

        Assert.Null(await Servers(resolver).FindAsync(Name, CancellationToken.None));
    }

    [Fact]
    public async Task A_proof_is_there_when_every_server_has_it()
    {
        using World world = new(_clock, ["one", "two"], ["two", "one", "other"]);

        Assert.Null(await world.LookAsync("one"));
        Assert.Null(await world.LookAsync("two"));
        Assert.Empty(world.Probe.Asked);
    }

    [Fact]
    public async Task Each_server_that_lags_behind_is_named_with_what_it_has()
    {
        using World world = new(_clock, ["old"], ["one"]);

        string problem = (await world.LookAsync("one"))!;

        Assert.Contains("ns1.contoso.test (192.0.2.1) has only 'old'", problem, StringComparison.Ordinal);
        Assert.Contains("zone contoso.test", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("ns2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_record_or_with_SERVFAIL_is_named()
    {
        using World world = new(_clock, [], query => query.Fail(DnsResponseCode.ServFail));

        string problem = (await world.LookAsync("one"))!;

        Assert.Contains("ns1.contoso.test (192.0.2.1) has no TXT record", problem, StringComparison.Ordinal);
        Assert.Contains("ns2.contoso.test (192.0.2.2) answered SERVFAIL", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_serve_the_zone_blocks_nobody()
    {
        using World refusing = new(_clock, ["one"], query => query.Fail(DnsResponseCode.Refused));
        using World lame = new(_clock, ["one"], query => query.Reply());

        Assert.Null(await refusing.LookAsync("one"));
        Assert.Null(await lame.LookAsync("one"));
    }

    [Fact]
    public async Task Where_no_server_of_the_zone_can_be_asked_the_resolver_is()
    {
        using World world = new(_clock, _ => Silence(), _ => Silence());
        world.Probe.TextRecords[Name.ToString()] = ["one"];

        Assert.Null(await world.LookAsync("one"));
        Assert.Contains("'one', none of them", await world.LookAsync("two"), StringComparison.Ordinal);

        DnsMessage[] Silence()
        {
            _clock.Turn(AuthoritativeServers.AskTimeLimit);
            return [];
        }
    }

    [Fact]
    public async Task A_resolver_that_is_named_is_the_only_one_asked()
    {
        using World world = new(_clock, [], []);
        world.Probe.TextRecords[Name.ToString()] = ["one"];

        Assert.Null(await world.Check.FindProblemAsync(World.Challenge("one"), "192.0.2.53", CancellationToken.None));
    }

    [Fact]
    public async Task Named_is_found_and_asked()
    {
        using NamedServer named = new("_acme-challenge TXT \"apex\"\n_acme-challenge TXT \"wildcard\"\n_acme-challenge.www CNAME proof.other.test.\n");
        AuthoritativeServers servers = new(Clock.System, () => [named.EndPoint], _ => named.EndPoint);
        ProofCheck check = new(new FakeProbe(), servers);

        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("example.test", "apex"), null, CancellationToken.None));
        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("*.example.test", "wildcard"), null, CancellationToken.None));
        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("www.example.test", "there"), null, CancellationToken.None));
        string problem = (await check.FindProblemAsync(SomeChallenge.Dns("mail.example.test", "apex"), null, CancellationToken.None))!;
        Assert.Contains("ns1.example.test (127.0.0.1) has no TXT record", problem, StringComparison.Ordinal);
        Assert.Equal("other.test", (await servers.FindAsync(DnsName.Parse("_acme-challenge.www.example.test"), CancellationToken.None))!.Name.ToString());
    }

    private static DnsRecord Soa(DnsName zone) => new(zone, DnsType.Soa, DnsClass.Internet, 60, new byte[22]);

    private static Func<ScriptedDnsServer.Query, DnsMessage> Resolver(DnsName? zone = null) => query => query.Message.Questions[0].Type switch
    {
        DnsType.Soa => query.Fail(DnsResponseCode.NXDomain) with { Authorities = [Soa(zone ?? Zone)] },
        DnsType.NS => query.Reply(NS(query.Name, One), NS(query.Name, Two)),
        DnsType.A => query.Reply(new DnsRecord(query.Name, DnsType.A, DnsClass.Internet, 60, [192, 0, 2, (byte)(query.Name.Equals(One) ? 1 : 2)])),
        DnsType.Aaaa when query.Name.Equals(One) => query.Reply(new DnsRecord(query.Name, DnsType.Aaaa, DnsClass.Internet, 60, IPAddress.Parse("2001:db8::1").GetAddressBytes())),
        _ => query.Reply(),
    };

    private static DnsRecord NS(DnsName zone, DnsName server) => DnsRecord.Alias(zone, 60, server) with { Type = DnsType.NS };

    private AuthoritativeServers Servers(ScriptedDnsServer resolver) => new(_clock, () => [resolver.EndPoint], address => new IPEndPoint(address, 53));

    /// <summary>A resolver and two servers of contoso.test; ns1's IPv6 address leads to the same server.</summary>
    private sealed class World : IDisposable
    {
        private readonly ScriptedDnsServer _resolver = new(Resolver());
        private readonly ScriptedDnsServer _one;
        private readonly ScriptedDnsServer _two;

        public World(Clock clock, string[] one, string[] two)
            : this(clock, Values(one), Values(two))
        {
        }

        public World(Clock clock, string[] one, Func<ScriptedDnsServer.Query, DnsMessage> two)
            : this(clock, Values(one), query => [two(query)])
        {
        }

        public World(Clock clock, Func<ScriptedDnsServer.Query, DnsMessage[]> one, Func<ScriptedDnsServer.Query, DnsMessage[]> two)
        {
            _one = new ScriptedDnsServer(query => one(query).Select(m => m.ToBytes()), isOfZone: true);
            _two = new ScriptedDnsServer(query => two(query).Select(m => m.ToBytes()), isOfZone: true);
            Check = new ProofCheck(Probe, new AuthoritativeServers(clock, () => [_resolver.EndPoint], address => address.ToString() == "192.0.2.2" ? _two.EndPoint : _one.EndPoint));
        }

        public FakeProbe Probe { get; } = new();

        public ProofCheck Check { get; }

        public static Challenge Challenge(string value) => SomeChallenge.Dns("www.contoso.test", value);

        public Task<string?> LookAsync(string value) => Check.FindProblemAsync(Challenge(value), null, CancellationToken.None);

        public void Dispose()
        {
            _resolver.Dispose();
            _one.Dispose();
            _two.Dispose();
        }

        private static Func<ScriptedDnsServer.Query, DnsMessage[]> Values(string[] values) =>
            query => [query.Reply([.. values.Select(v => DnsRecord.Text(query.Name, 60, v))]) with { IsAuthoritative = true, RecursionDesired = false }];
    }
}
