using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>What goes wrong on the way costs nothing twice, and loses nothing.</summary>
public sealed class SslStoreFaultTests : SslStoreTests
{
    /// <summary>Paid for, the connection ends before, within or instead of the answer.</summary>
    private static readonly SslStoreFault[] Cuts = [new(ConnectionCut.BeforeAnswer), new(ConnectionCut.WithinAnswer), new(IsBeforeWork: true)];

    [Fact]
    public async Task A_connection_cut_at_ordering_a_thousand_times_leaves_one_order_each()
    {
        await Store.AddAccountAsync();
        for (int i = 0; i < 1000; i++)
        {
            Store.Bench.Clock.Advance(TimeSpan.FromDays(2.5));
            Store.Server.Fail("order/neworder", Cuts[i % 3]);
            OrderRequest request = SslStoreBench.For(FormattableString.Invariant($"host{i}.contoso.com"));
            TransportException lost = await Assert.ThrowsAsync<TransportException>(() => Store.PlaceAsync(request));
            Assert.False(lost.WasNeverSent);
            CertificateOrder order = await Store.PlaceAsync(request);
            Assert.Equal((OrderStatus.PendingValidation, OrderStep.Placed), (order.Status, order.Step));
        }

        Assert.Equal(1000, Store.Server.Orders.Count);
        Assert.Equal(1000, Store.Server.Ledger.Select(l => l.Reference).Distinct().Count());
        Assert.Equal(1000, Store.Server.Ledger.Count);
        Assert.Equal(1000, Store.Bench.Orders().Count);
    }

