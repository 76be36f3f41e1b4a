using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Challenges;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class ZoneFinderTests
{
    private static readonly DnsName Name = DnsName.Parse("_acme-challenge.www.contoso.test");
    private static readonly DnsName Zone = DnsName.Parse("contoso.test");
    private static readonly DnsName Other = DnsName.Parse("validation.test");
    private static readonly DnsName One = DnsName.Parse("ns1.contoso.test");
    private static readonly DnsName Two = DnsName.Parse("ns2.contoso.test");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_zone_and_every_address_of_its_servers_are_found()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(Server(), isOfZone: true);

        DnsZone zone = await LocateAsync(resolver, server);

        Assert.Equal((Name, Zone), (zone.RecordName, zone.Name));
        Assert.Equal(["ns1.contoso.test (192.0.2.1)", "ns1.contoso.test (2001:db8::1)", "ns2.contoso.test (192.0.2.2)"], zone.Servers.Select(s => s.ToString()));
        Assert.Empty(zone.Oddities);
        Assert.False(zone.IsAlias);
    }

    [Fact]
    public async Task No_resolver_hears_of_the_name_itself()
    {
        // It would remember that the name is not there, or where a wildcard leads, and tell so for minutes after the record was written.
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(Server(), isOfZone: true);

        await LocateAsync(resolver, server);

        Assert.DoesNotContain(resolver.Queries, q => q.Name.Equals(Name));
        Assert.Contains(server.Queries, q => q.Name.Equals(Name));
    }

    [Fact]
    public async Task A_zone_is_asked_for_once_a_minute()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(Server(), isOfZone: true);
        ZoneFinder finder = Finder(resolver, server);

        await finder.FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None);
        int asked = resolver.Queries.Count;
        await finder.FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None);
        Assert.Equal(asked, resolver.Queries.Count);
        await finder.FindAsync(DnsName.Parse("_acme-challenge.mail.contoso.test"), followsAliases: true, isFresh: false, CancellationToken.None);
        Assert.Equal(asked + 1, resolver.Queries.Count);

        _clock.Turn(TimeSpan.FromMinutes(1));
        await finder.FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None);
        Assert.True(resolver.Queries.Count > asked + 2);
    }

    [Fact]
    public async Task A_name_is_asked_for_again_when_it_has_to_be_fresh()
    {
        bool isAlias = false;
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(query => isAlias && query.Name.Equals(Name) ? Alias(query, "proof.validation.test") : Server()(query), isOfZone: true);
        ZoneFinder finder = Finder(resolver, server);

        Assert.Equal(Zone, (await finder.FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None))!.Name);
        isAlias = true;
        Assert.Equal(Zone, (await finder.FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None))!.Name);
        Assert.Equal(Other, (await finder.FindAsync(Name, followsAliases: true, isFresh: true, CancellationToken.None))!.Name);
    }

    [Fact]
    public async Task A_resolver_that_names_no_zone_is_asked_for_the_names_above()
    {
        using ScriptedDnsServer resolver = new(query => query.Message.Questions[0].Type == DnsType.Soa
            ? query.Name.Equals(Zone) ? query.Reply(Soa(Zone)) : query.Reply()
            : Resolver()(query));
        using ScriptedDnsServer server = new(Server(), isOfZone: true);

        Assert.Equal(Zone, (await LocateAsync(resolver, server)).Name);
        Assert.Equal(["www.contoso.test", "contoso.test"], resolver.Queries.Where(q => q.Message.Questions[0].Type == DnsType.Soa).Select(q => q.Name.ToString()));
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
        using ScriptedDnsServer server = new(Server(), isOfZone: true);

        Assert.Equal(Zone, (await LocateAsync(resolver, server, "_acme-challenge.x.www.contoso.test")).Name);
    }

    [Fact]
    public async Task Aliases_lead_from_zone_to_zone()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(
            query => query.Name.Equals(Name) ? Alias(query, "www.validation.test") : query.Name.Equals(DnsName.Parse("www.validation.test")) ? Alias(query, "proof.third.test") : Server()(query),
            isOfZone: true);

        DnsZone zone = await LocateAsync(resolver, server);

        Assert.Equal([Name.ToString(), "www.validation.test", "proof.third.test"], zone.Path.Select(p => p.ToString()));
        Assert.Equal("third.test", zone.Name.ToString());
        Assert.True(zone.IsAlias);
    }

    [Fact]
    public async Task Somebody_who_wants_to_see_the_alias_stays_at_it()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(query => query.Name.Equals(Name) ? Alias(query, "www.validation.test") : Server()(query), isOfZone: true);

        DnsZone zone = await Finder(resolver, server).LocateAsync(Name, followsAliases: false, CancellationToken.None);

        Assert.Equal((Name, Zone), (zone.RecordName, zone.Name));
    }

    [Fact]
    public async Task A_zone_that_begins_at_the_name_is_found_by_following_the_servers_above()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(
            query => query.Name.Equals(Name) && query.Message.Questions[0].Type == DnsType.Soa
                ? query.Reply() with { RecursionDesired = false, Authorities = [NS(Name, DnsName.Parse("ns9.validation.test"))] }
                : Server()(query),
            isOfZone: true);
        using ScriptedDnsServer child = new(query => query.Message.Questions[0].Type == DnsType.NS
            ? Authoritative(query, NS(query.Name, DnsName.Parse("ns9.validation.test")))
            : Authoritative(query, Soa(Name)), isOfZone: true);
        ZoneFinder finder = new(_clock, () => [resolver.EndPoint], address => address.ToString() == "192.0.2.9" ? child.EndPoint : server.EndPoint);

        DnsZone zone = await finder.LocateAsync(Name, followsAliases: true, CancellationToken.None);

        Assert.Equal(Name, zone.Name);
        Assert.Equal("ns9.validation.test (192.0.2.9)", Assert.Single(zone.Servers).ToString());
    }

    [Fact]
    public async Task A_zone_below_on_the_same_servers_is_found()
    {
        DnsName below = DnsName.Parse("www.contoso.test");
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(
            query => query.Name.Equals(Name) ? Authoritative(query) with { ResponseCode = DnsResponseCode.NXDomain, Authorities = [Soa(below)] } : Server()(query), isOfZone: true);

        Assert.Equal(below, (await LocateAsync(resolver, server)).Name);
    }

    [Fact]
    public async Task Servers_that_only_one_side_names_are_asked_too_and_told()
    {
        DnsName own = DnsName.Parse("ns3.contoso.test");
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer server = new(query => query.Message.Questions[0].Type == DnsType.NS ? Authoritative(query, NS(query.Name, One), NS(query.Name, own)) : Server()(query), isOfZone: true);

        DnsZone zone = await LocateAsync(resolver, server);

        Assert.Contains(zone.Servers, s => s.Name.Equals(own));
        Assert.Contains(zone.Servers, s => s.Name.Equals(Two));
        Assert.Contains("ns2.contoso.test is named as a server of contoso.test from outside, and not by the zone itself.", zone.Oddities);
        Assert.Contains("ns3.contoso.test is named as a server of contoso.test by the zone itself, and not from outside.", zone.Oddities);
    }

    [Fact]
    public async Task A_server_without_an_address_is_told_and_waited_for_by_nobody()
    {
        using ScriptedDnsServer resolver = new(query => query.Name.Equals(Two) ? query.Reply() : Resolver()(query));
        using ScriptedDnsServer server = new(Server(), isOfZone: true);

        DnsZone zone = await LocateAsync(resolver, server);

        Assert.All(zone.Servers, s => Assert.Equal(One, s.Name));
        Assert.Equal("ns2.contoso.test has no address, so nobody can ask it.", Assert.Single(zone.Oddities));
    }

    [Fact]
    public async Task Where_the_servers_of_the_zone_refuse_the_resolver_says_where_the_name_lies()
    {
        using ScriptedDnsServer resolver = new(query => query.Name.Equals(Name) ? Alias(query, "proof.validation.test") with { RecursionDesired = true } : Resolver()(query));
        using ScriptedDnsServer server = new(query => query.Fail(DnsResponseCode.Refused) with { RecursionDesired = false }, isOfZone: true);

        Assert.Equal(Other, (await LocateAsync(resolver, server)).Name);
    }

    [Fact]
    public async Task Names_without_a_zone_are_not_found()
    {
        using ScriptedDnsServer resolver = new(Resolver());
        using ScriptedDnsServer circle = new(query => query.Message.Questions[0].Type == DnsType.Soa ? Alias(query, Name.ToString()) : Server()(query), isOfZone: true);
        using ScriptedDnsServer chain = new(query => query.Message.Questions[0].Type == DnsType.Soa ? Alias(query, "x." + query.Name) : Server()(query), isOfZone: true);
        using ScriptedDnsServer root = new(query => query.Fail(DnsResponseCode.NXDomain) with { Authorities = [Soa(DnsName.Root)] });
        using ScriptedDnsServer broken = new(query => query.Fail(DnsResponseCode.ServFail));

        Assert.Contains("go in a circle", (await Assert.ThrowsAsync<DnsException>(() => LocateAsync(resolver, circle))).Message, StringComparison.Ordinal);
        Assert.Contains("are more than 8", (await Assert.ThrowsAsync<DnsException>(() => LocateAsync(resolver, chain))).Message, StringComparison.Ordinal);
        Assert.Null(await Finder(root, circle).FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None));
        Assert.Null(await Finder(broken, circle).FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None));
    }

    [Fact]
    public async Task A_resolver_that_is_silent_is_left_when_the_time_is_up()
    {
        using ScriptedDnsServer resolver = new(_ =>
        {
            _clock.Turn(ZoneFinder.FindTimeLimit);
            return Array.Empty<byte[]>();
        });

        Assert.Null(await Finder(resolver, resolver).FindAsync(Name, followsAliases: true, isFresh: false, CancellationToken.None));
    }

    [Fact]
    public async Task A_proof_is_there_when_every_server_has_it()
    {
        using World world = new(_clock, ["one"], ["two", "one", "other"]);

        Assert.Null(await world.LookAsync("one"));
        Assert.Empty(world.Probe.Asked);
    }

    [Fact]
    public async Task Each_server_that_lags_behind_is_named_with_what_it_has()
    {
        using World world = new(_clock, ["old"], ["one"]);

        string problem = (await world.LookAsync("one"))!;

        Assert.Contains("ns1.contoso.test (192.0.2.1) has only 'old'", problem, StringComparison.Ordinal);
        Assert.Contains("zone contoso.test", problem, StringComparison.Ordinal);
        Assert.Contains("the other one has it", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("ns2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_record_or_with_SERVFAIL_is_named()
    {
        using World world = new(_clock, [], query => query.Fail(DnsResponseCode.ServFail) with { RecursionDesired = false });

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
    public async Task A_name_that_became_an_alias_is_said_with_its_target()
    {
        using World world = new(_clock, ["one"], query => query.Message.Questions[0].Type == DnsType.Txt ? Alias(query, "proof.validation.test") : Server()(query));

        Assert.Contains("ns2.contoso.test (192.0.2.2) has an alias (CNAME) to proof.validation.test there", await world.LookAsync("one"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_server_of_the_zone_can_be_asked_the_resolver_is()
    {
        using World world = new(_clock, query => query.Fail(DnsResponseCode.Refused), query => query.Reply());
        world.Probe.TextRecords[Name.ToString()] = ["one"];

        Assert.Null(await world.LookAsync("one"));
        string problem = (await world.LookAsync("two"))!;
        Assert.Contains("'one', none of them", problem, StringComparison.Ordinal);
        Assert.Contains("No server of the zone contoso.test could be asked: ns1.contoso.test (192.0.2.1) answered REFUSED", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_passed_over_when_another_one_answers()
    {
        using ScriptedDnsServer one = new(query => Server("one")(query), isOfZone: true);
        using ScriptedDnsServer two = new(_ => Array.Empty<byte[]>(), isOfZone: true);
        ZoneWitness witness = new(_clock, Finder(one, one));
        DnsZone zone = new([Name], Zone, [new NameServer(One, IPAddress.Loopback, one.EndPoint), new NameServer(Two, IPAddress.Loopback, two.EndPoint)], []);

        Task<ServerAnswer> silent = witness.AskAsync(zone, zone.Servers[1], DnsRecordType.Txt, ["one"], CancellationToken.None);
        Assert.Equal(DnsAnswerKind.Present, (await witness.AskAsync(zone, zone.Servers[0], DnsRecordType.Txt, ["one"], CancellationToken.None)).Kind);
        while (!silent.IsCompleted)
        {
            _clock.Turn(ZoneWitness.AskTimeLimit);
            await Task.Yield();
        }

        Assert.Equal((DnsAnswerKind.Silent, "gave no answer"), ((await silent).Kind, (await silent).Message));
        Assert.False((await silent).Blocks);
    }

    [Fact]
    public async Task A_resolver_that_is_named_is_the_only_one_asked()
    {
        using World world = new(_clock, [], []);
        world.Probe.TextRecords[Name.ToString()] = ["one"];

        Assert.Null(await world.Check.FindProblemAsync(World.Challenge("one"), "192.0.2.53", CancellationToken.None));
        Assert.Equal(0, world.Asked);
    }

    [Fact]
    public async Task Named_is_found_and_asked()
    {
        using NamedServer named = new("_acme-challenge TXT \"apex\"\n_acme-challenge TXT \"wildcard\"\n_acme-challenge.www CNAME proof.other.test.\n");
        ZoneFinder finder = new(Clock.System, () => [named.EndPoint], _ => named.EndPoint);
        ProofCheck check = new(new FakeProbe(), new ZoneWitness(Clock.System, finder), Clock.System);

        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("example.test", "apex"), null, CancellationToken.None));
        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("*.example.test", "wildcard"), null, CancellationToken.None));
        Assert.Null(await check.FindProblemAsync(SomeChallenge.Dns("www.example.test", "there"), null, CancellationToken.None));
        string problem = (await check.FindProblemAsync(SomeChallenge.Dns("mail.example.test", "apex"), null, CancellationToken.None))!;
        Assert.Contains("ns1.example.test (127.0.0.1) has no TXT record", problem, StringComparison.Ordinal);
        DnsZone zone = (await finder.FindAsync(DnsName.Parse("_acme-challenge.www.example.test"), followsAliases: true, isFresh: false, CancellationToken.None))!;
        Assert.Equal("other.test", zone.Name.ToString());
        Assert.Contains(zone.Oddities, o => o.Contains("gone.elsewhere.test has no address", StringComparison.Ordinal));
    }

    private static DnsRecord Soa(DnsName zone) => new(zone, DnsType.Soa, DnsClass.Internet, 60, new byte[22]);

    private static DnsRecord NS(DnsName zone, DnsName server) => DnsRecord.Alias(zone, 60, server) with { Type = DnsType.NS };

    private static DnsMessage Alias(ScriptedDnsServer.Query query, string target) => Authoritative(query, DnsRecord.Alias(query.Name, 60, DnsName.Parse(target)));

    private static DnsMessage Authoritative(ScriptedDnsServer.Query query, params DnsRecord[] answers) =>
        query.Reply(answers) with { IsAuthoritative = true, RecursionDesired = false, RecursionAvailable = false };

    // contoso.test, validation.test, ...: every zone has two labels.
    private static DnsName ZoneOf(DnsName name) => name.Labels.Count <= 2 ? name : ZoneOf(name.Parent);

    private static Func<ScriptedDnsServer.Query, DnsMessage> Resolver() => query => query.Message.Questions[0].Type switch
    {
        DnsType.Soa => query.Fail(DnsResponseCode.NXDomain) with { Authorities = [Soa(ZoneOf(query.Name))] },
        DnsType.NS => query.Reply(NS(query.Name, One), NS(query.Name, Two)),
        DnsType.A => query.Reply(new DnsRecord(query.Name, DnsType.A, DnsClass.Internet, 60, [192, 0, 2, (byte)(query.Name.Labels[0][2] - '0')])),
        DnsType.Aaaa when query.Name.Equals(One) => query.Reply(new DnsRecord(query.Name, DnsType.Aaaa, DnsClass.Internet, 60, IPAddress.Parse("2001:db8::1").GetAddressBytes())),
        _ => query.Reply(),
    };

    private static Func<ScriptedDnsServer.Query, DnsMessage> Server(params string[] values) => query => query.Message.Questions[0].Type switch
    {
        DnsType.NS => Authoritative(query, NS(query.Name, One), NS(query.Name, Two)),
        DnsType.Txt => Authoritative(query, [.. values.Select(v => DnsRecord.Text(query.Name, 60, v))]),
        _ => Authoritative(query) with { ResponseCode = DnsResponseCode.NXDomain, Authorities = [Soa(ZoneOf(query.Name))] },
    };

    private ZoneFinder Finder(ScriptedDnsServer resolver, ScriptedDnsServer server) => new(_clock, () => [resolver.EndPoint], _ => server.EndPoint);

    private Task<DnsZone> LocateAsync(ScriptedDnsServer resolver, ScriptedDnsServer server, string? name = null) =>
        Finder(resolver, server).LocateAsync(name is null ? Name : DnsName.Parse(name), followsAliases: true, CancellationToken.None);

    /// <summary>A resolver and two servers of contoso.test; ns1's IPv6 address leads to the same server.</summary>
    private sealed class World : IDisposable
    {
        private readonly ScriptedDnsServer _resolver = new(Resolver());
        private readonly ScriptedDnsServer _one;
        private readonly ScriptedDnsServer _two;

        public World(Clock clock, string[] one, string[] two)
            : this(clock, Server(one), Server(two))
        {
        }

        public World(Clock clock, string[] one, Func<ScriptedDnsServer.Query, DnsMessage> two)
            : this(clock, Server(one), two)
        {
        }

        public World(Clock clock, Func<ScriptedDnsServer.Query, DnsMessage> one, Func<ScriptedDnsServer.Query, DnsMessage> two)
        {
            _one = new ScriptedDnsServer(one, isOfZone: true);
            _two = new ScriptedDnsServer(two, isOfZone: true);
            ZoneFinder finder = new(clock, () => [_resolver.EndPoint], address => address.ToString() == "192.0.2.2" ? _two.EndPoint : _one.EndPoint);
            Check = new ProofCheck(Probe, new ZoneWitness(clock, finder), clock);
        }

        public FakeProbe Probe { get; } = new();

        public ProofCheck Check { get; }

        /// <summary>How often the servers of the zone were asked.</summary>
        public int Asked => _one.Queries.Count + _two.Queries.Count;

        public static Challenge Challenge(string value) => SomeChallenge.Dns("www.contoso.test", value);

        public Task<string?> LookAsync(string value) => Check.FindProblemAsync(Challenge(value), null, CancellationToken.None);

        public void Dispose()
        {
            _resolver.Dispose();
            _one.Dispose();
            _two.Dispose();
        }
    }
}
