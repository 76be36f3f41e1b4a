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

public sealed class SslStoreOrderTests : SslStoreTests
{
    [Fact]
    public async Task An_order_is_placed_proved_collected_and_saved_and_paid_once()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com", "contoso.com"));
        Assert.Equal(CertificateStatus.Valid, certificate.Status);
        Assert.Equal(2, certificate.DomainNames.Count);
        CertificateOrder order = Store.Bench.Orders().Single();
        Assert.Equal((OrderStatus.Saved, "positivessl", "Sectigo", 12), (order.Status, order.Product, order.Vendor, order.ValidityMonths));
        Assert.Equal(Store.Server.Orders.Single().TermEnd.Date, order.PaidUntil!.Value.Date);
        Assert.Equal(("order/neworder", order.Id, 10m), Store.Server.Ledger.Single());
        Assert.Empty(Store.Bench.Solver.Published);
        Assert.Equal(["csr", "order/neworder"], Store.Server.Calls.Where(c => c is "csr" or "order/neworder"));
        Assert.Equal(1, Store.Server.Calls.Count(c => c == "order/download"));
    }

    [Fact]
    public async Task Without_the_charges_accepted_nothing_is_stored_or_sent_and_the_sum_is_named()
    {
        await Store.AddAccountAsync();
        OrderRequest request = SslStoreBench.For("shop.contoso.com", "a.contoso.com", "b.contoso.com", "c.contoso.com") with { Product = "positivemdcssl", AcceptCharges = false };
        await RefusesAsync<InvalidRequestException>(ErrorIds.ChargesNotAccepted, "40.00 USD", () => Store.PlaceAsync(request));
        Assert.Empty(Store.Bench.Orders());
        Assert.DoesNotContain("order/neworder", Store.Server.Calls);
    }

    [Fact]
    public async Task The_same_order_again_goes_on_without_charges_to_accept()
    {
        await Store.AddAccountAsync();
        CertificateOrder first = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        CertificateOrder again = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { AcceptCharges = false });
        Assert.Equal(first.Id, again.Id);
        Assert.Single(Store.Server.Ledger);
    }

    [Theory]
    [InlineData("positivessl", "a.contoso.com,b.contoso.com", 12, null, "KmProductUnsuitable", "is for one name")]
    [InlineData("positivessl", "*.contoso.com", 12, null, "KmProductUnsuitable", "no wildcards")]
    [InlineData("positivessl", "a.contoso.com", 13, null, "KmProductUnsuitable", "13 months")]
    [InlineData("positivessl", "a.contoso.com", 12, "contoso", "KmOrganizationNotAllowed", "control of the names only")]
    [InlineData("positivessl", "192.0.2.1", 12, null, "KmNameNotAllowed", "192.0.2.1")]
    [InlineData("positivesslwildcard", "a.contoso.com", 12, null, "KmProductUnsuitable", "is for a wildcard")]
    [InlineData("positivemdcssl", "a.test,b.test,c.test,d.test,e.test,f.test", 12, null, "KmProductUnsuitable", "takes 4 names")]
    [InlineData("sectigoovssl", "a.contoso.com", 12, null, "KmOrganizationRequired", "needs the organization")]
    [InlineData("sectigoovssl", "a.contoso.com", 12, "nobody", "KmOrganizationNotFound", "nobody")]
    [InlineData("sectigoovssl", "a.contoso.com", 12, "bare", "KmDetailsMissing", "-AddressLine1, -City, -Region, -PostalCode, -Country, -Phone")]
    [InlineData("digi_ssl_ev_basic", "a.contoso.com", 12, "contoso", "KmDetailsMissing", "-Title")]
    public async Task What_a_product_cannot_be_is_refused_before_anything_is_sent(string product, string names, int months, string? organization, string errorId, string part)
    {
        await Store.AddAccountAsync();
        _ = Store.Services.Presets.Add(new Organization { Id = "x", Name = "bare", LegalName = "Bare", CreatedAt = Some.Moment, UpdatedAt = Some.Moment });
        OrderRequest request = SslStoreBench.For(names.Split(',')) with { Product = product, ValidityMonths = months, Organization = organization };
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Store.PlaceAsync(request));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(error.Remedy));
        Assert.Empty(Store.Bench.Orders());
        Assert.DoesNotContain("order/neworder", Store.Server.Calls);
    }

    [Fact]
    public async Task A_weak_key_parameters_of_others_and_a_missing_contact_are_refused()
    {
        await Store.AddAccountAsync();
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "Ed25519", () => Store.PlaceAsync(SslStoreBench.For("a.test") with { KeyAlgorithm = KeyAlgorithm.Ed25519 }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "-ValidityDays", () => Store.PlaceAsync(SslStoreBench.For("a.test") with { ValidityDays = 90 }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "Http01", () => Store.PlaceAsync(SslStoreBench.For("a.test") with { ChallengeType = ChallengeType.Http01 }));
        await Store.Services.ChangeAccount.UpdateAsync("store1", null, null, new Dictionary<string, string> { ["AdminContact"] = "" }, false, Store.Bench.Reporter, CancellationToken.None);
        await RefusesAsync<InvalidRequestException>(ErrorIds.ContactRequired, "administrator", () => Store.PlaceAsync(SslStoreBench.For("a.test")));
        _ = await Store.Bench.AddAccountAsync();
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "-Product", () => Store.PlaceAsync(SslStoreBench.For("a.test") with { Account = "private" }));
    }

    [Theory]
    [InlineData("url")]
    [InlineData("line")]
    public async Task The_form_of_a_request_that_the_api_reads_is_found_without_ordering(string form)
    {
        await Store.AddAccountAsync();
        Store.Server.CsrForm = form;
        _ = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        Assert.Single(Store.Server.Ledger);
    }

    [Fact]
    public async Task An_organization_waits_for_people_and_is_picked_up_by_a_later_sync()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { Product = "sectigoovssl", Organization = "contoso" });
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "Pending", () => Store.CompleteAsync(order));
        order = Store.Bench.Order(order.Id);
        Assert.Equal(OrderStatus.Processing, order.Status);
        Assert.Empty(Store.Bench.Solver.Published);

        Store.Bench.Clock.Advance(TimeSpan.FromDays(3));
        Store.Server.Orders.Single().NeedsVetting = false;
        Assert.Equal(OrderStatus.Saved, (await Store.SyncAsync(order)).Status);
    }

    [Fact]
    public async Task What_is_issued_and_not_handed_out_yet_is_asked_for_again()
    {
        await Store.AddAccountAsync();
        Store.Server.EmptyDownloads = 2;
        _ = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        Assert.Equal(3, Store.Server.Calls.Count(c => c == "order/download"));
    }

    [Fact]
    public async Task Rehearsing_asks_the_api_and_orders_nothing()
    {
        await Store.AddAccountAsync();
        OrderPlan plan = Store.Services.PlaceOrder.Plan(SslStoreBench.For("www.contoso.com"), Store.Bench.Reporter);
        await Store.Services.PlaceOrder.RehearseAsync(plan, Store.Bench.Reporter, CancellationToken.None);
        Assert.Contains("order/validate", Store.Server.Calls);
        Store.Server.Fail("order/validate", new SslStoreFault(Error: "ErrorCode:-9006|Message:Not for you"));
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "Not for you", () => Store.Services.PlaceOrder.RehearseAsync(plan, Store.Bench.Reporter, CancellationToken.None));
        Assert.Empty(Store.Bench.Orders());
        Assert.Empty(Store.Server.Ledger);
    }

    [Fact]
    public async Task Every_manner_of_answering_is_understood()
    {
        SslStoreManners manners = Store.Server.Manners;
        (manners.NumbersAsText, manners.MessageAsText, manners.ShoutsRecordNames) = (true, true, true);
        await Store.AddAccountAsync();
        foreach ((string culture, bool twins, bool hides) in new[] { ("en-US", true, true), ("ISO", false, false), ("en-GB", true, false) })
        {
            (manners.Culture, manners.HasUtcTwins, manners.HidesValidations) = (culture, twins, hides);
            Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For($"{culture}.contoso.com".ToLowerInvariant()));
            Assert.NotNull(Store.Bench.Order(certificate.OrderId!).PaidUntil);
        }
    }

    [Fact]
    public async Task A_token_that_comes_back_changed_is_a_warning_or_an_error()
    {
        await Store.AddAccountAsync();
        Store.Server.Manners.EchoesWrongly = true;
        await Store.Services.ChangeAccount.TestAsync("store1", Store.Bench.Reporter, CancellationToken.None);
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("another token", StringComparison.Ordinal));
        await Store.Services.ChangeAccount.UpdateAsync("store1", null, null, new Dictionary<string, string> { ["EchoCheck"] = "Fail" }, false, Store.Bench.Reporter, CancellationToken.None);
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityAnswerUnreadable, "another token", () => Store.Services.ChangeAccount.TestAsync("store1", Store.Bench.Reporter, CancellationToken.None));
    }
}