    [Fact]
    public async Task A_connection_cut_at_a_reissue_that_costs_money_leaves_one_reissue_each()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("a.contoso.com") with { Product = "positivemdcssl", ValidityMonths = 36 });
        SoldOrder sold = Store.Server.Orders.Single();
        for (int i = 0; i < 1000; i++)
        {
            (sold.Major, sold.Minor) = ("Active", "");
            sold.MoreNames.Clear();
            int paid = Store.Server.Ledger.Count(l => l.Call == "order/reissue");
            Store.Server.Fail("order/reissue", Cuts[i % 3]);
            ReissueRequest request = new() { Add = [DomainName.Parse("b.contoso.com")], AcceptCharges = true };
            OrderPlan plan = Store.Services.ReissueCertificate.Plan(certificate.OrderId!, request, Store.Bench.Reporter);
            await Assert.ThrowsAsync<TransportException>(() => Store.Services.ReissueCertificate.RunAsync(plan, Store.Bench.Reporter, CancellationToken.None));
            plan = Store.Services.ReissueCertificate.Plan(certificate.OrderId!, request, Store.Bench.Reporter);
            CertificateOrder order = await Store.Services.ReissueCertificate.RunAsync(plan, Store.Bench.Reporter, CancellationToken.None);
            Assert.Equal(OrderStep.Placed, order.Step);
            Assert.Equal(paid + 1, Store.Server.Ledger.Count(l => l.Call == "order/reissue"));

            // As if it had never been: the next one begins anew.
            Store.Services.RemoveOrder.Run(order.Id, Store.Bench.Reporter);
            Store.Bench.Store.Write(s => s.Orders.Update(s.Orders.Find(certificate.OrderId!)! with { AuthorityData = Providers.Authorities.SslStore.SslStoreOrderData.Write(new Providers.Authorities.SslStore.Protocol.OrderResource(sold.ToJson(Store.Server.Manners))) }));
        }

        Assert.Single(Store.Server.Orders);
    }

    [Fact]
    public async Task A_connection_cut_at_a_refund_asks_for_it_once()
    {
        await Store.AddAccountAsync();
        for (int i = 0; i < 1000; i++)
        {
            Store.Bench.Clock.Advance(TimeSpan.FromDays(1));
            CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For(FormattableString.Invariant($"host{i}.contoso.com")));
            Store.Server.Fail("order/refundrequest", Cuts[i % 3]);
            await Assert.ThrowsAsync<TransportException>(() => Store.Services.CancelOrder.RunAsync(order.Id, null, Store.Bench.Reporter, CancellationToken.None));
            order = await Store.Services.CancelOrder.RunAsync(order.Id, null, Store.Bench.Reporter, CancellationToken.None);
            Assert.NotNull(order.CancelRequestedAt);
        }

        Assert.Equal(1000, Store.Server.Ledger.Count(l => l.Call == "order/refundrequest"));
    }

    [Theory]
    [InlineData("<html><body>proxy</body></html>")]
    [InlineData("{\"AuthResponse\":{\"isError\":fal")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"AuthResponse\":{\"isError\":false}}")]
    public async Task An_answer_that_cannot_be_read_is_no_refusal_and_the_order_is_found_again(string body)
    {
        await Store.AddAccountAsync();
        Store.Server.Fail("order/neworder", new SslStoreFault(Body: body));
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityAnswerUnreadable, "not its API", () => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));
        Assert.Equal((OrderStatus.Unknown, OrderStep.Placing), (Store.Bench.Orders().Single().Status, Store.Bench.Orders().Single().Step));
        Assert.Equal(OrderStatus.Saved, (await Store.CompleteAsync(Store.Bench.Orders().Single())).Status);
        Assert.Single(Store.Server.Ledger);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(301)]
    public async Task A_status_that_says_nothing_about_the_order_is_looked_up(int status)
    {
        await Store.AddAccountAsync();
        Store.Server.Fail("order/neworder", new SslStoreFault(Status: status, RetryAfter: "1"));
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));
        Assert.Equal(OrderStatus.Unknown, Store.Bench.Orders().Single().Status);
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Assert.Equal(OrderStep.Placed, order.Step);
        Assert.Single(Store.Server.Ledger);
    }

    [Fact]
    public async Task An_order_is_not_placed_again_while_nobody_can_say_whether_it_is_there()
    {
        await Store.AddAccountAsync();
        Store.Server.Fail("order/neworder", new SslStoreFault(ConnectionCut.BeforeAnswer));
        await Assert.ThrowsAsync<TransportException>(() => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));
        Store.Server.Fail("order/status", new SslStoreFault(Error: "ErrorCode:-9009|Message:something else"));
        Store.Server.Fail("order/query", [.. Enumerable.Repeat(new SslStoreFault(Status: 502), 4)]);
        await Assert.ThrowsAsync<TransportException>(() => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));

        // A no to the reference alone is not believed: the list has it.
        Store.Server.Fail("order/status", new SslStoreFault(Error: "ErrorCode:-9009|Message:something else"));
        Assert.Equal(OrderStep.Placed, (await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"))).Step);
        Assert.Single(Store.Server.Ledger);
    }

    [Theory]
    [InlineData("ErrorCode:-9008|Message:Token/Authentication failure", "KmCredentialRejected")]
    [InlineData("ErrorCode:-9040|Message:Insufficient funds in your account", "KmFundsMissing")]
    public async Task What_is_wrong_with_the_account_leaves_the_order_to_go_on(string said, string errorId)
    {
        await Store.AddAccountAsync();
        Store.Server.Fail("order/neworder", new SslStoreFault(Error: said));
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(said.Split(':')[2], error.Message, StringComparison.Ordinal);
        CertificateOrder order = Store.Bench.Orders().Single();
        Assert.Equal((OrderStatus.Draft, errorId), (order.Status, order.ErrorId));
        Assert.Equal(OrderStatus.Saved, (await Store.CompleteAsync(order)).Status);
        Assert.Single(Store.Server.Ledger);
    }

    [Fact]
    public async Task A_refusal_ends_the_order_with_the_words_of_the_api_and_it_can_be_tried_again()
    {
        await Store.AddAccountAsync();
        Store.Server.Manners.MessageAsText = true;
        Store.Server.Fail("order/neworder", new SslStoreFault(Error: "ErrorCode:-9009|Message:Vendor returns error: name is on a list"));
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "name is on a list", () => Store.PlaceAsync(SslStoreBench.For("www.contoso.com")));
        CertificateOrder order = Store.Bench.Orders().Single();
        Assert.Equal(OrderStatus.Rejected, order.Status);
        Assert.Equal(OrderStatus.PendingValidation, (await Store.Services.RenewChallenges.RunAsync(order.Id, null, Store.Bench.Reporter, CancellationToken.None)).Status);
        Assert.Single(Store.Server.Ledger);
    }

    [Theory]
    [InlineData(429, "2")]
    [InlineData(503, "Sun, 01 Mar 2026 12:00:03 GMT")]
    [InlineData(500, null)]
    public async Task A_question_that_was_put_off_is_asked_again(int status, string? retryAfter)
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Store.Server.Fail("order/status", new SslStoreFault(Status: status, RetryAfter: retryAfter), new SslStoreFault(ConnectionCut.BeforeAnswer));
        Assert.Equal(OrderStatus.PendingValidation, (await Store.SyncAsync(order)).Status);
    }

    [Fact]
    public async Task A_state_that_is_not_known_and_an_order_that_was_cancelled_elsewhere_are_told()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Store.Server.Orders.Single().Major = "Weird";
        order = await Store.SyncAsync(order);
        Assert.Equal((OrderStatus.Unknown, "Weird"), (order.Status, order.AuthorityStatus));
        Store.Server.Orders.Single().Major = "Cancelled";
        Store.Server.Orders.Single().Comment = "fraud check";
        order = await Store.SyncAsync(order);
        Assert.Equal((OrderStatus.Cancelled, "fraud check"), (order.Status, order.ErrorDetail));
    }
}
