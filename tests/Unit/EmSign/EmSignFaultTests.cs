using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.EmSign;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>What goes wrong on the way costs nothing twice, and loses nothing.</summary>
public sealed class EmSignFaultTests : EmSignTests
{
    /// <summary>Paid for, the connection ends before, within or instead of the answer.</summary>
    private static readonly EmSignFault[] Cuts = [new(ConnectionCut.BeforeAnswer), new(ConnectionCut.WithinAnswer), new(IsBeforeWork: true)];

    [Fact]
    public async Task A_connection_cut_at_ordering_a_thousand_times_leaves_one_order_each()
    {
        await EmSign.AddAccountAsync();
        for (int i = 0; i < 1000; i++)
        {
            EmSign.Bench.Clock.Advance(TimeSpan.FromDays(2.5));
            EmSign.Server.Fail("GenerateOrderSSL", Cuts[i % 3]);
            OrderRequest request = EmSignBench.For(FormattableString.Invariant($"host{i}.contoso.com"));
            TransportException lost = await Assert.ThrowsAsync<TransportException>(() => EmSign.PlaceAsync(request));
            Assert.False(lost.WasNeverSent);
            CertificateOrder order = await EmSign.PlaceAsync(request);
            Assert.Equal((OrderStatus.PendingValidation, OrderStep.Placed), (order.Status, order.Step));
        }

        Assert.Equal(1000, EmSign.Server.Orders.Count);
        Assert.Equal(1000, EmSign.Server.Ledger.Select(l => l.Tag).Distinct().Count());
        Assert.Equal(1000, EmSign.Bench.Orders().Count);
    }

    [Fact]
    public async Task A_connection_cut_at_the_request_leaves_one_order_each()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.DropsRequests = true;
        for (int i = 0; i < 1000; i++)
        {
            EmSign.Bench.Clock.Advance(TimeSpan.FromDays(2.5));
            CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For(FormattableString.Invariant($"host{i}.contoso.com")));
            EmSignSold sold = EmSign.Server.Orders.Last();
            sold.Domains.Single().Status = 1;
            EmSign.Server.Fail("SubmitCSR", Cuts[i % 3]);
            await Assert.ThrowsAsync<TransportException>(() => EmSign.CompleteAsync(order));
            Assert.Equal(i % 3 == 2, sold.Csr is null);
            if (i % 50 == 0)
            {
                Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(order)).Status);
            }
        }

        Assert.Equal(1000, EmSign.Server.Orders.Count);
        Assert.Equal(1000, EmSign.Server.Ledger.Count);
    }

    [Theory]
    [InlineData("<html><body>proxy</body></html>")]
    [InlineData("{\"meta\":{\"status\":\"1\"")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"orderDetails\":{}}")]
    [InlineData("{\"meta\":{\"status\":\"1\"}}")]
    public async Task An_answer_that_cannot_be_read_is_no_refusal_and_the_order_is_found_again(string body)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(Body: body));
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityAnswerUnreadable, "not its API", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal((OrderStatus.Unknown, OrderStep.Placing), (EmSign.Bench.Orders().Single().Status, EmSign.Bench.Orders().Single().Step));
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(EmSign.Bench.Orders().Single())).Status);
        Assert.Single(EmSign.Server.Ledger);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(301)]
    [InlineData(404)]
    public async Task A_status_that_says_nothing_about_the_order_is_looked_up(int status)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(Status: status));
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal(OrderStatus.Unknown, EmSign.Bench.Orders().Single().Status);
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(EmSign.Bench.Orders().Single())).Status);
        Assert.Single(EmSign.Server.Ledger);
    }

    [Fact]
    public async Task An_internal_error_at_ordering_is_not_sent_again()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(Code: 939));
        await RefusesAsync<TransportException>(ErrorIds.AuthorityUnavailable, "EMS-939", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal(OrderStatus.Unknown, EmSign.Bench.Orders().Single().Status);
        Assert.Equal(1, EmSign.Server.Calls.Count(c => c == "GenerateOrderSSL"));
    }

    [Theory]
    [InlineData(1139, ErrorIds.FundsMissing)]
    [InlineData(1065, ErrorIds.CredentialRejected)]
    [InlineData(910, ErrorIds.ClockWrong)]
    [InlineData(1142, ErrorIds.RightMissing)]
    public async Task What_concerns_the_account_keeps_the_order_and_goes_on_once_it_is_mended(int code, string errorId)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(Code: code));
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (EmSign.Bench.Orders().Single().Status, EmSign.Bench.Orders().Single().Step));
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")))).Status);
        Assert.Single(EmSign.Bench.Orders());
    }

    [Theory]
    [InlineData(1162, ErrorIds.DirectoryMismatch)]
    [InlineData(1269, ErrorIds.DirectoryMismatch)]
    [InlineData(1075, ErrorIds.DirectoryMismatch)]
    [InlineData(1091, ErrorIds.DetailsMissing)]
    [InlineData(952, ErrorIds.AuthorityRejected)]
    [InlineData(1999, ErrorIds.AuthorityRejected)]
    public async Task What_concerns_the_order_rejects_it(int code, string errorId)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(Code: code));
        await RefusesAsync<AuthorityException>(errorId, $"EMS-{code}", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal(OrderStatus.Rejected, EmSign.Bench.Orders().Single().Status);
        Assert.Empty(EmSign.Server.Ledger);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("null")]
    [InlineData("text")]
    public async Task A_refusal_is_read_whatever_stands_in_the_place_of_the_rest(string block)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.FailureBlock = block;
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com"));
        EmSign.Server.Orders.Clear();
        await RefusesAsync<NotFoundException>(ErrorIds.OrderNotFound, "no such order", () => EmSign.SyncAsync(order));
    }

    [Fact]
    public async Task An_order_without_a_reference_that_may_be_ours_is_not_ordered_a_second_time()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.DropsTags = true;
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(ConnectionCut.BeforeAnswer));
        await Assert.ThrowsAsync<TransportException>(() => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "it may be", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Single(EmSign.Server.Ledger);
        _ = await EmSign.ImportAsync();
        Assert.Equal(2, EmSign.Bench.Orders().Count);

        // Taken over, it is known: what is begun here was another one.
        Assert.Equal(OrderStep.Placed, (await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com"))).Step);
        Assert.Equal(2, EmSign.Server.Ledger.Count);
    }

    [Fact]
    public async Task An_order_that_never_arrived_is_sent_again()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.AnswersEmptyListsWithRefusal = true;
        EmSign.Server.Fail("GenerateOrderSSL", new EmSignFault(IsBeforeWork: true));
        await Assert.ThrowsAsync<TransportException>(() => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(EmSign.Bench.Orders().Single())).Status);
        Assert.Single(EmSign.Server.Ledger);
    }

    [Fact]
    public async Task No_secret_is_in_what_is_told_or_stored_for_people()
    {
        await EmSign.AddAccountAsync();
        await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com"));
        Assert.DoesNotContain(EmSign.Bench.Reporter.Warnings, w => w.Contains(EmSignServer.AccessKey, StringComparison.Ordinal));
        Assert.DoesNotContain(EmSign.Bench.Audit(), a => a.ToString().Contains(EmSignServer.AccessKey, StringComparison.Ordinal));
        Assert.DoesNotContain(EmSign.Server.Calls, c => c.Contains(EmSignServer.AccessKey, StringComparison.Ordinal));
    }
}
