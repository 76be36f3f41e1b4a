using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;
using Xunit;

namespace KeyManager.Tests.Challenges;

/// <summary>A resolver that is also every server of every zone; what it holds is in a table.</summary>
public sealed class PreflightCheckTests : IDisposable
{
    private readonly Dictionary<(string Name, DnsType Type), DnsRecord[]> _records = [];
    private readonly HashSet<string> _bogus = [];
    private readonly HashSet<(string Name, DnsType Type)> _broken = [];
    private readonly ScriptedDnsServer _dns;
    private readonly TcpListener _web = new(IPAddress.Loopback, 0);

    public PreflightCheckTests()
    {
        _dns = new ScriptedDnsServer(query => [Answer(query).ToBytes()], isOfZone: null);
        _web.Start();
        _records[("contoso.test", DnsType.NS)] = [NS("contoso.test", "ns1.contoso.test")];
        Address("ns1.contoso.test");
        Address("www.contoso.test");
    }

    public void Dispose()
    {
        _web.Stop();
        _dns.Dispose();
    }

    [Fact]
    public async Task A_name_without_anything_in_the_way_has_no_findings()
    {
        Assert.Empty(await LookAsync("www.contoso.test", ChallengeType.Http01));
        Assert.Empty(await LookAsync("*.contoso.test", ChallengeType.Dns01));
    }

