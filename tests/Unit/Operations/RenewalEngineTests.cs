using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Providers.Revocation;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RenewalEngineTests : OperationTests
{
    [Fact]
    public async Task Nothing_is_done_before_its_time_and_then_it_is_renewed_once()
    {
        Certificate first = await CertificateAsync("www.test");

        Assert.Empty(await SweepAsync());
        Bench.Clock.Advance(TimeSpan.FromDays(58));
        Assert.Empty(await SweepAsync());
        Bench.Clock.Advance(TimeSpan.FromDays(4));
        RenewalResult result = Assert.Single(await SweepAsync());

        Assert.Equal((RenewalOutcome.Renewed, first.Id), (result.Outcome, result.CertificateId));
        Assert.Contains("a third of its life is left", result.Reason, StringComparison.Ordinal);
        Assert.Equal((2, result.NewCertificateId), (Bench.Listed().Single().Version, Bench.Listed().Single().Id));
        Assert.True(WasAudited("CertificateRenewed", result.NewCertificateId!));
        Assert.Empty(await SweepAsync());
    }

    [Fact]
    public async Task A_failure_is_remembered_and_tried_again_after_1_10_and_100_minutes_and_then_daily()
    {
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        Bench.Plain.Before = what => Break(what == "Place", new AuthorityException("KmAuthorityRejected", "not today"));
        List<double> waits = [];
        for (int attempt = 1; attempt <= 5; attempt++)
        {
            RenewalResult failed = Assert.Single(await SweepAsync());
            Assert.Equal((RenewalOutcome.Failed, attempt, "KmAuthorityRejected"), (failed.Outcome, failed.Attempts, failed.ErrorId));
            waits.Add((failed.NextAttempt!.Value - Bench.Clock.UtcNow).TotalMinutes);
            Assert.Empty(await SweepAsync()); // not before
            Assert.Contains("attempts failed", Plan().Reason, StringComparison.Ordinal);
            Bench.Clock.Advance(failed.NextAttempt.Value - Bench.Clock.UtcNow);
        }

        Assert.Equal([1, 10, 100, 1440, 1440], waits);
        Bench.Plain.Before = null;
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
        Assert.Equal(0, State().Attempts);
    }

    [Fact]
    public async Task The_back_off_of_a_short_life_is_never_longer_than_a_twentieth_of_it()
    {
        Bench.Plain.Certificate = order => Bench.Plain.Issue(order.Csr!, TimeSpan.FromDays(6));
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(3.6));
        Bench.Plain.Before = what => Break(what == "Place", new AuthorityException("KmAuthorityRejected", "no"));
        double longest = 0;
        for (int attempt = 0; attempt < 6; attempt++)
        {
            RenewalResult failed = Assert.Single(await SweepAsync());
            longest = (failed.NextAttempt!.Value - Bench.Clock.UtcNow).TotalHours;
            Bench.Clock.Advance(failed.NextAttempt.Value - Bench.Clock.UtcNow);
        }

        Assert.InRange(longest, 7, 7.3);
    }

    [Fact]
    public async Task One_that_fails_does_not_stop_the_others()
    {
        foreach (string name in new[] { "a.test", "b.test", "c.test" })
        {
            await CertificateAsync(name);
        }

        Bench.Clock.Advance(TimeSpan.FromDays(62));
        Bench.Plain.PlaceAnswer = order => order.Name == "b.test" ? throw new AuthorityException("KmAuthorityRejected", "not b") : ScriptedAuthority.Answer(order, OrderStatus.Processing, "ready");
        IReadOnlyList<RenewalResult> results = await SweepAsync();

        Assert.Equal(["a.test Renewed", "b.test Failed", "c.test Renewed"], results.Select(r => $"{r.Name} {r.Outcome}").Order());
        AuditEvent line = Bench.Audit().First(a => a.Action == "RenewalSweep");
        Assert.False(line.Succeeded);
        Assert.StartsWith("2 renewed, 0 deployed, 1 failed", line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_authority_asks_for_is_kept_to_for_these_names_and_after_a_second_set_for_the_account()
    {
        foreach (string name in new[] { "a.test", "b.test", "c.test" })
        {
            await CertificateAsync(name);
        }

        Bench.Clock.Advance(TimeSpan.FromDays(62));
        DateTimeOffset until = Bench.Clock.UtcNow.AddHours(5);
        Bench.Plain.Before = what => Break(what == "Place", new RateLimitException("KmRateLimited", "too many") { RetryAfter = until });
        IReadOnlyList<RenewalResult> results = await SweepAsync(throttle: 1);

        Assert.Equal(["Failed", "Failed", "Waiting"], results.Select(r => r.Outcome.ToString()));
        Assert.All(results, r => Assert.Equal(until, r.NextAttempt));
        Assert.Contains("blocked until", results[2].Reason, StringComparison.Ordinal);
        Bench.Clock.Advance(TimeSpan.FromHours(4));
        Bench.Plain.Before = null;
        Assert.All(await SweepAsync(), r => Assert.Equal(RenewalOutcome.Waiting, r.Outcome));
        Bench.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(3, (await SweepAsync()).Count(r => r.Outcome == RenewalOutcome.Renewed));
    }

    [Fact]
    public async Task An_authority_that_is_out_of_reach_is_not_waited_for_again_by_each_of_its_certificates()
    {
        foreach (int i in Enumerable.Range(1, 5))
        {
            await CertificateAsync($"a{i}.test");
        }

        Bench.Clock.Advance(TimeSpan.FromDays(62));
        int tried = 0;
        Bench.Plain.Before = what => Break(what == "Place" && ++tried > 0, new TransportException("KmAuthorityUnreachable", "gone") { WasNeverSent = true });
        IReadOnlyList<RenewalResult> results = await SweepAsync(throttle: 1);
        Assert.Equal((1, 1, 4), (tried, results.Count(r => r.Outcome == RenewalOutcome.Failed), results.Count(r => r.Outcome == RenewalOutcome.Waiting)));
    }

    [Fact]
    public async Task One_that_was_revoked_is_renewed_by_the_next_sweep()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        Assert.Empty(await SweepAsync());
        await Bench.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, null, Bench.Reporter, CancellationToken.None);

        RenewalResult result = Assert.Single(await SweepAsync());
        Assert.Equal(RenewalOutcome.Renewed, result.Outcome);
        Assert.Contains("revoked", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_its_authority_has_revoked_is_found_by_the_list_that_it_names_and_renewed()
    {
        byte[] list = [];
        int asked = 0;
        using LoopbackHttpServer server = new(_ =>
        {
            asked++;
            return new HttpAnswer(200).WithBody(list);
        });
        Bench.Revocation = new CrlCheck(Bench.Clock);
        await Bench.AddAccountAsync("private", ("CrlUrl", $"http://{server.Authority}/lists/"));
        Certificate[] certificates = [await Bench.GetCertificateAsync("a.test"), await Bench.GetCertificateAsync("b.test")];
        string file = System.IO.Directory.GetFiles(Bench.CrlFolder, "*.crl", System.IO.SearchOption.AllDirectories).OrderBy(f => f).Last();
        list = System.IO.File.ReadAllBytes(file);
        Assert.Empty(await SweepAsync());
        Assert.Equal(1, asked); // one list for both

        // Revoked at the authority, as by somebody else: here it is still valid.
        await Bench.Services.RevokeCertificate.RunAsync(certificates[0].Id, RevocationReason.KeyCompromise, null, Bench.Reporter, CancellationToken.None);
        Bench.Store.Write(s => s.Certificates.Update(certificates[0]));
        list = System.IO.File.ReadAllBytes(file);
        await SweepAsync();
        Bench.Clock.Advance(TimeSpan.FromDays(1.1));
        RenewalResult result = Assert.Single(await SweepAsync());

        Assert.Equal(("a.test", RenewalOutcome.Renewed), (result.Name, result.Outcome));
        Assert.True(WasAudited("RevocationFound", certificates[0].Id));
        Assert.Equal(RevocationReason.KeyCompromise, Bench.Certificate(certificates[0].Id).RevocationReason);
        Assert.NotEqual(Bench.Certificate(certificates[0].Id).PrivateKeyId, Bench.Certificate(result.NewCertificateId!).PrivateKeyId);

        list = [1, 2, 3];
        Bench.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await SweepAsync());
    }

    [Fact]
    public async Task A_policy_says_when_and_with_which_key_and_may_switch_it_off()
    {
        await CertificateAsync("www.test");
        Assert.Empty(await SweepAsync());
        Set("web", p => p with { CertificateNames = ["www.*"], DaysBeforeExpiry = 50, KeyAlgorithm = KeyAlgorithm.Rsa, KeyLength = 2048 });
        Bench.Clock.Advance(TimeSpan.FromDays(42));
        Bench.Services.RenewalPolicies.SetEnabled(Bench.Services.RenewalPolicies.Resolve("web").Id, enabled: false);
        Assert.Empty(await SweepAsync());
        Assert.Contains("switched off", Plan().Reason, StringComparison.Ordinal);
        Bench.Services.RenewalPolicies.SetEnabled(Bench.Services.RenewalPolicies.Resolve("web").Id, enabled: true);

        RenewalResult result = Assert.Single(await SweepAsync());
        Assert.Equal("RSA 2048", Bench.Certificate(result.NewCertificateId!).KeyDescription);
        Assert.Contains("policy web", result.Reason, StringComparison.Ordinal);
        Assert.Empty(await SweepAsync());
    }

    [Fact]
    public async Task The_policy_that_says_most_about_a_certificate_counts()
    {
        Certificate certificate = await CertificateAsync("www.test");
        List<RenewalPolicy> policies = [Set("all", p => p), Set("names", p => p with { DomainNames = ["*.test"] }), Set("entries", p => p with { CertificateNames = ["w*"] }), Set("it", p => p with { LineageIds = [certificate.LineageId] })];
        foreach (string expected in new[] { "it", "entries", "names", "all" })
        {
            Assert.Equal(expected, Plan().Policy);
            Bench.Services.RenewalPolicies.Remove(expected);
        }

        Assert.Null(Plan().Policy);
        Bench.Services.Settings.Set(StoreSettings.RenewalNeedsPolicy, "True");
        Assert.Equal(RenewalStatus.SwitchedOff, Plan().Status);
        Assert.Equal(4, policies.Count);
    }

    [Fact]
    public async Task An_order_says_when_and_whether_and_only_a_policy_for_just_its_certificate_goes_before()
    {
        Bench.AddScripted(Bench.Plain, "first");
        Certificate soon = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("soon.test"), Account = "first", DaysBeforeExpiry = 50 });
        Certificate never = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("never.test"), Account = "first", AutoRenew = false });
        await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("always.test"), Account = "first", AutoRenew = true });
        Set("all", p => p with { CertificateNames = ["*.test"], DaysBeforeExpiry = 10 });
        Bench.Clock.Advance(TimeSpan.FromDays(42));
        RenewalResult result = Assert.Single(await SweepAsync());
        Assert.Equal("soon.test", result.Name);
        Assert.Contains("its order asks for it", result.Reason, StringComparison.Ordinal);
        Assert.Equal(50, Bench.Order(result.OrderId!).DaysBeforeExpiry); // the next one keeps to it
        Assert.Contains("-AutoRenew:$false", Plan("never.test").Reason, StringComparison.Ordinal);

        Set("just it", p => p with { LineageIds = [never.LineageId, soon.LineageId], DaysBeforeExpiry = 60 });
        Assert.Contains("policy just it asks for it", Assert.Single(await SweepAsync()).Reason, StringComparison.Ordinal);

        foreach (RenewalPolicy policy in Bench.Services.RenewalPolicies.List())
        {
            Bench.Services.RenewalPolicies.Remove(policy.Id);
        }

        Bench.Services.Settings.Set(StoreSettings.RenewalNeedsPolicy, "True");
        Bench.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Equal("always.test", Assert.Single(await SweepAsync()).Name);
    }

    [Fact]
    public void A_policy_that_cannot_be_is_refused()
    {
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "both", () => Set("x", p => p with { DaysBeforeExpiry = 3, LifeLeft = 0.3 }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "0", () => Set("x", p => p with { DaysBeforeExpiry = 0 }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "0.9", () => Set("x", p => p with { LifeLeft = 0.9 }));
        Refuses<InvalidRequestException>(ErrorIds.InvalidKeySpec, "1024", () => Set("x", p => p with { KeyAlgorithm = KeyAlgorithm.Rsa, KeyLength = 1024 }));
        Refuses<NotFoundException>(ErrorIds.DnsAccountNotFound, "gone", () => Set("x", p => p with { DnsAccount = "gone" }));
        Refuses<NotFoundException>(ErrorIds.AccountNotFound, "gone", () => Set("x", p => p with { FallbackAccount = "gone" }));
        Fails<NotFoundException>(ErrorIds.RenewalPolicyNotFound, "gone", () => Bench.Services.RenewalPolicies.Remove("gone"));
    }

    [Fact]
    public void A_policy_that_selects_nothing_or_everything_says_so()
    {
        Set("none", p => p with { CertificateNames = ["nothing*"] });
        Assert.Contains("selects no certificate", Bench.Reporter.Warnings.Single(), StringComparison.Ordinal);
        Set("all", p => p);
        Assert.Contains("counts for all", Bench.Reporter.Warnings.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_imported_is_left_alone_with_the_reason()
    {
        Certificate certificate = Some.Certificate();
        Bench.Store.Write(s => s.Certificates.Add(certificate with { Origin = OrderOrigin.Imported }, []));
        Bench.Clock.Advance(TimeSpan.FromDays(89));
        Assert.Empty(await SweepAsync());
        Assert.Equal(RenewalStatus.NotRenewable, Plan().Status);
        Assert.Contains("imported", Plan().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_that_fails_is_tried_again_without_a_new_order()
    {
        Bench.UseTargets();
        string folder = Bench.AddTarget("web01", "www.test");
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        RenewalResult first = Assert.Single(await SweepAsync());
        int placed = Bench.Plain.Placed.Count;
        Assert.Equal(RenewalOutcome.DeploymentFailed, first.Outcome);
        Assert.Contains("web01: ", first.Reason, StringComparison.Ordinal);
        Assert.Equal(DeploymentStatus.Failed, Assert.Single(first.Deployments).Status);
        Assert.Empty(await SweepAsync());

        Directory.CreateDirectory(folder);
        Bench.Clock.Advance(TimeSpan.FromMinutes(2));
        RenewalResult second = Assert.Single(await SweepAsync());
        Assert.Equal((RenewalOutcome.Deployed, placed), (second.Outcome, Bench.Plain.Placed.Count));
        Assert.Equal((DeploymentStatus.DeployedUnverified, first.NewCertificateId), (Assert.Single(second.Deployments).Status, second.Deployments[0].CertificateId));
        Assert.True(File.Exists(Path.Combine(folder, "www.test.key")));
        Assert.Empty(await SweepAsync());
    }

    [Fact]
    public async Task After_three_failures_the_second_authority_takes_over_when_it_can()
    {
        Bench.AddScripted(Bench.Able, "second");
        await CertificateAsync("www.test");
        Set("web", p => p with { CertificateNames = ["*"], FallbackAccount = "second" });
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        Bench.Plain.Before = what => Break(what == "Place", new AuthorityException("KmAuthorityRejected", "no"));
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            RenewalResult failed = Assert.Single(await SweepAsync());
            Bench.Clock.Advance(failed.NextAttempt!.Value - Bench.Clock.UtcNow);
        }

        RenewalResult result = Assert.Single(await SweepAsync());
        Assert.Equal((RenewalOutcome.Renewed, "second"), (result.Outcome, result.Account));
        Assert.Equal("Able", Bench.Listed().Single().Authority);
    }

    [Fact]
    public async Task After_three_failures_the_staging_system_is_tried_first_and_the_real_one_left_alone_when_that_fails()
    {
        AuthorityAccount real = Bench.AddScripted(Bench.Plain);
        AuthorityAccount staging = Some.Account("staging") with { Authority = real.Authority, Environment = AuthorityEnvironment.Staging };
        Bench.Store.Write(s => s.Accounts.Add(staging));
        await Bench.GetCertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        List<string> asked = [];
        Bench.Plain.PlaceAnswer = order =>
        {
            asked.Add(order.Account);
            throw new AuthorityException("KmAuthorityRejected", "no");
        };
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            RenewalResult failed = Assert.Single(await SweepAsync());
            Bench.Clock.Advance(failed.NextAttempt!.Value - Bench.Clock.UtcNow);
        }

        Assert.Equal([real.Name, real.Name, real.Name, "staging"], asked);
        Bench.Plain.PlaceAnswer = null;
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
        Assert.Equal("www.test", Bench.Listed().Single().Name);
        Assert.Equal(5, Count("private_keys")); // two versions and three orders that were refused; none of a rehearsal
        Assert.DoesNotContain(Bench.Orders(), o => o.Account == "staging");
    }

    [Fact]
    public async Task Two_processes_that_sweep_at_the_same_time_renew_each_certificate_once()
    {
        foreach (int i in Enumerable.Range(1, 20))
        {
            await CertificateAsync($"a{i}.test");
        }

        Bench.Clock.Advance(TimeSpan.FromDays(62));
        IReadOnlyList<RenewalResult>[] results = await Task.WhenAll(Bench.SweepAsync(Bench.Services), Bench.SweepAsync(Bench.AnotherProcess()));
        Assert.Equal(20, results.Sum(r => r.Count(x => x.Outcome == RenewalOutcome.Renewed)));
        Assert.All(results.SelectMany(r => r), r => Assert.True(r.Outcome is RenewalOutcome.Renewed or RenewalOutcome.Skipped, r.ToString()));
        Assert.All(Bench.Listed(), c => Assert.Equal(2, c.Version));
        Assert.Equal(40, Bench.Plain.Placed.Count);
    }

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task A_process_that_dies_at_any_step_of_a_sweep_costs_no_second_order(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using TestBench bench = new();
        bench.AddScripted(bench.Able);
        await bench.GetCertificateAsync("www.test");
        bench.Clock.Advance(TimeSpan.FromDays(62));
        if (!await Crash.AtAsync(bench, step, moment, services => bench.SweepAsync(services)))
        {
            return false;
        }

        for (int i = 0; i < 2; i++)
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(15)); // the leases have run out, and one failed attempt waits for a minute
            await bench.SweepAsync(bench.AnotherProcess());
        }

        Assert.Equal(2, bench.Listed().Single().Version);
        Assert.Equal(2, bench.Able.Placed.Count);
        Assert.All(bench.Able.Placed.Values, times => Assert.Equal(1, times));
        Assert.Null(bench.Store.Read(s => s.Audit.Verify()));
        return true;
    });

    [Fact]
    public async Task Ctrl_C_is_nobodys_failure()
    {
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        using CancellationTokenSource stop = new();
        Bench.Plain.Before = what => Break(what == "Get", new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SweepAsync());
        Assert.Equal(0, State().Attempts);
        Bench.Plain.Before = null;
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
    }

    [Fact]
    public async Task A_clock_that_jumped_by_months_is_not_believed_at_once()
    {
        await CertificateAsync("www.test");
        await SweepAsync();
        Bench.Clock.Advance(TimeSpan.FromDays(365));
        await FailsAsync<ConflictException>(ErrorIds.ClockDoubtful, "2027", () => SweepAsync());
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome); // a laptop that slept for a year
        Bench.Clock.Advance(TimeSpan.FromDays(-365));
        await FailsAsync<ConflictException>(ErrorIds.ClockDoubtful, "Nothing was renewed", () => SweepAsync());
        await FailsAsync<ConflictException>(ErrorIds.ClockDoubtful, "Nothing was renewed", () => SweepAsync());
        Assert.Empty(await SweepAsync(force: true));
        Assert.Empty(await SweepAsync());
    }

    [Fact]
    public void Renewals_of_what_was_ordered_together_are_spread_over_the_day()
    {
        List<DateTimeOffset> due = [.. Enumerable.Range(0, 240).Select(i => RenewalTimes.Usual(Some.Certificate($"a{i}.test")))];
        Assert.Equal(24, due.Select(d => (int)(d - due.Min()).TotalHours).Distinct().Count());
        Assert.InRange((due.Max() - due.Min()).TotalHours, 20, 24);
        Certificate one = Some.Certificate();
        Assert.Equal(RenewalTimes.Usual(one), RenewalTimes.Usual(one with { Name = "x" }));
    }

    [Fact]
    public async Task What_the_authority_is_still_at_is_no_failure_and_goes_on_later()
    {
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        Bench.Plain.PlaceAnswer = order => ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting");
        bool isReady = false;
        Bench.Plain.Before = what =>
        {
            if (what == "Get" && !isReady)
            {
                Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(Bench.Orders()[0], OrderStatus.Processing, "vetting"));
            }
        };
        RenewalResult waiting = Assert.Single(await SweepAsync());
        Assert.Equal((RenewalOutcome.Waiting, ErrorIds.OrderWaitTimeout, false), (waiting.Outcome, waiting.ErrorId, waiting.IsFailure));
        isReady = true;
        Bench.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
        Assert.Equal(2, Bench.Plain.Placed.Count);
    }

    [Fact]
    public async Task An_account_that_is_being_changed_keeps_its_certificates_back_and_fails_none()
    {
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        string lease = "account:" + Bench.Store.Read(s => s.Accounts.FindByName("first"))!.Id;
        Assert.True(Bench.Store.Leases.TryAcquire(lease, "another", TimeSpan.FromMinutes(3)));
        RenewalResult kept = Assert.Single(await SweepAsync());
        Assert.Equal((RenewalOutcome.Skipped, false, 0), (kept.Outcome, kept.IsFailure, State().Attempts));
        Assert.Contains("changes the account first", kept.Reason, StringComparison.Ordinal);
        Bench.Store.Leases.Release(lease, "another");
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
        Assert.Equal(2, Bench.Plain.Placed.Count);
    }

    [Fact]
    public async Task An_account_orders_no_more_in_an_hour_than_it_may_and_the_rest_goes_on_by_itself()
    {
        foreach (string name in new[] { "a.test", "b.test", "c.test", "d.test", "e.test" })
        {
            await CertificateAsync(name);
        }

        AuthorityAccount account = Bench.Store.Read(s => s.Accounts.FindByName("first"))!;
        Bench.Store.Write(s => s.Accounts.Update(account with { Settings = new Dictionary<string, string> { [AccountSettings.RenewalsPerHour] = "2" } }));
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        IReadOnlyList<RenewalResult>[] both = await Task.WhenAll(SweepAsync(), Bench.SweepAsync(Bench.AnotherProcess()));
        List<RenewalResult> results = [.. both.SelectMany(r => r)];
        Assert.Equal(2, results.Count(r => r.Outcome == RenewalOutcome.Renewed));
        Assert.Equal(0, results.Count(r => r.IsFailure));
        Assert.All(results.Where(r => r.Outcome == RenewalOutcome.Waiting), r => Assert.Contains("2 renewals in an hour", r.Reason, StringComparison.Ordinal));
        Bench.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.DoesNotContain(await SweepAsync(), r => r.Outcome == RenewalOutcome.Renewed);
        Bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await SweepAsync()).Count(r => r.Outcome == RenewalOutcome.Renewed));
        Bench.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await SweepAsync()).Count(r => r.Outcome == RenewalOutcome.Renewed));
        Assert.Equal(10, Bench.Plain.Placed.Count);
    }

    [Theory]
    [InlineData(ErrorIds.StoreFull)]
    [InlineData(ErrorIds.StoreNotWritable)]
    public Task A_store_that_cannot_be_written_from_any_step_on_stops_the_sweep_with_its_reason_and_costs_no_order(string errorId) => Crash.ForEachStepAsync(async step =>
    {
        using TestBench bench = new();
        bench.AddScripted(bench.Able);
        await bench.GetCertificateAsync("a.test");
        await bench.GetCertificateAsync("b.test");
        bench.Clock.Advance(TimeSpan.FromDays(62));
        int before = bench.Store.Writes;
        bench.Store.InWrite = number => Break(number >= before + step, new StoreException(errorId, "no more") { Remedy = "Make room." });
        StoreException? stopped = null;
        try
        {
            await bench.SweepAsync(throttle: 1);
        }
        catch (StoreException error)
        {
            stopped = error;
        }

        bench.Store.InWrite = null;
        if (stopped is null)
        {
            return false;
        }

        Assert.Equal((errorId, "Make room."), (stopped.ErrorId, stopped.Remedy));
        bench.Clock.Advance(TimeSpan.FromMinutes(5));
        await bench.SweepAsync();
        Assert.All(bench.Listed(), c => Assert.Equal(2, c.Version));
        Assert.Equal(4, bench.Able.Placed.Count);
        return true;
    });

    [Fact]
    public async Task A_store_that_is_locked_stops_the_sweep_and_is_nobodys_failure()
    {
        await CertificateAsync("www.test");
        Bench.Clock.Advance(TimeSpan.FromDays(62));
        Bench.Store.Protection.Lock();
        await FailsAsync<StoreException>(ErrorIds.StoreLocked, "locked", () => SweepAsync());
        Assert.Equal(0, State().Attempts);
        Bench.Store.Protection.Unlock(null);
        Assert.Equal(RenewalOutcome.Renewed, Assert.Single(await SweepAsync()).Outcome);
    }

    private static void Break(bool when, Exception error)
    {
        if (when)
        {
            throw error;
        }
    }

    private async Task<Certificate> CertificateAsync(string name)
    {
        if (Bench.Store.Read(s => s.Accounts.FindByName("first")) is null)
        {
            Bench.AddScripted(Bench.Plain, "first");
        }

        return await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names(name), Account = "first" });
    }

    private RenewalPolicy Set(string name, Func<RenewalPolicy, RenewalPolicy> change) => Bench.Services.RenewalPolicies.Set(name, change, Bench.Reporter);

    private RenewalPlanLine Plan(string? name = null) => Bench.Services.Renewals.Plan(null, false).Single(l => name is null || l.Name == name);

    private RenewalState State() => Bench.Store.Read(s => s.Renewals.Find(Bench.Listed().Single().LineageId))!;

    private Task<IReadOnlyList<RenewalResult>> SweepAsync(int throttle = 4, bool force = false) => Bench.SweepAsync(throttle, force);
}
