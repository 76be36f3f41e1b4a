using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

/// <summary>A zone with two servers on the loopback that do everything wrong; what the error says of it.</summary>
public sealed class RecordHintTests : IDisposable
{
    private const string Name = "_acme-challenge.www.contoso.test";

    private readonly Dictionary<string, string[]> _one = [];
    private readonly Dictionary<string, string[]> _two = [];
    private readonly FakeProbe _probe = new();
    private readonly ScriptedDnsServer _resolver;
    private readonly ScriptedDnsServer _first;
    private readonly ScriptedDnsServer _second;
    private uint _serialOfTwo = 5;
    private bool _isIntercepted;
    private int _asked;
    private int _hiddenUntil;

    public RecordHintTests()
    {
        _resolver = new ScriptedDnsServer(query => Resolve(query));
        _first = new ScriptedDnsServer(query => Serve(query, _one, 5), isOfZone: true);
        _second = new ScriptedDnsServer(query => Serve(query, ++_asked < _hiddenUntil ? [] : _two, _serialOfTwo), isOfZone: true);
    }

    public void Dispose()
    {
        _resolver.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task The_wait_ends_when_the_server_that_lags_has_it()
    {
        _one[Name] = ["one"];
        _two[Name] = ["one"];
        _hiddenUntil = 6;

        await Wait().RunAsync(Context(), [Proof(TimeSpan.FromSeconds(60))], () => { }, CancellationToken.None);

        Assert.True(_asked >= 6);
        Assert.Single(_first.Queries, q => q.Message.Questions[0].Type == DnsType.Txt);
    }

    [Theory]
    [InlineData(4u, "Serial numbers of the zone: ns1.contoso.test (127.0.0.1) 5, ns2.contoso.test (127.0.0.2) 4. If it stays so, the primary does not notify the others")]
    [InlineData(5u, "ns2.contoso.test (127.0.0.2) 5. They are the same everywhere, so a server with the old content will not fetch the new one")]
    public async Task Copies_that_lag_are_told_by_their_serials(uint serial, string hint)
    {
        _one[Name] = ["one"];
        _two[Name] = ["old"];
        _serialOfTwo = serial;

        string message = await FailAsync();

        Assert.Contains("ns2.contoso.test (127.0.0.2) has only 'old'; the other one has it.", message, StringComparison.Ordinal);
        Assert.Contains(hint, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Name + ".contoso.test", "the service takes names without the zone")]
    [InlineData("acme-challenge.www.contoso.test", "the underscore is missing")]
    [InlineData("www.contoso.test", "it has to be at " + Name)]
    [InlineData("elsewhere.contoso.test", "the record was not written, or to another zone or view than contoso.test")]
    public async Task A_value_that_is_somewhere_else_is_found(string place, string hint)
    {
        _one[place] = _two[place] = ["one"];

        Assert.Contains(hint, await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_stored_with_quotes_is_told()
    {
        _one[Name] = _two[Name] = ["\"one\""];

        Assert.Contains("The value is stored as \"one\": whoever wrote it must leave out the quotes and blanks.", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_that_answers_in_the_servers_place_is_told()
    {
        _isIntercepted = true;

        Assert.Contains("something between here and the servers answers in their place", await FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_that_refuses_the_signatures_is_told()
    {
        _one[Name] = _two[Name] = ["one"];

        string message = await FailAsync(_resolver.EndPoint.ToString());

        Assert.Contains("answers when it may leave out DNSSEC: the signatures of the zone are not valid", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_values_are_counted()
    {
        _one[Name] = ["two"];
        _two[Name] = ["two", "one"];
        AwaitedProof other = Proof(TimeSpan.FromMilliseconds(300)) with { Challenge = SomeChallenge.Dns("www.contoso.test", "two") };

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(
            () => Wait().RunAsync(Context(), [Proof(TimeSpan.FromMilliseconds(300)), other], () => { }, CancellationToken.None));

        Assert.Contains("ns1.contoso.test (127.0.0.1) has 1 of 2 values: 'two'; the other one has it.", error.Message, StringComparison.Ordinal);
    }

    private static SolverContext Context() => SomeChallenge.Context(SomeChallenge.Order());

    private static AwaitedProof Proof(TimeSpan maximum, params string[] also) =>
        new(SomeChallenge.Dns("www.contoso.test", "one"), maximum < TimeSpan.FromSeconds(1) ? Short with { AlsoVisibleAt = also.Length == 0 ? Short.AlsoVisibleAt : also } : new ProofWaitOptions { Maximum = maximum });

    private static ProofWaitOptions Short { get; } = new() { Maximum = TimeSpan.FromMilliseconds(300) };

    private ProofWait Wait()
    {
        ZoneFinder finder = new(Clock.System, () => [_resolver.EndPoint], address => address.Equals(IPAddress.Loopback) ? _first.EndPoint : _second.EndPoint);
        return new ProofWait(_probe, new ZoneWitness(Clock.System, finder), store: null, Clock.System);
    }

    private async Task<string> FailAsync(params string[] also) =>
        (await Assert.ThrowsAsync<ChallengeException>(() => Wait().RunAsync(Context(), [Proof(TimeSpan.FromMilliseconds(300), also)], () => { }, CancellationToken.None))).Message;

    private static DnsMessage Resolve(ScriptedDnsServer.Query query)
    {
        DnsName zone = DnsName.Parse("contoso.test");
        return query.Message.Questions[0].Type switch
        {
            DnsType.Soa => query.Reply() with { Authorities = [new DnsRecord(zone, DnsType.Soa, DnsClass.Internet, 60, new byte[22])] },
            DnsType.NS => query.Reply(NS("ns1.contoso.test"), NS("ns2.contoso.test")),
            DnsType.A => query.Reply(new DnsRecord(query.Name, DnsType.A, DnsClass.Internet, 60, [127, 0, 0, (byte)(query.Name.Labels[0][2] - '0')])),
            DnsType.Txt when !query.Message.CheckingDisabled => query.Fail(DnsResponseCode.ServFail),
            _ => query.Reply(),
        };
    }

    private DnsMessage Serve(ScriptedDnsServer.Query query, Dictionary<string, string[]> records, uint serial)
    {
        DnsRecord soa = new(DnsName.Parse("contoso.test"), DnsType.Soa, DnsClass.Internet, 60, [0, 0, 0, 0, 0, (byte)serial, .. new byte[16]]);
        string[] values = records.TryGetValue(query.Name.ToString(), out string[]? found) ? found : [];
        return query.Message.Questions[0].Type switch
        {
            DnsType.Txt => query.Reply([.. values.Select(v => DnsRecord.Text(query.Name, 60, v))]) with { IsAuthoritative = !_isIntercepted, RecursionDesired = false, RecursionAvailable = _isIntercepted },
            DnsType.NS => query.Reply(NS("ns1.contoso.test"), NS("ns2.contoso.test")) with { IsAuthoritative = true, RecursionDesired = false },
            DnsType.Soa when query.Name.Equals(soa.Name) => query.Reply(soa) with { IsAuthoritative = true, RecursionDesired = false },
            _ => query.Reply() with { IsAuthoritative = true, RecursionDesired = false, Authorities = [soa] },
        };
    }

    private static DnsRecord NS(string server) => DnsRecord.Alias(DnsName.Parse("contoso.test"), 60, DnsName.Parse(server)) with { Type = DnsType.NS };
}
