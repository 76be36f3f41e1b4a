using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class PreflightTests : IDisposable
{
    private readonly TestBench _bench = new();
    private readonly CollectingPreflight _preflight = new();
    private readonly AccountCheck _accounts = new();
    private readonly RecordAuthority _authority;

    public PreflightTests() => _authority = new RecordAuthority(_bench.Clock);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task The_authority_says_what_CAA_records_name()
    {
        await LookAsync(Order("www.contoso.test"));

        PreflightRequest request = Assert.Single(_preflight.Requests);
        Assert.Equal(("ca.example", "https://ca.example/acct/1", true), (request.CaaIdentities[0], request.AccountUri, request.IsPublic));
    }

    [Fact]
    public async Task An_authority_that_cannot_be_asked_is_a_warning_and_no_error()
    {
        _authority.Problem = new TransportException(ErrorIds.DnsUnreachable, "It is down.") { Remedy = "Wait." };

        IReadOnlyList<PreflightFinding> findings = await LookAsync(Order("www.contoso.test"));

        Assert.Contains(findings, f => f.Severity == PreflightSeverity.Warning && f.Message.Contains("It is down.", StringComparison.Ordinal));
        Assert.Empty(Assert.Single(_preflight.Requests).CaaIdentities);
    }

    [Fact]
    public async Task What_the_order_says_decides_what_is_looked_at()
    {
        await LookAsync(Order("www.contoso.test", "*.contoso.test") with { WebRootPath = null });
        Assert.Equal([null, ChallengeType.Dns01], _preflight.Requests[0].Subjects.Select(s => s.Type));

        await LookAsync(Order("www.contoso.test") with { ListenAddress = "*:80", ChallengeType = ChallengeType.Http01 });
        Assert.Equal((ChallengeType.Http01, true), (_preflight.Requests[1].Subjects[0].Type, _preflight.Requests[1].AnswersItself));
    }

    [Fact]
    public async Task Challenges_of_an_order_are_looked_at_where_they_have_to_be()
    {
        Challenge challenge = new()
        {
            Id = "1/Dns01", OrderId = "x", DomainName = DomainName.Parse("contoso.test"), Type = ChallengeType.Dns01, Location = "_acme-challenge.contoso.test", Value = "v",
        };

        await LookAsync(Order("*.contoso.test") with { Challenges = [challenge] });

        Assert.Equal(new PreflightSubject(DomainName.Parse("*.contoso.test"), ChallengeType.Dns01, "_acme-challenge.contoso.test"), Assert.Single(_preflight.Requests[0].Subjects));
        Assert.Equal(["_acme-challenge.contoso.test"], _accounts.Asked);
    }

    [Fact]
    public async Task The_worst_comes_first_and_accounts_that_fail_are_a_warning()
    {
        _preflight.Findings = [new("Caa", "a", PreflightSeverity.Information, "fine"), new("Caa", "b", PreflightSeverity.Problem, "bad")];
        _accounts.Problem = new NotFoundException(ErrorIds.DnsAccountNotFound, "No account.");

        IReadOnlyList<PreflightFinding> findings = await LookAsync(Order("*.contoso.test"));

        Assert.Equal([PreflightSeverity.Problem, PreflightSeverity.Warning, PreflightSeverity.Information], findings.Select(f => f.Severity));
        Assert.Equal("No account.", findings[1].Message);
    }

    [Fact]
    public async Task A_record_that_stands_is_looked_at()
    {
        CertificateOrder order = Order("contoso.test") with { ChallengeType = ChallengeType.DnsPersist01 };
        PreflightFinding missing = Assert.Single(await LookAsync(order));
        Assert.Equal(("PersistRecord", PreflightSeverity.Problem), (missing.Check, missing.Severity));
        Assert.Contains("ca.example; accounturi=https://ca.example/acct/1", missing.Remedy, StringComparison.Ordinal);

        _bench.Probe.TextRecords["_validation-persist.contoso.test"] = [$"ca.example; accounturi=https://ca.example/acct/1; persistUntil={_bench.Clock.UtcNow.AddDays(9).ToUnixTimeSeconds()}"];
        PreflightFinding ending = Assert.Single(await LookAsync(order));
        Assert.Equal(PreflightSeverity.Warning, ending.Severity);
        Assert.Contains("publish a new one before", ending.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_record_for_a_name_is_described_and_looked_for()
    {
        ChallengeRecords records = new(Ports());
        Order("contoso.test");
        ChallengeRecordRequest request = new() { DomainName = DomainName.Parse("*.contoso.test"), PersistUntil = _bench.Clock.UtcNow.AddYears(1) };

        ChallengeRecord record = await records.DescribeAsync(request, _bench.Reporter, CancellationToken.None);

        Assert.Equal(("_validation-persist.contoso.test", ChallengeRecordStatus.Missing, true, request.PersistUntil), (record.RecordName, record.Status, record.Wildcard, record.ValidUntil));
        Assert.StartsWith("ca.example; accounturi=https://ca.example/acct/1; policy=wildcard; persistUntil=", record.Value, StringComparison.Ordinal);
        _bench.Probe.TextRecords[record.RecordName] = [record.Value!];
        Assert.Equal(ChallengeRecordStatus.Valid, (await records.DescribeAsync(request, _bench.Reporter, CancellationToken.None)).Status);
        Assert.Equal(ChallengeRecordStatus.Unknown, (await records.DescribeAsync(request with { Resolver = "None" }, _bench.Reporter, CancellationToken.None)).Status);
        ChallengeRecord perOrder = await records.DescribeAsync(request with { Type = ChallengeType.DnsAccount01 }, _bench.Reporter, CancellationToken.None);
        Assert.Equal((ChallengeRecordStatus.PerOrder, null), (perOrder.Status, perOrder.Value));
    }

    [Fact]
    public async Task What_has_no_such_record_is_refused()
    {
        ChallengeRecords records = new(Ports());
        Order("contoso.test");
        ChallengeRecordRequest good = new() { DomainName = DomainName.Parse("contoso.test") };

        await Assert.ThrowsAsync<InvalidRequestException>(() => records.DescribeAsync(good with { Type = ChallengeType.Http01 }, _bench.Reporter, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => records.DescribeAsync(good with { DomainName = DomainName.Parse("192.0.2.1") }, _bench.Reporter, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidRequestException>(() => records.DescribeAsync(good with { PersistUntil = _bench.Clock.UtcNow }, _bench.Reporter, CancellationToken.None));
    }

    private CertificateOrder Order(params string[] names)
    {
        AuthorityAccount account = _bench.Store.Read(s => s.Accounts.FindByName("scripted")) ?? _bench.AddScripted(_authority);
        return Some.Order(names[0], names) with { AccountId = account.Id, Account = account.Name, Authority = _authority.Description.Name, ChallengeType = null };
    }

    private Task<IReadOnlyList<PreflightFinding>> LookAsync(CertificateOrder order) => new Preflight(Ports()).RunAsync(order, null, _bench.Reporter, CancellationToken.None);

    private KeyManagerPorts Ports() => new()
    {
        Store = _bench.Store,
        Clock = _bench.Clock,
        Authorities = new AuthorityRegistry([_authority]),
        Keys = _bench.Keys,
        Requests = _bench.Requests,
        Certificates = _bench.Certificates,
        KeystoreFormats = [],
        KeystoreReader = new KeystoreReader([], _bench.Keys, _bench.Certificates),
        DnsProviders = new KeyManager.Dns.DnsProviderRegistry([]),
        Proofs = new ProofCheck(_bench.Probe, witness: null, _bench.Clock),
        Probe = _bench.Probe,
        Preflight = _preflight,
        DnsAccounts = _accounts,
        Rights = TestBench.Rights,
        Solvers = [],
        Files = new FileWriter(),
    };

    private sealed class CollectingPreflight : IPreflight
    {
        public List<PreflightRequest> Requests { get; } = [];

        public IReadOnlyList<PreflightFinding> Findings { get; set; } = [];

        public Task<IReadOnlyList<PreflightFinding>> RunAsync(PreflightRequest request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            return Task.FromResult(Findings);
        }
    }

    private sealed class AccountCheck : IDnsAccountCheck
    {
        public List<string> Asked { get; } = [];

        public KeyManagerException? Problem { get; set; }

        public Task<IReadOnlyList<PreflightFinding>> CheckAsync(CertificateOrder order, IReadOnlyList<ProofRecord> records, IReporter reporter, CancellationToken cancellationToken)
        {
            Asked.AddRange(records.Select(r => r.Name));
            return Problem is null ? Task.FromResult<IReadOnlyList<PreflightFinding>>([]) : throw Problem;
        }
    }

    private sealed class RecordAuthority(FakeClock clock) : ScriptedAuthority(clock), ICaaAbility, IRecordAbility
    {
        public KeyManagerException? Problem { get; set; }

        public Task<CaaNames> GetCaaNamesAsync(AuthorityContext context, CancellationToken cancellationToken) =>
            Problem is null ? Task.FromResult(new CaaNames(["ca.example"], "https://ca.example/acct/1")) : throw Problem;

        public Task<RecordNames> GetRecordNamesAsync(AuthorityContext context, DomainName name, ChallengeType type, bool isForAnyName, CancellationToken cancellationToken) =>
            Task.FromResult(new RecordNames("_validation-persist." + name.BaseName, ["ca.example"], "https://ca.example/acct/1"));
    }
}
