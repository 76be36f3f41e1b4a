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

/// <summary>Renewed, issued again, cancelled, revoked.</summary>
public sealed class SslStoreRenewalTests : SslStoreTests
{
    [Fact]
    public async Task Within_the_term_a_certificate_that_ends_is_issued_again_for_nothing_until_the_term_ends()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com") with { ValidityMonths = 24 });
        for (int i = 0; i < 3; i++)
        {
            Store.Bench.Clock.Advance(TimeSpan.FromDays(180));
            Assert.Null(Store.Services.RenewCertificate.Quote(certificate.Id));
            CertificateOrder order = await RenewAsync(certificate, acceptCharges: false);
            Assert.NotNull(order.ReissuesOrderId);
            Certificate next = Store.Bench.Certificate(order.CertificateId!);
            Assert.NotEqual(certificate.PrivateKeyId, next.PrivateKeyId);
            certificate = next;
        }

        Assert.Single(Store.Server.Ledger);
        Assert.Equal(4, certificate.Version);

        // 540 of 730 days are over, and the last certificate lasts until the end of the term: now the next term is bought.
        Store.Bench.Clock.Advance(TimeSpan.FromDays(180));
        Assert.Equal("20.00 USD", Store.Services.RenewCertificate.Quote(certificate.Id)?.ToString());
        await RefusesAsync<InvalidRequestException>(ErrorIds.ChargesNotAccepted, "20.00 USD", () => RenewAsync(certificate, acceptCharges: false));
        await RenewAsync(certificate, acceptCharges: true);
        Assert.Equal(2, Store.Server.Ledger.Count);
    }

    [Fact]
    public async Task Within_the_term_a_key_that_is_kept_goes_on_until_its_turn_has_come()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(
            SslStoreBench.For("www.contoso.com") with { ValidityMonths = 24, KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same, 2) });
        List<string?> keys = [certificate.PrivateKeyId];
        for (int i = 0; i < 3; i++)
        {
            Store.Bench.Clock.Advance(TimeSpan.FromDays(180));
            CertificateOrder order = await RenewAsync(certificate, acceptCharges: false);
            Assert.Equal((new RenewalKeyPolicy(KeyOnRenewal.Same, 2), true), (order.KeyPolicy, order.ReissuesOrderId is not null));
            certificate = Store.Bench.Certificate(order.CertificateId!);
            keys.Add(certificate.PrivateKeyId);
        }

        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[1], keys[2]);
        Assert.Equal(keys[2], keys[3]);
        Assert.Single(Store.Server.Ledger);
    }

    [Fact]
    public async Task Names_are_added_for_money_and_removed_for_nothing()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("a.contoso.com", "b.contoso.com", "c.contoso.com") with { Product = "positivemdcssl" });
        ReissueRequest request = new() { Add = [DomainName.Parse("d.contoso.com"), DomainName.Parse("e.contoso.com")], Remove = [DomainName.Parse("b.contoso.com")] };
        OrderPlan plan = Store.Services.ReissueCertificate.Plan(certificate.OrderId!, request, Store.Bench.Reporter);
        Assert.Equal("10.00 USD", plan.Charge?.ToString());
        await RefusesAsync<InvalidRequestException>(ErrorIds.ChargesNotAccepted, "10.00 USD", () => Store.Services.ReissueCertificate.RunAsync(plan, Store.Bench.Reporter, CancellationToken.None));
        CertificateOrder order = await ReissueAsync(certificate.OrderId!, request with { AcceptCharges = true });
        order = await Store.CompleteAsync(order);
        Certificate next = Store.Bench.Certificate(order.CertificateId!);
        Assert.Equal(["a.contoso.com", "c.contoso.com", "d.contoso.com", "e.contoso.com"], next.DomainNames.Select(n => n.Ascii).Order());
        Assert.Equal((2, certificate.LineageId), (next.Version, next.LineageId));
        Assert.Equal(2, Store.Server.Calls.Count(c => c is "order/neworder" or "order/reissue"));
    }

    [Fact]
    public async Task The_old_certificate_is_not_taken_for_the_new_one_also_with_the_same_key()
    {
        await Store.AddAccountAsync();
        Store.Server.ServesOldCertificates = true;
        OrderRequest request = SslStoreBench.For("www.contoso.com") with { KeyPolicy = new RenewalKeyPolicy(KeyOnRenewal.Same) };
        Certificate certificate = await Store.GetCertificateAsync(request);
        CertificateOrder order = await ReissueAsync(certificate.OrderId!, new ReissueRequest { PrivateKey = certificate.PrivateKeyId });
        order = await Store.CompleteAsync(order);
        Certificate next = Store.Bench.Certificate(order.CertificateId!);
        Assert.NotEqual(certificate.SerialNumber, next.SerialNumber);
        Assert.Equal(certificate.PrivateKeyId, next.PrivateKeyId);
    }

    [Fact]
    public async Task An_imported_order_is_issued_again_only_with_a_key_and_when_that_is_meant()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("www.contoso.com");
        CertificateOrder order = Assert.Single(await Store.ImportAsync());
        await RefusesAsync<ConflictException>(ErrorIds.ReissueNotAllowed, "placed elsewhere", () => ReissueAsync(order.Id, new ReissueRequest()));
        await RefusesAsync<ConflictException>(ErrorIds.ReissueNotAllowed, "placed elsewhere", () => ReissueAsync(order.Id, new ReissueRequest { AllowImported = true }));
        Assert.DoesNotContain("order/reissue", Store.Server.Calls);
        using KeyPair own = TestPki.NewKey();
        CertificateOrder again = await ReissueAsync(order.Id, new ReissueRequest { AllowImported = true, ImportedKey = own });
        again = await Store.CompleteAsync(again);
        Assert.NotNull(Store.Bench.Certificate(again.CertificateId!).PrivateKeyId);
    }

    [Fact]
    public async Task What_cannot_be_issued_again_says_why()
    {
        await Store.AddAccountAsync();
        CertificateOrder open = await Store.PlaceAsync(SslStoreBench.For("open.contoso.com"));
        await RefusesAsync<ConflictException>(ErrorIds.ReissueNotAllowed, "no certificate", () => ReissueAsync(open.Id, new ReissueRequest()));
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidDomainName, "first name", () => ReissueAsync(certificate.OrderId!, new ReissueRequest { Remove = [DomainName.Parse("www.contoso.com")] }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidDomainName, "x.contoso.com", () => ReissueAsync(certificate.OrderId!, new ReissueRequest { Remove = [DomainName.Parse("x.contoso.com")] }));
        Store.Bench.Clock.Advance(TimeSpan.FromDays(400));
        await RefusesAsync<ConflictException>(ErrorIds.ReissueNotAllowed, "paid until", () => ReissueAsync(certificate.OrderId!, new ReissueRequest()));
        _ = await Store.Bench.AddAccountAsync();
        Certificate local = await Store.Bench.GetCertificateAsync(new OrderRequest { DomainNames = [DomainName.Parse("local.test")], Account = "private" });
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "issue again", () => ReissueAsync(local.OrderId!, new ReissueRequest()));
    }

    [Fact]
    public async Task An_order_is_cancelled_when_the_authority_agrees_and_its_certificate_with_it()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        CertificateOrder order = await CancelAsync(certificate.OrderId!);
        Assert.Equal((OrderStatus.Saved, true), (order.Status, order.CancelRequestedAt is not null));
        Assert.Contains("refund requested", order.AuthorityStatus!, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Saved, (await Store.SyncAsync(order)).Status);

        SslStoreServer.ApproveRefund(Store.Server.Orders.Single());
        order = await Store.SyncAsync(order);
        Assert.Equal((OrderStatus.Revoked, null), (order.Status, order.CancelRequestedAt));
        Assert.Equal(CertificateStatus.Revoked, Store.Bench.Certificate(certificate.Id).Status);
        await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "Revoked", () => CancelAsync(order.Id));
    }

    [Fact]
    public async Task A_refund_that_is_refused_changes_nothing()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Store.Server.RefusesRefunds = true;
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "30 days is over", () => CancelAsync(order.Id));
        Assert.Equal((OrderStatus.PendingValidation, null), (Store.Bench.Order(order.Id).Status, Store.Bench.Order(order.Id).CancelRequestedAt));
        Store.Server.RefusesRefunds = false;
        Store.Server.ApprovesRefundsAtOnce = true;
        Assert.Equal(OrderStatus.Cancelled, (await CancelAsync(order.Id)).Status);
    }

    [Fact]
    public async Task A_certificate_is_revoked_by_its_order_and_serial_number()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        Certificate revoked = await Store.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, null, Store.Bench.Reporter, CancellationToken.None);
        Assert.Equal(CertificateStatus.Revoked, revoked.Status);
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("request", StringComparison.Ordinal));
        Assert.Equal("Cancelled", Store.Server.Orders.Single().Major);
    }

    [Fact]
    public async Task A_removed_order_stays_at_the_authority_and_the_user_is_told()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        int calls = Store.Server.Calls.Count;
        Store.Services.RemoveOrder.Run(order.Id, Store.Bench.Reporter);
        Assert.Equal(calls, Store.Server.Calls.Count);
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("here only", StringComparison.Ordinal));
    }

    private Task<CertificateOrder> CancelAsync(string id) => Store.Services.CancelOrder.RunAsync(id, null, Store.Bench.Reporter, CancellationToken.None);

    private Task<CertificateOrder> RenewAsync(Certificate certificate, bool acceptCharges) =>
        Store.Services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { AcceptCharges = acceptCharges }, Store.Bench.Reporter, CancellationToken.None);

    private async Task<CertificateOrder> ReissueAsync(string id, ReissueRequest request) =>
        await Store.Services.ReissueCertificate.RunAsync(Store.Services.ReissueCertificate.Plan(id, request, Store.Bench.Reporter), Store.Bench.Reporter, CancellationToken.None);
}