    [Fact]
    public async Task The_nearest_set_counts_and_is_named_with_the_record_to_add()
    {
        Caa("contoso.test", "issue=other.example");
        Caa("test", "issue=ca.example");

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", null));

        Assert.Equal(("Caa", "www.contoso.test", PreflightSeverity.Problem), (finding.Check, finding.Subject, finding.Severity));
        Assert.Equal("The CAA records of contoso.test keep the authority out: 0 issue \"other.example\" allows other.example.", finding.Message);
        Assert.Contains("contoso.test. CAA 0 issue \"ca.example\".", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wildcard_is_told_to_add_to_issuewild_and_the_account_where_one_is_named()
    {
        Caa("contoso.test", "issue=ca.example", "issuewild=ca.example; accounturi=https://ca.example/acct/2");

        PreflightFinding finding = Assert.Single(await LookAsync("*.contoso.test", null));

        Assert.Contains("is for another account than https://ca.example/acct/1", finding.Message, StringComparison.Ordinal);
        Assert.Contains("CAA 0 issuewild \"ca.example; accounturi=https://ca.example/acct/1\"", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_that_allows_is_said_to()
    {
        Caa("www.contoso.test", "issue=ca.example");

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", null));

        Assert.Equal((PreflightSeverity.Information, "The CAA records of www.contoso.test let the authority issue."), (finding.Severity, finding.Message));
    }

    [Fact]
    public async Task The_set_of_an_alias_counts_and_the_search_does_not_climb_from_there()
    {
        _records[("app.contoso.test", DnsType.CName)] = [DnsRecord.Alias(DnsName.Parse("app.contoso.test"), 60, DnsName.Parse("edge.cdn.test"))];
        Caa("cdn.test", "issue=;");
        Assert.Empty(await LookAsync("app.contoso.test", null));

        Caa("edge.cdn.test", "issue=cdn.example");
        PreflightFinding finding = Assert.Single(await LookAsync("app.contoso.test", null));
        Assert.Contains("The CAA records of edge.cdn.test, where the alias app.contoso.test leads, keep the authority out", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_is_not_answered_is_a_no()
    {
        _broken.Add(("contoso.test", DnsType.Caa));

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", null));

        Assert.Equal(PreflightSeverity.Problem, finding.Severity);
        Assert.Contains("The CAA records of contoso.test cannot be read", finding.Message, StringComparison.Ordinal);
        Assert.Contains("type CAA (257)", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signatures_that_are_wrong_are_told_from_servers_that_are_broken()
    {
        _bogus.Add("www.contoso.test");
        PreflightFinding bogus = Assert.Single(await LookAsync("www.contoso.test", null));
        Assert.Contains("the signatures of the zone are not valid", bogus.Message, StringComparison.Ordinal);
        Assert.Contains("DS record", bogus.Remedy, StringComparison.Ordinal);

        _bogus.Clear();
        _broken.Add(("www.contoso.test", DnsType.Soa));
        PreflightFinding broken = Assert.Single(await LookAsync("www.contoso.test", null));
        Assert.Contains("the name servers of the zone do not work", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_authority_goes_by_no_CAA_record()
    {
        Caa("contoso.test", "issue=;");
        _bogus.Add("www.contoso.test");

        Assert.Empty(await Check().RunAsync(new PreflightRequest { Subjects = [new(DomainName.Parse("www.contoso.test"), null)], IsPublic = false }, CancellationToken.None));
    }

    [Fact]
    public async Task A_delegation_is_told_with_its_way()
    {
        _records[("_acme-challenge.www.contoso.test", DnsType.CName)] = [DnsRecord.Alias(DnsName.Parse("_acme-challenge.www.contoso.test"), 60, DnsName.Parse("www.acme.contoso.test"))];

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", ChallengeType.Dns01));

        Assert.Equal(PreflightSeverity.Information, finding.Severity);
        Assert.Equal("_acme-challenge.www.contoso.test -> www.acme.contoso.test: the record has to be in the zone contoso.test.", finding.Message);
    }

    [Fact]
    public async Task A_wildcard_alias_is_no_delegation()
    {
        _records[("*", DnsType.CName)] = [DnsRecord.Alias(DnsName.Root, 60, DnsName.Parse("edge.contoso.test"))];

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", ChallengeType.Dns01));

        Assert.Equal(PreflightSeverity.Warning, finding.Severity);
        Assert.Contains("because of a wildcard alias", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_that_go_in_a_circle_are_listed()
    {
        _records[("_acme-challenge.www.contoso.test", DnsType.CName)] = [DnsRecord.Alias(DnsName.Parse("_acme-challenge.www.contoso.test"), 60, DnsName.Parse("a.contoso.test"))];
        _records[("a.contoso.test", DnsType.CName)] = [DnsRecord.Alias(DnsName.Parse("a.contoso.test"), 60, DnsName.Parse("_acme-challenge.www.contoso.test"))];

        PreflightFinding finding = Assert.Single(await LookAsync("www.contoso.test", ChallengeType.Dns01));

        Assert.Equal(PreflightSeverity.Problem, finding.Severity);
        Assert.Contains("_acme-challenge.www.contoso.test -> a.contoso.test -> _acme-challenge.www.contoso.test", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_80_is_tried_and_a_name_without_an_address_is_told()
    {
        _web.Stop();
        PreflightFinding closed = Assert.Single(await LookAsync("www.contoso.test", ChallengeType.Http01));
        Assert.Equal(("Port80", PreflightSeverity.Warning), (closed.Check, closed.Severity));
        Assert.Contains("127.0.0.1", closed.Message, StringComparison.Ordinal);

        // The wildcard and the address of the name itself do not matter where KeyManager listens when the time has come.
        Assert.Empty(await LookAsync("www.contoso.test", ChallengeType.Http01, answersItself: true));
        PreflightFinding nowhere = Assert.Single(await LookAsync("gone.contoso.test", ChallengeType.Http01, answersItself: true));
        Assert.Equal((PreflightSeverity.Problem, "gone.contoso.test has no address, so no file can be fetched from there."), (nowhere.Severity, nowhere.Message));
    }

    [Fact]
    public async Task An_address_is_asked_for_no_records()
    {
        Assert.Empty(await LookAsync("127.0.0.1", ChallengeType.Http01));
        Assert.Empty(_dns.Queries);
    }

    [Fact]
    public async Task The_resolver_that_is_named_is_asked()
    {
        PreflightCheck check = new(Clock.System, () => throw new InvalidOperationException("not asked"), _ => _dns.EndPoint, _ => (IPEndPoint)_web.LocalEndpoint);
        PreflightRequest request = new() { Subjects = [new(DomainName.Parse("www.contoso.test"), null)], CaaIdentities = ["ca.example"], Resolver = _dns.EndPoint.ToString() };

        Assert.Empty(await check.RunAsync(request, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => check.RunAsync(request with { Resolver = "nobody" }, CancellationToken.None));
    }

    private static DnsRecord NS(string zone, string server) => DnsRecord.Alias(DnsName.Parse(zone), 60, DnsName.Parse(server)) with { Type = DnsType.NS };

    private static DnsRecord Soa(DnsName zone) => new(zone, DnsType.Soa, DnsClass.Internet, 60, new byte[22]);

    private void Address(string name) => _records[(name, DnsType.A)] = [new DnsRecord(DnsName.Parse(name), DnsType.A, DnsClass.Internet, 60, [127, 0, 0, 1])];

    private void Caa(string name, params string[] properties) => _records[(name, DnsType.Caa)] = [.. properties.Select(p => CaaSetTests.Record(name, p))];

    private Task<IReadOnlyList<PreflightFinding>> LookAsync(string name, ChallengeType? type, bool answersItself = false) => Check().RunAsync(
        new PreflightRequest { Subjects = [new(DomainName.Parse(name), type)], CaaIdentities = ["ca.example"], AccountUri = "https://ca.example/acct/1", AnswersItself = answersItself },
        CancellationToken.None);

    private PreflightCheck Check() => new(Clock.System, () => [_dns.EndPoint], _ => _dns.EndPoint, _ => (IPEndPoint)_web.LocalEndpoint);

    private DnsMessage Answer(ScriptedDnsServer.Query query)
    {
        string name = query.Name.ToString();
        DnsType type = query.Message.Questions[0].Type;
        if ((_bogus.Contains(name) && !query.Message.CheckingDisabled) || _broken.Contains((name, type)))
        {
            return query.Fail(DnsResponseCode.ServFail) with { RecursionDesired = query.Message.RecursionDesired };
        }

        List<DnsRecord> answers = [];
        bool isWild = name.StartsWith("_acme-challenge.", StringComparison.Ordinal) || name.StartsWith("km-", StringComparison.Ordinal);
        for (int hop = 0; hop < 3 && type != DnsType.CName; hop++)
        {
            if (!_records.TryGetValue((name, DnsType.CName), out DnsRecord[]? alias) && !(isWild && hop == 0 && _records.TryGetValue(("*", DnsType.CName), out alias)))
            {
                break;
            }

            answers.Add(alias![0] with { Name = DnsName.Parse(name) });
            name = alias[0].ReadTarget().ToString();
            if (!query.Message.RecursionDesired)
            {
                break;
            }
        }

        answers.AddRange(_records.TryGetValue((name, type), out DnsRecord[]? found) ? found : []);
        DnsName zone = DnsName.Parse(name.EndsWith("contoso.test", StringComparison.Ordinal) ? "contoso.test" : "cdn.test");
        return query.Reply([.. answers]) with
        {
            IsAuthoritative = true,
            RecursionDesired = query.Message.RecursionDesired,
            Authorities = answers.Any(a => a.Type == type) || !query.Name.IsAtOrBelow(zone) ? [] : [Soa(zone)],
        };
    }
}
