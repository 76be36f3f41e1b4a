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

public sealed class SslStoreImportTests : SslStoreTests
{
    [Fact]
    public async Task All_orders_come_with_their_certificates_and_a_second_import_changes_nothing()
    {
        await Store.AddAccountAsync(("ImportPageSize", "10"));
        for (int i = 0; i < 20; i++)
        {
            Store.Server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
        }

        IReadOnlyList<CertificateOrder> orders = await Store.ImportAsync();
        Assert.Equal(20, orders.Count);
        Assert.All(orders, o => Assert.Equal((OrderStatus.Saved, OrderOrigin.Imported, "Sectigo", 12), (o.Status, o.Origin, o.Vendor, o.ValidityMonths)));
        Assert.Equal(20, Store.Bench.Listed().Count);
        Assert.Equal(3, Store.Server.Calls.Count(c => c == "order/query")); // two full pages, then an empty one
        Assert.DoesNotContain("order/status", Store.Server.Calls);
        Assert.Equal(20, Store.Server.Calls.Count(c => c == "order/download"));

        int audit = Store.Bench.Audit().Count;
        Assert.Equal(20, (await Store.ImportAsync()).Count);
        Assert.Equal(audit, Store.Bench.Audit().Count);
        Assert.Equal(20, Store.Server.Calls.Count(c => c == "order/download"));
    }

    [Fact]
    public async Task What_changed_is_changed_and_a_deleted_order_comes_back()
    {
        await Store.AddAccountAsync();
        SoldOrder sold = Store.Server.Add("a.contoso.com");
        SoldOrder other = Store.Server.Add("b.contoso.com");
        CertificateOrder order = (await Store.ImportAsync()).Single(o => o.Name == "a.contoso.com");
        sold.Major = "Cancelled";
        CertificateOrder changed = (await Store.ImportAsync()).Single(o => o.Name == "a.contoso.com");
        Assert.Equal((order.Id, OrderStatus.Revoked), (changed.Id, changed.Status));
        Assert.Equal(CertificateStatus.Revoked, Store.Bench.Certificate(changed.CertificateId!).Status);

        CertificateOrder removed = Store.Bench.Orders().Single(o => o.Name == "b.contoso.com");
        Store.Services.RemoveOrder.Run(removed.Id, Store.Bench.Reporter);
        CertificateOrder back = Assert.Single(await Store.ImportAsync(new ImportOptions { AuthorityOrderIds = [other.Id] }));
        Assert.Equal((OrderStatus.Saved, removed.CertificateId), (back.Status, back.CertificateId));
        await RefusesAsync<NotFoundException>(ErrorIds.OrderNotFound, "999", () => Store.ImportAsync(new ImportOptions { AuthorityOrderIds = ["999"] }));
    }

    [Fact]
    public async Task Certificates_that_are_excluded_stay_away_and_their_orders_come()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("good.contoso.com");
        Store.Server.Add("old.contoso.com", "Expired", boughtAt: Store.Bench.Clock.UtcNow.AddDays(-700));
        Store.Server.Add("late.contoso.com", boughtAt: Store.Bench.Clock.UtcNow.AddDays(-300));
        Store.Server.Add("revoked.contoso.com", "Cancelled");
        Store.Server.Add("never.contoso.com", "Cancelled", isIssued: false);
        Store.Server.Add("rejected.contoso.com", "Order Rejected", isIssued: false);
        IReadOnlyList<CertificateOrder> orders = await Store.ImportAsync(new ImportOptions { Exclude = [OrderStatus.Expired, OrderStatus.Revoked, OrderStatus.Rejected] });
        Dictionary<string, OrderStatus> found = orders.ToDictionary(o => o.Name.Split('.')[0], o => o.Status);
        Assert.Equal(6, found.Count);
        Assert.Equal((OrderStatus.Saved, OrderStatus.Expired, OrderStatus.Expired), (found["good"], found["old"], found["late"]));
        Assert.Equal((OrderStatus.Revoked, OrderStatus.Rejected), (found["revoked"], found["rejected"]));
        Assert.Equal("good.contoso.com", Assert.Single(Store.Bench.Listed()).Name);

