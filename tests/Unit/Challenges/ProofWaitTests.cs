using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class ProofWaitTests : IDisposable
{
    private readonly TestStore _test = new();
    private readonly FakeProbe _probe = new();
    private readonly CollectingReporter _reporter = new();
    private readonly FakeWitness _witness;
    private readonly DateTimeOffset _start;

    public ProofWaitTests()
    {
        Clock.SkipsDelays = true;
        _start = Clock.UtcNow;
        _witness = new FakeWitness(Clock);
        _witness.AddZone("contoso.test", "ns1.contoso.test", "ns2.contoso.test", "ns3.contoso.test");
    }

    private FakeClock Clock => _test.Clock;

    private TimeSpan Took => Clock.UtcNow - _start;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    [InlineData(0.8)]
    [InlineData(1.7)]
    [InlineData(7.35)]
    [InlineData(42.9)]
    [InlineData(118.99)]
    public async Task The_wait_ends_within_a_second_of_the_last_server(double seconds)
    {
        TimeSpan last = TimeSpan.FromSeconds(seconds);
        _witness.ArrivesAfter = (server, _) => server == "ns2.contoso.test" ? last : TimeSpan.FromSeconds(seconds / 2);

        await WaitAsync(Proof("www"), Proof("mail"), Proof("ftp"));

        Assert.InRange(Took, last, last + TimeSpan.FromSeconds(1));
        Assert.All(Clock.Delays, d => Assert.True(d <= TimeSpan.FromSeconds(1), d.ToString()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(31.4)]
    [InlineData(90)]
    public async Task So_it_does_whatever_the_zone_took_last_time(double seconds)
    {
        Remember("contoso.test", 60);
        _witness.ArrivesAfter = (_, _) => TimeSpan.FromSeconds(seconds);

        await WaitAsync(Proof("www"), Proof("mail"));

        Assert.InRange(Took, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds + 1));
    }

    [Fact]
    public async Task Until_shortly_before_the_time_of_last_time_one_server_is_asked()
    {
        Remember("contoso.test", 60);
        _witness.ArrivesAfter = (server, _) => TimeSpan.FromSeconds(server == "ns1.contoso.test" ? 90 : 58);

        await WaitAsync(Proof("www"));

        TimeSpan first = _witness.Asked.First(a => a.Server != "ns1.contoso.test").At;
        Assert.InRange(first, TimeSpan.FromSeconds(54), TimeSpan.FromSeconds(55));
        Assert.InRange(_witness.Asked.Count(a => a.At < first), 50, 60);
    }

    [Fact]
    public async Task What_a_server_has_shown_is_not_asked_again()
    {
        _witness.ArrivesAfter = (server, name) => TimeSpan.FromSeconds(server == "ns1.contoso.test" && name.Contains("mail", StringComparison.Ordinal) ? 20 : 0);

        await WaitAsync(Proof("www"), Proof("mail"));

        Assert.All(
            _witness.Asked.GroupBy(a => (a.Server, a.Name)).Where(g => g.Key != ("ns1.contoso.test", "_acme-challenge.mail.contoso.test")),
            g => Assert.Single(g));
    }

    [Fact]
    public async Task What_a_zone_took_is_remembered()
    {
        _witness.AddZone("fabrikam.test", "ns.fabrikam.test");
        _witness.ArrivesAfter = (server, _) => TimeSpan.FromSeconds(server == "ns.fabrikam.test" ? 5 : 40);

        await WaitAsync(Proof("www"), Proof("www.fabrikam.test"));

        Assert.InRange(Recall("fabrikam.test"), 5, 6);
        Assert.InRange(Recall("contoso.test"), 40, 41);
    }

    [Fact]
    public async Task Nothing_is_learned_from_a_wait_that_failed()
    {
        Remember("contoso.test", 7);
        _witness.ArrivesAfter = (_, _) => null;

        await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(Proof("www")));

        Assert.Equal(7, Recall("contoso.test"));
    }

    [Fact]
    public async Task A_floor_is_kept_and_nobody_is_asked_before()
    {
        await WaitAsync(Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromMinutes(2), Minimum = TimeSpan.FromSeconds(30) }));

        Assert.Equal(TimeSpan.FromSeconds(30), Took);
        Assert.All(_witness.Asked, a => Assert.Equal(TimeSpan.FromSeconds(30), a.At));
    }

    [Fact]
    public async Task Switched_off_nobody_is_asked_and_the_floor_is_slept()
    {
        _witness.ArrivesAfter = (_, _) => null;

        await WaitAsync(Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromMinutes(2), Resolver = "none" }));
        Assert.Equal(TimeSpan.Zero, Took);

        await WaitAsync(Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromMinutes(2), Resolver = "None", Minimum = TimeSpan.FromSeconds(45) }));
        Assert.Equal(TimeSpan.FromSeconds(45), Took);
        Assert.Empty(_witness.Asked);
        Assert.Equal(0, _witness.Finds);
    }

    [Fact]
    public async Task The_ceiling_of_each_proof_is_its_own()
    {
        _witness.ArrivesAfter = (_, name) => name.Contains("slow", StringComparison.Ordinal) ? null : TimeSpan.FromSeconds(50);

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(
            Proof("slow", new ProofWaitOptions { Maximum = TimeSpan.FromSeconds(60) }), Proof("fast", new ProofWaitOptions { Maximum = TimeSpan.FromSeconds(600) })));

        Assert.Equal(TimeSpan.FromSeconds(60), Took);
        Assert.Contains("cannot be seen after 00:01:00", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fast", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_resolvers_are_asked_once_the_servers_have_it_and_have_to_see_it_too()
    {
        _witness.ArrivesAfter = (_, _) => TimeSpan.FromSeconds(10);
        AwaitedProof proof = Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromMinutes(2), AlsoVisibleAt = ["192.0.2.53", "192.0.2.54"] });
        int looks = 0;
        TimeSpan firstAsked = default;

        await Wait().RunAsync(Context(), [proof], Keep, CancellationToken.None);

        Assert.InRange(firstAsked, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
        Assert.InRange(Took, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(32));

        void Keep()
        {
            looks++;
            firstAsked = firstAsked == default && _probe.Asked.Count > 0 ? Took : firstAsked;
            if (looks == 25)
            {
                _probe.Publish(proof.Challenge);
            }
        }
    }

    [Fact]
    public async Task A_resolver_that_does_not_see_it_is_named_when_the_time_is_up()
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(
            Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromSeconds(20), AlsoVisibleAt = ["192.0.2.53"] })));

        Assert.Contains("The servers of the zone have it, 192.0.2.53 does not", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resolver_of_ones_own_is_asked_in_the_place_of_the_servers()
    {
        AwaitedProof proof = Proof("www", new ProofWaitOptions { Maximum = TimeSpan.FromMinutes(1), Resolver = "192.0.2.53" });
        _probe.Publish(proof.Challenge);

        await WaitAsync(proof);

        Assert.Empty(_witness.Asked);
        Assert.Equal("_acme-challenge.www.contoso.test", Assert.Single(_probe.Asked));
    }

    [Fact]
    public async Task Servers_that_cannot_say_anything_are_passed_over_with_a_warning()
    {
        _witness.Says = (server, _) => server switch
        {
            "ns1.contoso.test" => (DnsAnswerKind.Lame, "answered REFUSED"),
            "ns2.contoso.test" => (DnsAnswerKind.Silent, "gave no answer"),
            _ => null,
        };
        _witness.ArrivesAfter = (_, _) => TimeSpan.FromSeconds(3);

        await WaitAsync(Proof("www"), Proof("mail"));

        Assert.InRange(Took, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
        Assert.Equal(2, _reporter.Warnings.Count);
        Assert.Contains("ns1.contoso.test (127.0.0.1), a server of the zone contoso.test, answered REFUSED", _reporter.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_slow_holds_up_nobody_but_itself()
    {
        TaskCompletionSource<bool> answer = new();
        _witness.Delay = server => server == "ns2.contoso.test" ? answer.Task : Task.CompletedTask;
        _witness.Says = (server, _) => server == "ns2.contoso.test" ? (DnsAnswerKind.Silent, "gave no answer") : null;
        _witness.ArrivesAfter = (_, _) => TimeSpan.FromSeconds(5);
        int looks = 0;

        await Wait().RunAsync(Context(), [Proof("www"), Proof("mail")], Keep, CancellationToken.None);

        // It is known for silent after 10 looks; then the others, asked all the while, are enough.
        Assert.InRange(looks, 10, 12);
        Assert.Contains(_witness.Asked, a => a.Server == "ns1.contoso.test" && a.At >= TimeSpan.FromSeconds(5));
        Assert.Single(_witness.Asked, a => a.Server == "ns2.contoso.test");

        void Keep()
        {
            if (++looks == 10)
            {
                answer.SetResult(true);
            }
        }
    }

    [Fact]
    public async Task A_server_that_fails_is_waited_for()
    {
        _witness.Says = (server, _) => server == "ns3.contoso.test" && Took < TimeSpan.FromSeconds(12) ? (DnsAnswerKind.Failed, "answered SERVFAIL") : null;

        await WaitAsync(Proof("www"));

        Assert.InRange(Took, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(13));
    }

    [Fact]
    public async Task Where_no_server_says_anything_the_resolver_of_the_machine_does()
    {
        _witness.Says = (_, _) => (DnsAnswerKind.Silent, "gave no answer");
        AwaitedProof proof = Proof("www");
        _probe.Publish(proof.Challenge);

        await WaitAsync(proof);

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(Proof("mail")));
        Assert.Contains("There is no TXT record at _acme-challenge.mail.contoso.test. No server of the zone contoso.test could be asked: ns1.contoso.test", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_in_no_zone_is_asked_of_the_resolver()
    {
        AwaitedProof proof = Proof("www.nowhere.example");
        _probe.Publish(proof.Challenge);

        await WaitAsync(proof);
    }

    [Fact]
    public async Task An_alias_that_ends_or_begins_meanwhile_is_noticed()
    {
        // A wildcard's alias ends when the record is there; another alias is made by hand while we wait.
        _witness.AddZone("cdn.test", "ns.cdn.test");
        _witness.ArrivesAfter = (server, _) => server == "ns.cdn.test" ? null : TimeSpan.FromSeconds(8);
        _witness.AliasOf = name => name == "_acme-challenge.www.contoso.test" && Took < TimeSpan.FromSeconds(8) ? "edge.cdn.test" : null;

        await WaitAsync(Proof("www"));

        Assert.InRange(Took, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(14));
    }

    [Fact]
    public async Task Each_server_is_listed_with_what_it_said()
    {
        _witness.ArrivesAfter = (server, _) => server == "ns1.contoso.test" ? TimeSpan.Zero : null;
        _witness.Says = (server, _) => server == "ns3.contoso.test" ? (DnsAnswerKind.Failed, "answered SERVFAIL") : null;

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => WaitAsync(Proof("www")));

        Assert.Equal(ErrorIds.ChallengeNotVisible, error.ErrorId);
        Assert.Contains(
            "_acme-challenge.www.contoso.test (Dns01 for www.contoso.test): Of _acme-challenge.www.contoso.test in the zone contoso.test say its servers: "
            + "ns2.contoso.test (127.0.0.1) has no TXT record; ns3.contoso.test (127.0.0.1) answered SERVFAIL; the other one has it.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_names_in_twenty_zones_are_no_flood()
    {
        List<AwaitedProof> proofs = [];
        for (int zone = 0; zone < 20; zone++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"zone{zone}.test");
            _witness.AddZone(name, [.. Enumerable.Range(1, 4).Select(i => $"ns{i}.{name}")]);
            proofs.AddRange(Enumerable.Range(0, 5).Select(i => Proof($"host{i}.{name}")));
        }

        _witness.ArrivesAfter = (server, name) => TimeSpan.FromSeconds(10 + (server[2] - '0'));

        await WaitAsync([.. proofs]);

        Assert.InRange(Took, TimeSpan.FromSeconds(14), TimeSpan.FromSeconds(15));

        // While nothing is there each server of a zone hears one question a look; then each name is asked once.
        Assert.InRange(_witness.Asked.Count, 400, 400 + (20 * 4 * 17));
        Assert.InRange(_witness.Asked.GroupBy(a => (a.Server, Second: (int)a.At.TotalSeconds)).Max(g => g.Count()), 1, 8);
    }

    [Fact]
    public async Task No_more_than_64_questions_are_on_the_way_at_once()
    {
        List<AwaitedProof> proofs = [];
        for (int zone = 0; zone < 20; zone++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"zone{zone}.test");
            _witness.AddZone(name, [.. Enumerable.Range(1, 5).Select(i => $"ns{i}.{name}")]);
            proofs.Add(Proof($"www.{name}"));
        }

        Clock.SkipsDelays = false;
        TaskCompletionSource<bool> hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _witness.Delay = _ => hold.Task;
        Task waiting = WaitAsync([.. proofs]);
        Assert.Equal(64, _witness.Asked.Count);
        hold.SetResult(true);
        await waiting;

        Assert.Equal((100, 64), (_witness.Asked.Count, _witness.MostAtOnce));
    }

    [Fact]
    public void Options_come_from_the_settings_of_an_account()
    {
        SolverContext context = Context();
        Dictionary<string, string> settings = new() { [DnsSettings.PropagationMinimum] = "30", [DnsSettings.AlsoVisibleAt] = "192.0.2.1, [2001:db8::1]:53", [DnsSettings.Resolver] = "192.0.2.9" };

        ProofWaitOptions options = ProofWaitOptions.Of(context, settings, 300, TimeSpan.FromMinutes(5));
        Assert.Equal((TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(30), "192.0.2.9"), (options.Maximum, options.Minimum, options.Resolver));
        Assert.Equal(["192.0.2.1", "[2001:db8::1]:53"], options.AlsoVisibleAt);

        settings[DnsSettings.PropagationMaximum] = "20";
        Assert.Equal(TimeSpan.FromSeconds(31), ProofWaitOptions.Of(context, settings, 300, TimeSpan.FromMinutes(5)).Maximum);
        Assert.Equal("None", ProofWaitOptions.Of(context with { Resolver = "None" }, settings, null, TimeSpan.FromMinutes(5)).Resolver);
        Assert.Equal(TimeSpan.FromMinutes(5), ProofWaitOptions.Of(context, new Dictionary<string, string>(), null, TimeSpan.FromMinutes(5)).Maximum);
        Assert.Equal(TimeSpan.FromMinutes(10), ProofWaitOptions.Of(context, new Dictionary<string, string>(), 600, TimeSpan.FromMinutes(5)).Maximum);
        Assert.Equal(TimeSpan.FromMinutes(30), ProofWaitOptions.Of(context, new Dictionary<string, string>(), 120, TimeSpan.FromMinutes(30)).Maximum);
    }

    private AwaitedProof Proof(string host, ProofWaitOptions? options = null) =>
        new(SomeChallenge.Dns(host.IndexOf('.') >= 0 ? host : host + ".contoso.test", host), options ?? Usual);

    private static ProofWaitOptions Usual { get; } = new() { Maximum = TimeSpan.FromMinutes(2) };

    private SolverContext Context() => SomeChallenge.Context(SomeChallenge.Order(), _reporter);

    private ProofWait Wait() => new(_probe, _witness, _test.Store, Clock);

    private Task WaitAsync(params AwaitedProof[] proofs) => Wait().RunAsync(Context(), proofs, () => { }, CancellationToken.None);

    private void Remember(string zone, double seconds) => _test.Store.Write(s =>
    {
        s.Propagation.Put(zone, TimeSpan.FromSeconds(seconds), Clock.UtcNow);
        return true;
    });

    private double Recall(string zone) => _test.Store.Read(s => s.Propagation.Find(zone))!.Value.TotalSeconds;
}
