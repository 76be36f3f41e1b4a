using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.EmSign;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>Orders that were placed elsewhere.</summary>
public sealed class EmSignImportTests : EmSignTests
{
    [Fact]
    public async Task All_orders_come_with_their_certificates_beside_our_own()
    {
        await EmSign.AddAccountAsync();
        Certificate own = await EmSign.GetCertificateAsync(EmSignBench.For("own.contoso.com"));
        EmSign.Server.Add("a.contoso.com");
        EmSignSold pending = EmSign.Server.Add("b.contoso.com", isIssued: false);
        IReadOnlyList<CertificateOrder> orders = await EmSign.ImportAsync();
        Assert.Equal(3, orders.Count);
        Assert.Equal((OrderOrigin.Created, own.OrderId), (orders.Single(o => o.Name == "own.contoso.com").Origin, orders.Single(o => o.Name == "own.contoso.com").Id));
        Assert.Equal((OrderOrigin.Imported, OrderStatus.Saved), (orders.Single(o => o.Name == "a.contoso.com").Origin, orders.Single(o => o.Name == "a.contoso.com").Status));
        CertificateOrder open = orders.Single(o => o.Name == "b.contoso.com");
        Assert.Equal((OrderStatus.PendingValidation, "ops@contoso.com", pending.OrderNumber), (open.Status, open.Requester?.Email, open.AuthorityOrderId));
        Assert.Equal(["a.contoso.com", "own.contoso.com"], EmSign.Bench.Listed().Select(c => c.Name).Order());

        // One that was placed elsewhere is gone on with here.
        EmSign.Bench.Solver.Only = ChallengeType.DnsTxt;
        pending.IsSigned = true;
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(open)).Status);
    }

    [Theory]
    [InlineData(12, OrderStatus.Expired, OrderStatus.Expired)]
    [InlineData(22, OrderStatus.Revoked, OrderStatus.Revoked)]
    [InlineData(5, OrderStatus.Rejected, OrderStatus.Rejected)]
    public async Task Excluded_are_certificates_and_never_the_orders(int status, OrderStatus exclude, OrderStatus expected)
    {
        await EmSign.AddAccountAsync();
        EmSignSold sold = EmSign.Server.Add("a.contoso.com", orderedAt: status == 12 ? EmSign.Bench.Clock.UtcNow.AddDays(-300) : null);
        (sold.IsRevoked, sold.Ended) = (status == 22, status == 5 ? 5 : 0);
        int before = EmSign.Server.Calls.Count;
        CertificateOrder order = Assert.Single(await EmSign.ImportAsync(new ImportOptions { Exclude = [exclude] }));
        Assert.Equal((expected, null), (order.Status, order.CertificateId));
        Assert.Equal(["GetOrderReport"], EmSign.Server.Calls.Skip(before));
        Assert.Empty(EmSign.Bench.Listed());
    }

    [Fact]
    public async Task A_draft_is_known_by_its_request_until_it_becomes_an_order()
    {
        await EmSign.AddAccountAsync();
        EmSignSold draft = EmSign.Server.Add("a.contoso.com", isIssued: false, isDraft: true);
        CertificateOrder order = Assert.Single(await EmSign.ImportAsync());
        Assert.Equal(("request/" + draft.RequestNumber, OrderStatus.Processing), (order.AuthorityOrderId, order.Status));
        Assert.Contains("draft", order.NextStep, StringComparison.Ordinal);
        draft.OrderNumber = "5555555555";
        CertificateOrder placed = Assert.Single(await EmSign.ImportAsync());
        Assert.Equal((order.Id, "5555555555"), (placed.Id, placed.AuthorityOrderId));
    }

    [Fact]
    public async Task A_draft_is_cancelled_by_its_request()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Add("a.contoso.com", isIssued: false, isDraft: true);
        CertificateOrder order = Assert.Single(await EmSign.ImportAsync());
        Assert.Equal(OrderStatus.Cancelled, (await EmSign.Services.CancelOrder.RunAsync(order.Id, null, EmSign.Bench.Reporter, CancellationToken.None)).Status);
        Assert.Contains("RejectRequest", EmSign.Server.Calls);
    }

    [Fact]
    public async Task A_certificate_that_emSign_has_renewed_by_itself_comes_with_the_next_import()
    {
        await EmSign.AddAccountAsync();
        EmSignSold sold = EmSign.Server.Add("a.contoso.com");
        _ = await EmSign.ImportAsync();
        EmSign.Server.Issue(sold, EmSign.Bench.Clock.UtcNow.AddDays(20));
        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(21));
        _ = await EmSign.ImportAsync();
        Assert.Equal(2, Assert.Single(EmSign.Bench.Listed()).Version);
        Assert.Single(EmSign.Bench.Orders());
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_empty_list_and_counters_are_read_in_both_forms(bool asText, bool asRefusal)
    {
        await EmSign.AddAccountAsync(("ImportPageSize", "10"));
        EmSign.Server.CountersAsText = asText;
        EmSign.Server.AnswersEmptyListsWithRefusal = asRefusal;
        Assert.Empty(await EmSign.ImportAsync());
        for (int i = 0; i < 25; i++)
        {
            EmSign.Server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
        }

        Assert.Equal(25, (await EmSign.ImportAsync()).Count);
    }

    [Fact]
    public async Task An_import_takes_one_request_for_a_page_and_one_for_an_order_that_needs_it()
    {
        await EmSign.AddAccountAsync(("ImportPageSize", "50"));
        for (int i = 0; i < 100; i++)
        {
            EmSign.Server.Add(FormattableString.Invariant($"host{i}.contoso.com"), isIssued: i % 2 == 0);
        }

        int before = EmSign.Server.Calls.Count;
        _ = await EmSign.ImportAsync();
        Assert.Equal([("GetCertificate", 50), ("GetOrderReport", 2), ("TrackOrder", 50)], EmSign.Server.Calls.Skip(before).GroupBy(c => c).Select(g => (g.Key, g.Count())).Order());

        before = EmSign.Server.Calls.Count;
        _ = await EmSign.ImportAsync();
        Assert.Equal(2, EmSign.Server.Calls.Skip(before).Count()); // nothing has changed
    }

    [Fact]
    public async Task At_the_limit_of_certificates_the_order_stays_reachable_and_nothing_is_withdrawn()
    {
        await EmSign.AddAccountAsync();
        EmSign.Services.Settings.Set("MaxManagedCertificates", "1");
        EmSign.Server.Add("a.contoso.com");
        EmSign.Server.Add("b.contoso.com");
        IReadOnlyList<CertificateOrder> orders = await EmSign.ImportAsync();
        Assert.Equal(2, orders.Count);
        Assert.Single(EmSign.Bench.Listed());
        Assert.Contains(EmSign.Bench.Reporter.Warnings, w => w.Contains("MaxManagedCertificates", StringComparison.Ordinal));
        Assert.DoesNotContain(EmSign.Server.Orders, o => o.Ended != 0 || o.IsRevoked);
    }

    [Fact]
    public async Task An_imported_order_is_renewed_for_the_organization_that_emSign_keeps()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Orders.Add(Named(EmSign.Server.Add("a.contoso.com")));
        EmSign.Server.Orders.RemoveAt(0);
        _ = await EmSign.ImportAsync();
        Certificate certificate = Assert.Single(EmSign.Bench.Listed());
        CertificateOrder renewal = await EmSign.Services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { AcceptCharges = true }, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal((OrderStatus.Saved, EmSignServer.Organization), (renewal.Status, renewal.Organization?.AuthorityId));
    }

    [Fact]
    public async Task One_order_is_imported_by_its_number()
    {
        await EmSign.AddAccountAsync();
        EmSignSold sold = EmSign.Server.Add("a.contoso.com");
        EmSign.Server.Add("b.contoso.com");
        Assert.Equal("a.contoso.com", Assert.Single(await EmSign.ImportAsync(new ImportOptions { AuthorityOrderIds = [sold.OrderNumber] })).Name);
        await RefusesAsync<NotFoundException>(ErrorIds.OrderNotFound, "no order '1'", () => EmSign.ImportAsync(new ImportOptions { AuthorityOrderIds = ["1"] }));
    }

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task An_import_goes_on_after_a_crash_and_has_everything_once(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using EmSignBench emSign = new();
        await emSign.AddAccountAsync(("ImportPageSize", "10"));
        for (int i = 0; i < 45; i++)
        {
            emSign.Server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
        }

        if (!await Crash.AtAsync(emSign.Bench, step, moment, services => emSign.ImportAsync(null, services)))
        {
            return false;
        }

        await emSign.ImportAsync(null, Crash.NewProcess(emSign.Bench));
        Assert.Equal(45, emSign.Bench.Orders().Count);
        Assert.Equal(45, emSign.Bench.Listed().Count);
        emSign.AssertNoViolations();
        return true;
    });

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task An_order_is_taken_up_after_a_crash_and_paid_once(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using EmSignBench emSign = new();
        await emSign.AddAccountAsync();
        if (!await Crash.AtAsync(emSign.Bench, step, moment, services => OrderAsync(services, emSign)))
        {
            return false;
        }

        bool finished = emSign.Bench.Orders().Any(o => o.Status == OrderStatus.Saved);
        KeyManagerServices next = Crash.NewProcess(emSign.Bench);
        if (!finished)
        {
            await OrderAsync(next, emSign);
        }

        emSign.AssertNoViolations();
        Assert.Single(emSign.Server.Ledger);
        Assert.All(emSign.Bench.Orders(), o => Assert.Equal(OrderStatus.Saved, o.Status));
        Assert.Single(emSign.Bench.Listed());
        Assert.Empty(emSign.Bench.Solver.Published);
        return true;
    });

    private static EmSignSold Named(EmSignSold order)
    {
        EmSignSold named = new() { RequestNumber = order.RequestNumber, OrderNumber = order.OrderNumber, OrderedAt = order.OrderedAt, Organization = "Contoso GmbH", Csr = order.Csr, Serial = order.Serial, End = order.End, IsSigned = true };
        named.Domains.AddRange(order.Domains);
        named.Certificates.AddRange(order.Certificates);
        return named;
    }

    private static async Task OrderAsync(KeyManagerServices services, EmSignBench emSign)
    {
        CertificateOrder order = await services.PlaceOrder.RunAsync(EmSignBench.For("www.contoso.com"), emSign.Bench.Reporter, CancellationToken.None);
        await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), emSign.Bench.Reporter, CancellationToken.None);
    }
}
