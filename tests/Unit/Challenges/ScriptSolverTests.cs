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

public sealed class ScriptSolverTests
{
    private readonly FakeClock _clock = new() { SkipsDelays = true };
    private readonly FakeProbe _probe = new();
    private readonly CollectingRunner _runner = new();
    private readonly ScriptSolver _solver;

    public ScriptSolverTests() => _solver = new ScriptSolver(new ProofWait(_probe, witness: null, store: null, _clock));

    [Fact]
    public async Task The_script_is_told_everything_by_name()
    {
        await PresentAsync(SomeChallenge.Dns("*.contoso.test", "value"));
        await _solver.CleanUpAsync(Context(), SomeChallenge.Http("token"), CancellationToken.None);

        Assert.Equal(["/scripts/dns.ps1", "/scripts/dns.ps1"], _runner.Calls.Select(c => c.Path));
        Assert.Equal(
            "Action=Add DomainName=contoso.test Location=_acme-challenge.contoso.test OrderId=order Token= Type=Dns01 Value=value",
            Parameters(0));
        Assert.Equal(
            "Action=Remove DomainName=www.contoso.test Location=http://www.contoso.test/.well-known/acme-challenge/token OrderId=order Token=token Type=Http01 Value=token.thumbprint",
            Parameters(1));
    }

    [Fact]
    public async Task One_script_runs_at_a_time()
    {
        _runner.Hold = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task[] all = [.. Enumerable.Range(0, 5).Select(i => PresentAsync(SomeChallenge.Dns(value: $"v{i}")))];

        Assert.Single(_runner.Calls);
        _runner.Hold.SetResult(true);
        await Task.WhenAll(all);

        Assert.Equal(5, _runner.Calls.Count);
        Assert.Equal(1, _runner.MostAtOnce);
    }

    [Fact]
    public async Task A_waiting_script_can_be_cancelled()
    {
        using CancellationTokenSource stop = new();
        _runner.Hold = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task first = PresentAsync(SomeChallenge.Dns());
        Task second = _solver.PresentAsync(Context(), SomeChallenge.Dns(value: "two"), stop.Token);

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        _runner.Hold.SetResult(true);
        await first;
        Assert.Single(_runner.Calls);
    }

    [Fact]
    public async Task What_the_script_throws_goes_to_the_caller_and_the_next_one_runs()
    {
        _runner.Problem = new ChallengeException(ErrorIds.ScriptFailed, "no");
        Assert.Same(_runner.Problem, await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(SomeChallenge.Dns())));

        _runner.Problem = null;
        await PresentAsync(SomeChallenge.Dns());
        Assert.Equal(2, _runner.Calls.Count);
    }

    [Fact]
    public async Task Without_PowerShell_the_script_is_named()
    {
        SolverContext context = Context() with { Scripts = null };

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => _solver.PresentAsync(context, SomeChallenge.Dns(), CancellationToken.None));

        Assert.Equal(ErrorIds.ScriptFailed, error.ErrorId);
        Assert.Contains("/scripts/dns.ps1", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        await Assert.ThrowsAsync<ChallengeException>(() => _solver.CleanUpAsync(context, SomeChallenge.Dns(), CancellationToken.None));
    }

    [Fact]
    public async Task A_standing_record_is_not_taken_away()
    {
        await _solver.CleanUpAsync(Context(), SomeChallenge.Dns(type: ChallengeType.DnsPersist01), CancellationToken.None);

        Assert.Empty(_runner.Calls);
    }

    [Theory]
    [InlineData(ChallengeType.Dns01)]
    [InlineData(ChallengeType.DnsAccount01)]
    [InlineData(ChallengeType.DnsPersist01)]
    public async Task Records_are_waited_for_and_files_are_not(ChallengeType type)
    {
        Challenge record = SomeChallenge.Dns(type: type);
        int looks = 0;

        await _solver.WaitUntilVisibleAsync(Context(), [record, SomeChallenge.Http(), SomeChallenge.Tls()], TimeSpan.FromMinutes(5), Keep, CancellationToken.None);

        Assert.Equal(3, looks);
        Assert.All(_probe.Asked, asked => Assert.Equal(record.Location, asked));

        void Keep()
        {
            if (++looks == 3)
            {
                _probe.Publish(record);
            }
        }
    }

    [Fact]
    public void Any_challenge_of_an_order_with_a_script_is_solved()
    {
        Assert.True(_solver.CanSolve(Context().Order, SomeChallenge.Tls()));
        Assert.True(_solver.CanSolve(Context().Order, SomeChallenge.Dns()));
        Assert.False(_solver.CanSolve(SomeChallenge.Order(), SomeChallenge.Dns()));
    }

    private string Parameters(int call) => string.Join(" ", _runner.Calls[call].Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));

    private Task PresentAsync(Challenge challenge) => _solver.PresentAsync(Context(), challenge, CancellationToken.None);

    private SolverContext Context() => SomeChallenge.Context(SomeChallenge.Order() with { ChallengeScript = "/scripts/dns.ps1" }, scripts: _runner);

    private sealed class CollectingRunner : IScriptRunner
    {
        public Task<IReadOnlyList<string>> AskTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        public object? FindSession(string computerName) => throw new NotSupportedException();

        public Task RunTextAsync(string name, string text, IReadOnlyDictionary<string, object> parameters, CancellationToken cancellationToken) => throw new NotSupportedException();

        private int _running;

        public List<(string Path, IReadOnlyDictionary<string, string> Parameters)> Calls { get; } = [];

        public TaskCompletionSource<bool>? Hold { get; set; }

        public Exception? Problem { get; set; }

        public int MostAtOnce { get; private set; }

        public async Task RunAsync(string path, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _running));
            Calls.Add((path, parameters));
            await (Hold?.Task ?? Task.CompletedTask);
            Interlocked.Decrement(ref _running);
            if (Problem is not null)
            {
                throw Problem;
            }
        }
    }
}