        // Without the exclusion the certificates follow.
        await Store.ImportAsync();
        Assert.Equal(4, Store.Bench.Listed().Count);
    }

    [Fact]
    public async Task A_pending_order_is_asked_for_once_when_its_row_does_not_tell_all_and_can_be_proved()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("told.contoso.com", "Pending");
        CertificateOrder told = Assert.Single(await Store.ImportAsync());
        Assert.Equal((OrderStatus.PendingValidation, 1), (told.Status, told.Challenges.Count));
        Assert.DoesNotContain("order/status", Store.Server.Calls);
        Assert.Equal(ChallengeType.DnsCname, told.ChallengeType);
    }

    [Fact]
    public async Task The_same_name_several_times_is_one_entry_whose_newest_certificate_counts()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("www.contoso.com", boughtAt: Store.Bench.Clock.UtcNow.AddDays(-20));
        SoldOrder newest = Store.Server.Add("www.contoso.com", boughtAt: Store.Bench.Clock.UtcNow.AddDays(-2));
        Store.Server.Add("www.contoso.com", boughtAt: Store.Bench.Clock.UtcNow.AddDays(-100));
        await Store.ImportAsync();
        Assert.Equal(newest.Serial, Assert.Single(Store.Bench.Listed()).SerialNumber);
        Assert.Equal(3, Store.Services.Inventory.History("www.contoso.com").Count);
    }

    [Fact]
    public async Task Our_own_orders_are_left_to_their_journal_and_keys_are_found_again()
    {
        await Store.AddAccountAsync();
        Certificate certificate = await Store.GetCertificateAsync(SslStoreBench.For("www.contoso.com"));
        Store.Server.Fail("order/neworder", new SslStoreFault(ConnectionCut.BeforeAnswer));
        await Assert.ThrowsAsync<TransportException>(() => Store.PlaceAsync(SslStoreBench.For("b.contoso.com")));
        await Store.ImportAsync();
        Assert.Equal(2, Store.Bench.Orders().Count);
        Assert.Equal(OrderStep.Placing, Store.Bench.Orders().Single(o => o.Name == "b.contoso.com").Step);

        Store.Services.RemoveOrder.Run(certificate.OrderId!, Store.Bench.Reporter);
        CertificateOrder back = (await Store.ImportAsync()).Single(o => o.Name == "www.contoso.com");
        Assert.Equal((OrderOrigin.Imported, certificate.PrivateKeyId), (back.Origin, back.PrivateKeyId));
    }

    [Fact]
    public async Task A_certificate_that_is_not_handed_out_does_not_stop_the_others_and_comes_next_time()
    {
        await Store.AddAccountAsync();
        Store.Server.Add("a.contoso.com");
        Store.Server.Add("b.contoso.com");
        Store.Server.Fail("order/download", new SslStoreFault(Error: "ErrorCode:-1|Message:later"));
        Assert.Equal(2, (await Store.ImportAsync()).Count);
        Assert.Single(Store.Bench.Listed());
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("later", StringComparison.Ordinal));
        await Store.ImportAsync();
        Assert.Equal(2, Store.Bench.Listed().Count);
    }

    [Fact]
    public async Task A_full_inventory_keeps_certificates_with_their_orders()
    {
        await Store.AddAccountAsync();
        Store.Services.Settings.Set("MaxManagedCertificates", "1");
        Store.Server.Add("a.contoso.com");
        Store.Server.Add("b.contoso.com");
        IReadOnlyList<CertificateOrder> orders = await Store.ImportAsync();
        Assert.Equal([OrderStatus.Available, OrderStatus.Saved], orders.Select(o => o.Status).Order());
        Assert.Single(Store.Bench.Reporter.Warnings, x => x.Contains("MaxManagedCertificates", StringComparison.Ordinal));
    }
}
