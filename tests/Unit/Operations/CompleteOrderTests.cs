using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Files;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class CompleteOrderTests : OperationTests
{
    [Fact]
    public async Task An_order_that_needs_no_proof_goes_to_the_saved_certificate_in_one_go()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"));
        Certificate certificate = Assert.Single(Bench.Listed());
        Assert.Equal((OrderStatus.Saved, OrderStep.Collected, certificate.Id), (order.Status, order.Step, order.CertificateId));
        Assert.Equal((CertificateStatus.Valid, true, 1), (certificate.Status, certificate.IsCurrent, certificate.Version));
        Assert.Equal("valid", order.AuthorityStatus);
        Assert.Equal(0, Bench.Solver.Presented);
    }

    [Theory]
    [InlineData("Http01")]
    [InlineData("Dns01")]
    public async Task Control_of_each_name_is_proved_and_the_proof_taken_away_again(string validation)
    {
        await Bench.AddAccountAsync("private", ("Validation", validation));
        CertificateOrder placed = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        Assert.Equal(OrderStatus.PendingValidation, placed.Status);
        CertificateOrder order = await Bench.CompleteAsync(placed);
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.All(order.Challenges, c => Assert.Equal(ChallengeStatus.Valid, c.Status));
        Assert.Equal(2, Bench.Solver.Presented);
        Assert.Empty(Bench.Solver.Published);
    }

    [Fact]
    public async Task The_challenge_that_the_order_asks_for_is_taken()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Any"));
        CertificateOrder order = await Bench.PlaceAsync(Request("www.contoso.com") with { ChallengeType = ChallengeType.Dns01 });
        await Bench.CompleteAsync(order);
        Assert.Equal("_acme-challenge.www.contoso.com", Assert.Single(Bench.Probe.Asked));
    }

    [Fact]
    public void What_is_set_up_comes_before_what_the_user_would_publish()
    {
        CertificateOrder order = Some.Order() with
        {
            ChallengeType = null,
            Challenges =
            [
                new Challenge { Id = "0/dns", OrderId = "order", DomainName = DomainName.Parse("www.contoso.com"), Type = ChallengeType.Dns01 },
                new Challenge { Id = "0/http", OrderId = "order", DomainName = DomainName.Parse("www.contoso.com"), Type = ChallengeType.Http01 },
            ],
        };
        PublishedProofs proofs = new(new KeyManagerPorts
        {
            Store = Bench.Store,
            Clock = Bench.Clock,
            Authorities = Bench.Services.Authorities,
            Keys = Bench.Keys,
            Requests = Bench.Requests,
            Certificates = Bench.Certificates,
            KeystoreFormats = [],
            KeystoreReader = new KeystoreReader([], Bench.Keys, Bench.Certificates),
            Proofs = new ProofCheck(Bench.Probe, witness: null, Bench.Clock),
            DnsProviders = Bench.DnsProviders,
            Rights = TestBench.Rights,
            Solvers = [new FakeSolver(Bench.Probe) { Only = ChallengeType.Dns01 }, new ManualSolver(new ProofWait(Bench.Probe, witness: null, store: null, Bench.Clock))],
            Files = new FileWriter(),
        });

        Assert.Equal(ChallengeType.Dns01, Assert.Single(proofs.Choose(order)).Type);
        Assert.Equal(ChallengeType.Http01, Assert.Single(proofs.Choose(order, manual: true)).Type);
        Assert.Equal(ChallengeType.Dns01, Assert.Single(proofs.Choose(order with { ChallengeScript = "dns.ps1" }, manual: true)).Type);
    }

    [Fact]
    public async Task What_the_user_has_published_is_not_published_again()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Http01"));
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Probe.Publish(order.Challenges.Single());
        order = await CompleteAsync(order, new CompleteOrderOptions { AlreadyPublished = true });
        Assert.Equal((OrderStatus.Saved, 0), (order.Status, Bench.Solver.Presented));
    }

    [Fact]
    public async Task Without_a_solver_the_error_holds_what_to_publish_and_nothing_is_spoilt()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Http01"));
        Bench.Solver.IsEnabled = false;
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        ChallengeException e = await RefusesAsync<ChallengeException>(ErrorIds.ChallengeNotPublished, order.Id, () => Bench.CompleteAsync(order));
        Assert.All(order.Challenges, c => Assert.Contains($"{c.Location}: {c.Value}", e.Message, StringComparison.Ordinal));
        Assert.Contains("-AlreadyPublished", e.Remedy, StringComparison.Ordinal);
        Bench.Solver.IsEnabled = true;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task A_failed_proof_fails_the_order_with_the_reason_for_each_name()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Http01"));
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        ChallengeException e = await FailsAsync<ChallengeException>(
            ErrorIds.ChallengeFailed, "www.contoso.com: ", () => CompleteAsync(order, new CompleteOrderOptions { AlreadyPublished = true }));
        Assert.Contains("; contoso.com: ", e.Message, StringComparison.Ordinal);
        order = Bench.Order(order.Id);
        Assert.Equal((OrderStatus.Failed, ErrorIds.ChallengeFailed), (order.Status, order.ErrorId));
        Assert.Contains("status 404", order.ErrorDetail, StringComparison.Ordinal);
        Assert.Contains(Bench.Audit(), a => a is { Action: "OrderFailed", Succeeded: false });
        Assert.Empty(Bench.Listed());

        // A fresh set of challenges comes with a new order.
        Assert.NotEqual(order.Id, (await Bench.PlaceAsync("www.contoso.com", "contoso.com")).Id);
    }

    [Theory]
    [InlineData("transport")]
    [InlineData("cancelled")]
    public async Task The_proof_goes_away_however_it_ends(string how)
    {
        Bench.AddScripted(Bench.Able);
        using CancellationTokenSource stop = new();
        Bench.Able.PlaceAnswer = AbleAuthority.Pending;
        Bench.Able.SubmitAnswer = (_, _) =>
        {
            Assert.Equal(2, Bench.Solver.Published.Count);
            if (how == "transport")
            {
                throw new TransportException("KmAuthorityUnreachable", "The connection broke.");
            }

            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        };
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        await Assert.ThrowsAnyAsync<Exception>(() => Bench.CompleteAsync(order, cancellationToken: stop.Token));
        Assert.Empty(Bench.Solver.Published);
        Assert.Equal(OrderStatus.PendingValidation, Bench.Order(order.Id).Status);
        Bench.Able.SubmitAnswer = null;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task Proof_that_was_published_in_part_is_taken_away()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Http01"));
        Bench.Solver.PresentProblem = new ChallengeException(ErrorIds.ChallengeNotVisible, "It cannot be seen.");
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com", "contoso.com");
        await Assert.ThrowsAsync<ChallengeException>(() => Bench.CompleteAsync(order));
        Assert.Equal((2, 0), (Bench.Solver.Presented, Bench.Solver.Published.Count));
        Assert.All(Bench.Order(order.Id).Challenges, c => Assert.Null(c.PublishedBy));
        Bench.Solver.PresentProblem = null;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task Proof_that_cannot_be_taken_away_is_a_warning_and_costs_no_certificate()
    {
        await Bench.AddAccountAsync("private", ("Validation", "Http01"));
        Bench.Solver.CleanUpProblem = new DeploymentException(ErrorIds.FileNotWritable, "The folder is read-only.");
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Contains("read-only", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_takes_its_time_is_asked_at_growing_distances()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        for (int i = 0; i < 9; i++)
        {
            Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "working"));
        }

        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
        Assert.Equal([2, 10, 10, 10, 13, 18, 25, 35, 49], Bench.Clock.Delays.Select(d => Math.Round(d.TotalMilliseconds)));
    }

    [Fact]
    public async Task An_authority_that_wants_to_be_left_alone_is_and_the_lease_is_kept_meanwhile()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        for (int i = 0; i < 31; i++)
        {
            Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "working") with { RetryAfter = Bench.Clock.UtcNow.AddMinutes(10) });
        }

        Bench.Plain.Before = call => Assert.Throws<ConflictException>(
            () => { Bench.AnotherProcess().CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult(); });
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
        Assert.True(TimeSpan.FromTicks(Bench.Clock.Delays.Sum(d => d.Ticks)) > TimeSpan.FromMinutes(2));
        Assert.Equal(TimeSpan.FromMinutes(1), Bench.Clock.Delays.Max());
    }

    [Fact]
    public async Task An_order_that_takes_too_long_stays_open_and_nothing_is_lost()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        DateTimeOffset later = Bench.Clock.UtcNow.AddHours(2);
        for (int i = 0; i < 40; i++)
        {
            Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting") with { RetryAfter = later });
        }

        TransportException e = await FailsAsync<TransportException>(ErrorIds.OrderWaitTimeout, "vetting", () => Bench.CompleteAsync(order));
        Assert.Equal((true, later), (e.IsTransient, e.RetryAfter));
        Assert.Equal(OrderStatus.Processing, Bench.Order(order.Id).Status);
        Bench.Plain.Answers.Clear();
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    [Theory]
    [InlineData(OrderStatus.Failed)]
    [InlineData(OrderStatus.Rejected)]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Expired)]
    public async Task A_bad_end_is_kept_with_its_reason(OrderStatus end)
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, end, "ended") with { ErrorDetail = "CAA forbids it." });
        await FailsAsync<AuthorityException>(ErrorIds.OrderFailed, "CAA forbids it.", () => Bench.CompleteAsync(order));
        order = Bench.Order(order.Id);
        Assert.Equal((end, ErrorIds.OrderFailed, "CAA forbids it.", "ended"), (order.Status, order.ErrorId, order.ErrorDetail, order.AuthorityStatus));
        await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, end.ToString(), () => Bench.CompleteAsync(order));
    }

    [Fact]
    public async Task A_word_that_is_not_known_is_kept_and_asked_about_again()
    {
        Bench.AddScripted(Bench.Able);
        Bench.Able.PlaceAnswer = o => ScriptedAuthority.Answer(o, OrderStatus.Unknown, "pondering");
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal((OrderStatus.Unknown, "pondering", OrderStep.Placed), (order.Status, order.AuthorityStatus, order.Step));
        Bench.Able.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Unknown, "pondering"));
        Bench.Able.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Unknown, "pondering"));
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);

        // A state that is not known is no permission to send the request.
        Assert.Equal(["Place", "Get", "Get", "Get", "Download"], Bench.Able.Calls);
    }

    [Fact]
    public async Task A_word_that_is_not_known_and_turns_out_bad_is_an_error()
    {
        Bench.AddScripted(Bench.Able);
        Bench.Able.PlaceAnswer = o => ScriptedAuthority.Answer(o, OrderStatus.Unknown, "pondering");
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Able.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Failed, "invalid") with { ErrorDetail = "No." });
        await FailsAsync<ConflictException>(ErrorIds.OrderStateInvalid, "Failed (No)", () => Bench.CompleteAsync(order));
    }

    [Fact]
    public async Task An_order_that_is_finished_is_refused_with_what_to_do_instead()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"));
        ConflictException e = await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "Saved", () => Bench.CompleteAsync(order));
        Assert.Contains("Update-KmCertificate", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_does_not_exist_is_named() =>
        await RefusesAsync<NotFoundException>(ErrorIds.OrderNotFound, "nosuchorder1", () => CompleteAsync(Some.Order() with { Id = "nosuchorder1" }, new CompleteOrderOptions()));

    [Fact]
    public async Task A_draft_is_placed_first()
    {
        Bench.AddScripted(Bench.Plain);
        Bench.Plain.Before = _ => throw new RateLimitException("KmAuthorityRateLimited", "Later.");
        await Assert.ThrowsAsync<RateLimitException>(() => Bench.PlaceAsync("www.contoso.com"));
        Bench.Plain.Before = null;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task An_account_that_was_deactivated_meanwhile_is_named()
    {
        AuthorityAccount account = Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Store.Write(s =>
        {
            s.Accounts.Update(account with { Status = AccountStatus.Deactivated });
            return true;
        });
        await RefusesAsync<ConflictException>(ErrorIds.AccountDeactivated, account.Name, () => Bench.CompleteAsync(order));
    }

    private Task<CertificateOrder> CompleteAsync(CertificateOrder order, CompleteOrderOptions options) =>
        Bench.Services.CompleteOrder.RunAsync(order.Id, options, Bench.Reporter, CancellationToken.None);
}
