using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>An answer that got lost while an order was placed: money must not be spent twice, and the user must know.</summary>
public sealed class UnknownOutcomeTests : OperationTests
{
    private static readonly TransportException Lost = new("KmAuthorityUnreachable", "The connection broke.") { Remedy = "Try again." };

    [Theory]
    [InlineData("transport")]
    [InlineData("cancelled")]
    [InlineData("unreadable")]
    public async Task An_answer_that_got_lost_is_written_down_as_unknown(string how)
    {
        CertificateOrder order = await LoseAnswerAsync(Bench.Able, how switch
        {
            "transport" => Lost,
            "cancelled" => new OperationCanceledException("Ctrl-C"),
            _ => new AuthorityException(ErrorIds.AuthorityRejected, "The answer is no JSON.", new FormatException("at 1")),
        });
        Assert.Equal((OrderStatus.Unknown, OrderStep.Placing), (order.Status, order.Step));
        Assert.NotNull(order.ErrorId);
        Assert.NotEmpty(order.ErrorDetail!);
        Assert.False(Bench.Audit().First(a => a.Action == "OrderUnknown").Succeeded);
    }

    [Fact]
    public async Task The_same_command_looks_the_order_up_and_does_not_repeat_it()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal((lost.Id, OrderStatus.Processing, OrderStep.Placed, "A-" + lost.Id), (order.Id, order.Status, order.Step, order.AuthorityOrderId));
        Assert.Equal((null, null), (order.ErrorId, order.ErrorDetail));
        Assert.Equal(["Place", "Find"], Bench.Able.Calls);
    }

    [Fact]
    public async Task Completing_looks_it_up_and_goes_on_to_the_certificate()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost);
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(lost)).Status);
        Assert.Equal(1, Bench.Able.Placed[lost.Id]);
        Assert.Single(Bench.Listed());
    }

    [Fact]
    public async Task Asking_how_it_stands_looks_it_up_and_takes_the_certificate()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost);
        CertificateOrder order = await Bench.Services.SyncOrder.RunAsync(lost.Id, save: true, Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Equal(1, Bench.Able.Placed[lost.Id]);
    }

    [Fact]
    public async Task Asking_never_places_an_order_that_did_not_arrive()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost, arrived: false);
        CertificateOrder order = await Bench.Services.SyncOrder.RunAsync(lost.Id, save: true, Bench.Reporter, CancellationToken.None);
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared, null), (order.Status, order.Step, order.ErrorDetail));
        Assert.Empty(Bench.Able.Placed);
    }

    [Fact]
    public async Task An_order_that_surely_did_not_arrive_is_placed_with_the_same_key()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost, arrived: false);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal((lost.Id, lost.PrivateKeyId, OrderStatus.Processing), (order.Id, order.PrivateKeyId, order.Status));
        Assert.Equal(1, Bench.Able.Placed[lost.Id]);
    }

    [Fact]
    public async Task Asking_may_fail_too_and_the_order_stays_unknown()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost);
        Bench.Able.Before = _ => throw Lost;
        await Assert.ThrowsAsync<TransportException>(() => Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal((OrderStatus.Unknown, OrderStep.Placing), (Bench.Order(lost.Id).Status, Bench.Order(lost.Id).Step));
        Assert.Equal(1, Bench.Able.Placed[lost.Id]);
    }

    [Fact]
    public async Task An_authority_that_cannot_be_asked_gets_no_second_order()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Plain, Lost);
        Func<Task>[] attempts =
        [
            () => Bench.PlaceAsync("www.contoso.com"),
            () => Bench.CompleteAsync(lost),
            () => Bench.Services.SyncOrder.RunAsync(lost.Id, save: true, Bench.Reporter, CancellationToken.None),
            () => Bench.Services.SyncOrder.WaitAsync(lost.Id, TimeSpan.FromHours(1), save: true, Bench.Reporter, CancellationToken.None),
            () => Bench.Services.CancelOrder.RunAsync(lost.Id, null, Bench.Reporter, CancellationToken.None),
        ];
        foreach (Func<Task> attempt in attempts)
        {
            ConflictException e = await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, lost.Id, attempt);
            Assert.Contains("portal", e.Remedy, StringComparison.Ordinal);
        }

        Assert.Equal(OrderStatus.Unknown, Bench.Order(lost.Id).Status);
        Assert.Equal(1, Bench.Plain.Placed[lost.Id]);
        Assert.Equal(["Place"], Bench.Plain.Calls);
    }

    [Fact]
    public async Task Removing_it_as_the_error_advises_warns_and_makes_room_for_a_new_order()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Plain, Lost);
        Bench.Services.RemoveOrder.Run(lost.Id, Bench.Reporter);
        Assert.Contains("may have it", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.NotEqual(lost.Id, (await Bench.PlaceAsync("www.contoso.com")).Id);
    }

    [Fact]
    public async Task Cancelling_finds_it_and_cancels_it_at_the_authority()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost);
        CertificateOrder order = await Bench.Services.CancelOrder.RunAsync(lost.Id, null, Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Cancelled, order.Status);
        Assert.Equal(["Place", "Find", "Cancel"], Bench.Able.Calls);
    }

    [Fact]
    public async Task Cancelling_one_that_never_arrived_needs_no_authority()
    {
        CertificateOrder lost = await LoseAnswerAsync(Bench.Able, Lost, arrived: false);
        CertificateOrder order = await Bench.Services.CancelOrder.RunAsync(lost.Id, null, Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Cancelled, order.Status);
        Assert.DoesNotContain("Cancel", Bench.Able.Calls);
    }

    [Fact]
    public async Task A_renewal_whose_answer_got_lost_is_adopted_too()
    {
        Bench.AddScripted(Bench.Able);
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Able.After = call => throw (call == "Place" ? Lost : new InvalidOperationException(call));
        await Assert.ThrowsAsync<TransportException>(() => Bench.RenewAsync(first));
        Bench.Able.After = null;
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Assert.Equal(2, Bench.Able.Placed.Count);
        Assert.All(Bench.Able.Placed.Values, times => Assert.Equal(1, times));
        Assert.Equal(renewal.CertificateId, Assert.Single(Bench.Listed()).Id);
    }

    [Fact]
    public async Task A_lost_answer_to_the_request_is_asked_again_and_issues_once()
    {
        Bench.AddScripted(Bench.Able);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Able.After = call => throw (call == "Finalize" ? Lost : new InvalidOperationException(call));
        await Assert.ThrowsAsync<TransportException>(() => Bench.CompleteAsync(order));
        Assert.Equal((OrderStatus.Processing, OrderStep.Finalizing), (Bench.Order(order.Id).Status, Bench.Order(order.Id).Step));
        Bench.Able.After = null;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
        Assert.Single(Bench.Listed());
    }

    private async Task<CertificateOrder> LoseAnswerAsync(ScriptedAuthority authority, Exception problem, bool arrived = true)
    {
        Bench.AddScripted(authority);
        if (arrived)
        {
            authority.After = _ => throw problem;
        }
        else
        {
            authority.Before = _ => throw problem;
        }

        Assert.Same(problem, await Assert.ThrowsAnyAsync<Exception>(() => Bench.PlaceAsync("www.contoso.com")));
        authority.After = null;
        authority.Before = null;
        return Assert.Single(Bench.Orders());
    }
}
