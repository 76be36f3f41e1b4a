using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class ManualSolverTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly FakeClock _clock = new() { SkipsDelays = true };
    private readonly FakeProbe _probe = new();
    private readonly CollectingReporter _reporter = new();
    private readonly ManualSolver _solver;

    public ManualSolverTests() => _solver = Solver(_probe);

    [Fact]
    public async Task The_user_is_told_what_to_publish_one_block_for_each()
    {
        await _solver.PresentAsync(Context(), SomeChallenge.Http("token"), CancellationToken.None);
        await _solver.PresentAsync(Context(), SomeChallenge.Dns("*.contoso.test", "value"), CancellationToken.None);

        Assert.Equal(2, _reporter.Warnings.Count);
        Assert.Equal(
            ["Publish this file to prove www.contoso.test (http-01):", "URL:       http://www.contoso.test/.well-known/acme-challenge/token", "Content:   token.thumbprint"],
            Lines(_reporter.Warnings[0]));
        Assert.Equal(["Name:      _acme-challenge.contoso.test", "TXT value: value"], Lines(_reporter.Warnings[1]).Skip(1));
    }

    [Fact]
    public async Task The_user_is_told_what_can_be_taken_away()
    {
        await _solver.CleanUpAsync(Context(), SomeChallenge.Http("token"), CancellationToken.None);
        await _solver.CleanUpAsync(Context(), SomeChallenge.Dns(value: "value"), CancellationToken.None);
        await _solver.CleanUpAsync(Context(), SomeChallenge.Dns(type: ChallengeType.DnsPersist01), CancellationToken.None);

        Assert.Equal(2, _reporter.Warnings.Count);
        Assert.Contains("http://www.contoso.test/.well-known/acme-challenge/token", _reporter.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("TXT value: value", _reporter.Warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_waited_for_when_everything_is_there()
    {
        _probe.Publish(SomeChallenge.Http());
        _probe.Publish(SomeChallenge.Dns());

        await WaitAsync(SomeChallenge.Http(), SomeChallenge.Dns());

        Assert.Empty(_clock.Delays);
    }

    [Fact]
    public async Task It_looks_every_second_and_says_what_is_missing()
    {
        List<Challenge> all = [SomeChallenge.Http(), SomeChallenge.Dns(), SomeChallenge.Dns("mail.contoso.test")];
        int looks = 0;

        await _solver.WaitUntilVisibleAsync(Context(), all, Timeout, Keep, CancellationToken.None);

        Assert.Equal([0.25, 0.5, 1, 1, 1, 1, 1], _clock.Delays.Select(d => d.TotalSeconds));
        Assert.Equal(7, looks);
        Assert.Contains("_acme-challenge.mail.contoso.test", _reporter.Reports[0].Status, StringComparison.Ordinal);
        Assert.DoesNotContain(all[0].Location!, _reporter.Reports[2].Status, StringComparison.Ordinal);
        Assert.Equal(66, _reporter.Reports[6].PercentComplete);
        Assert.True(_reporter.Reports.Last().Completed);

        void Keep()
        {
            looks++;
            if (looks is 2 or 4 or 7)
            {
                _probe.Publish(all[looks / 3]);
            }
        }
    }

    [Fact]
    public async Task A_file_that_somebody_has_to_put_there_is_fetched_ever_more_slowly()
    {
        await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(SomeChallenge.Http()));

        Assert.InRange(_probe.Asked.Count, 20, 40);
    }

    [Fact]
    public async Task What_is_missing_in_the_end_is_named_with_what_was_seen()
    {
        _probe.TextRecords["_acme-challenge.www.contoso.test"] = ["old"];
        _probe.Files[SomeChallenge.Http().Location!] = "<html>";

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(SomeChallenge.Http(), SomeChallenge.Dns(), SomeChallenge.Dns("mail.contoso.test"), SomeChallenge.Http("gone")));

        Assert.Equal(ErrorIds.ChallengeNotVisible, error.ErrorId);
        Assert.Equal("order", error.Target);
        Assert.NotNull(error.Remedy);
        Assert.Contains("4 proofs", error.Message, StringComparison.Ordinal);
        Assert.Contains("holds '<html>' instead", error.Message, StringComparison.Ordinal);
        Assert.Contains("hold 'old', none of them", error.Message, StringComparison.Ordinal);
        Assert.Contains("There is no TXT record at _acme-challenge.mail.contoso.test", error.Message, StringComparison.Ordinal);
        Assert.Contains("status 404", error.Message, StringComparison.Ordinal);
        Assert.True(_reporter.Reports.Last().Completed);
        Assert.Equal(Timeout, TimeSpan.FromTicks(_clock.Delays.Sum(d => d.Ticks)));
    }

    [Fact]
    public async Task A_wildcard_and_its_base_name_have_two_values_at_one_name()
    {
        Challenge wildcard = SomeChallenge.Dns("*.contoso.test", "one");
        Challenge apex = SomeChallenge.Dns("contoso.test", "two");
        _probe.Publish(wildcard);

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(wildcard, apex));
        Assert.Contains("A proof of order", error.Message, StringComparison.Ordinal);

        _probe.Publish(apex);
        await WaitAsync(wildcard, apex);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_keeps_nobody_longer_than_he_wanted()
    {
        FakeClock clock = new();
        Task waiting = new ManualSolver(new ProofWait(new SilentProbe(), witness: null, store: null, clock))
            .WaitUntilVisibleAsync(Context(), [SomeChallenge.Dns()], Timeout, () => { }, CancellationToken.None);

        Assert.False(waiting.IsCompleted);
        clock.Advance(Timeout);

        Assert.Contains("no answer in time", (await Assert.ThrowsAsync<ChallengeException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_cancelled()
    {
        using CancellationTokenSource stop = new();
        FakeClock clock = new();
        Task looking = new ManualSolver(new ProofWait(new SilentProbe(), witness: null, store: null, clock)).WaitUntilVisibleAsync(Context(), [SomeChallenge.Dns()], Timeout, () => { }, stop.Token);
        Task pausing = new ManualSolver(new ProofWait(_probe, witness: null, store: null, clock)).WaitUntilVisibleAsync(Context(), [SomeChallenge.Dns()], Timeout, () => { }, stop.Token);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => looking);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pausing);
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_said()
    {
        ProofCheck check = new(_probe, witness: null, _clock);
        Assert.Contains("TlsAlpn01", await check.FindProblemAsync(SomeChallenge.Tls(), null, CancellationToken.None), StringComparison.Ordinal);
        Assert.NotNull(await check.FindProblemAsync(SomeChallenge.Dns() with { Value = null }, null, CancellationToken.None));
    }

    [Theory]
    [InlineData(ChallengeType.Http01, true)]
    [InlineData(ChallengeType.Dns01, true)]
    [InlineData(ChallengeType.DnsAccount01, true)]
    [InlineData(ChallengeType.DnsPersist01, true)]
    [InlineData(ChallengeType.TlsAlpn01, false)]
    [InlineData(ChallengeType.Email, false)]
    public void Files_and_records_are_published_by_hand(ChallengeType type, bool solved) =>
        Assert.Equal(solved, _solver.CanSolve(SomeChallenge.Order(), SomeChallenge.Dns() with { Type = type }));

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim())];

    private ManualSolver Solver(IValidationProbe probe) => new(new ProofWait(probe, witness: null, store: null, _clock));

    private SolverContext Context() => SomeChallenge.Context(SomeChallenge.Order(), _reporter);

    private Task WaitAsync(params Challenge[] challenges) => _solver.WaitUntilVisibleAsync(Context(), challenges, Timeout, () => { }, CancellationToken.None);

    private sealed class SilentProbe : IValidationProbe
    {
        public Task<string> GetFileAsync(Uri url, string? connectTo, CancellationToken cancellationToken) => new TaskCompletionSource<string>().Task;

        public Task<IReadOnlyList<string>> GetRecordsAsync(string name, KeyManager.Dns.DnsRecordType type, string? resolver, CancellationToken cancellationToken) => new TaskCompletionSource<IReadOnlyList<string>>().Task;
    }
}
