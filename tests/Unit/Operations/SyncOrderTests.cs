using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class SyncOrderTests : OperationTests
{
    [Fact]
    public async Task An_issued_order_is_taken_into_the_inventory()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Assert.Equal(OrderStatus.Saved, (await SyncAsync(order)).Status);
        Assert.Equal("www.contoso.com", Assert.Single(Bench.Listed()).Name);
    }

    [Fact]
    public async Task Or_left_with_its_order_when_nobody_wants_it_saved()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Assert.Equal(OrderStatus.Available, (await SyncAsync(order, save: false)).Status);
        Assert.Empty(Bench.Listed());

        // Without asking the authority again.
        int calls = Bench.Plain.Calls.Count;
        Assert.Equal(OrderStatus.Saved, (await SyncAsync(order)).Status);
        Assert.Equal(calls, Bench.Plain.Calls.Count);
    }

    [Fact]
    public async Task It_asks_once_and_writes_only_what_is_new()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));
        int writes = Bench.Store.Writes;
        Assert.Equal("vetting", (await SyncAsync(order)).AuthorityStatus);
        Assert.Equal(writes + 1, Bench.Store.Writes);
        await SyncAsync(order);
        Assert.Equal(writes + 1, Bench.Store.Writes);
        Assert.Equal(["Place", "Get", "Get"], Bench.Plain.Calls);
    }

    [Theory]
    [InlineData(OrderStatus.Failed, ErrorIds.OrderFailed)]
    [InlineData(OrderStatus.Rejected, ErrorIds.OrderFailed)]
    [InlineData(OrderStatus.Cancelled, null)]
    [InlineData(OrderStatus.Expired, null)]
    public async Task A_bad_end_is_an_answer_and_no_error(OrderStatus end, string? errorId)
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, end, "over") with { ErrorDetail = "Because." });
        order = await SyncAsync(order);
        Assert.Equal((end, errorId, "Because."), (order.Status, order.ErrorId, order.ErrorDetail));

        // It is finished: nobody is asked any more.
        Assert.Equal(end, (await SyncAsync(order)).Status);
        Assert.Equal(["Place", "Get"], Bench.Plain.Calls);
    }

    [Fact]
    public async Task An_order_that_was_never_sent_is_answered_as_it_is()
    {
        Bench.AddScripted(Bench.Able);
        Bench.Able.Before = _ => throw new RateLimitException("KmAuthorityRateLimited", "Later.");
        await Assert.ThrowsAsync<RateLimitException>(() => Bench.PlaceAsync("www.contoso.com"));
        string before = Contents();
        Assert.Equal(OrderStatus.Draft, (await SyncAsync(Bench.Orders().Single())).Status);
        Assert.Equal(before, Contents());
        Assert.Equal(["Place"], Bench.Able.Calls);
    }

    [Fact]
    public async Task Waiting_asks_until_it_is_there_and_shows_how_it_stands()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        for (int i = 0; i < 3; i++)
        {
            Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));
        }

        Assert.Equal(OrderStatus.Saved, (await WaitAsync(order, TimeSpan.FromMinutes(1))).Status);
        Assert.Equal(3, Bench.Reporter.Reports.Count);
        Assert.Equal([2, 10, 10], Bench.Clock.Delays.Select(d => d.TotalMilliseconds));
    }

    [Fact]
    public async Task Waiting_holds_no_lease_between_two_questions()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));
        Bench.Clock.SkipsDelays = false;
        Task<CertificateOrder> waiting = WaitAsync(order, TimeSpan.FromMinutes(1));
        Assert.Equal(1, Bench.Clock.Waiting);
        Assert.Equal(OrderStatus.Saved, (await Bench.AnotherProcess().SyncOrder.RunAsync(order.Id, true, Bench.Reporter, CancellationToken.None)).Status);
        Bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(OrderStatus.Saved, (await waiting).Status);
    }

    [Fact]
    public async Task Waiting_for_what_is_ours_to_do_is_refused_at_once()
    {
        CertificateOrder order = await PlaceAsync(Bench.Able, AbleAuthority.Pending);
        Bench.Able.Answers.Enqueue(AbleAuthority.Pending(order));
        ChallengeException unproved = await FailsAsync<ChallengeException>(ErrorIds.ChallengeNotPublished, order.Id, () => WaitAsync(order, TimeSpan.FromHours(1)));
        Assert.Contains("Invoke-KmChallenge", unproved.Remedy, StringComparison.Ordinal);

        Bench.Able.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "ready"));
        ConflictException unsent = await FailsAsync<ConflictException>(ErrorIds.OrderStateInvalid, "ready", () => WaitAsync(order, TimeSpan.FromHours(1)));
        Assert.Contains("Invoke-KmChallenge", unsent.Remedy, StringComparison.Ordinal);
        Assert.Empty(Bench.Clock.Delays);
    }

    [Fact]
    public async Task Waiting_goes_on_while_the_authority_looks_at_the_proof()
    {
        CertificateOrder order = await PlaceAsync(Bench.Able, AbleAuthority.Pending);
        AuthorityOrder pending = AbleAuthority.Pending(order);
        Bench.Able.Answers.Enqueue(pending with { Challenges = [.. pending.Challenges!.Select(c => c with { Status = ChallengeStatus.Processing })] });
        Assert.Equal(OrderStatus.Saved, (await WaitAsync(order, TimeSpan.FromMinutes(1))).Status);
        _ = Assert.Single(Bench.Clock.Delays);
    }

    [Fact]
    public async Task Waiting_ends_with_the_time()
    {
        CertificateOrder plain = await PlaceAsync(Bench.Plain);
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(plain, OrderStatus.Processing, "vetting"));
        TransportException e = await FailsAsync<TransportException>(ErrorIds.OrderWaitTimeout, "vetting", () => WaitAsync(plain, TimeSpan.Zero));
        Assert.Contains("Nothing is lost", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        CertificateOrder order = await PlaceAsync(Bench.Plain);
        Bench.Plain.Answers.Enqueue(ScriptedAuthority.Answer(order, OrderStatus.Processing, "vetting"));
        Bench.Clock.SkipsDelays = false;
        using CancellationTokenSource stop = new();
        Task<CertificateOrder> waiting = Bench.Services.SyncOrder.WaitAsync(order.Id, TimeSpan.FromHours(1), true, Bench.Reporter, stop.Token);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(OrderStatus.Processing, Bench.Order(order.Id).Status);
    }

    private Task<CertificateOrder> PlaceAsync(ScriptedAuthority authority, Func<CertificateOrder, AuthorityOrder>? answer = null)
    {
        Bench.AddScripted(authority, authority.Description.Name);
        authority.PlaceAnswer = answer;
        return Bench.PlaceAsync("www.contoso.com");
    }

    private Task<CertificateOrder> SyncAsync(CertificateOrder order, bool save = true) =>
        Bench.Services.SyncOrder.RunAsync(order.Id, save, Bench.Reporter, CancellationToken.None);

    private Task<CertificateOrder> WaitAsync(CertificateOrder order, TimeSpan timeout) =>
        Bench.Services.SyncOrder.WaitAsync(order.Id, timeout, true, Bench.Reporter, CancellationToken.None);
}
