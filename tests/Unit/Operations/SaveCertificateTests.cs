using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class SaveCertificateTests : OperationTests
{
    [Fact]
    public async Task Saving_makes_it_the_current_version_of_its_entry()
    {
        CertificateOrder order = await AvailableAsync("www.contoso.com");
        Certificate saved = Bench.Services.SaveCertificate.Run(order.Id, Bench.Reporter);
        Assert.Equal((CertificateStatus.Valid, true, Bench.Clock.UtcNow), (saved.Status, saved.IsCurrent, saved.SavedAt!.Value));
        Assert.Equal(saved.Id, Assert.Single(Bench.Listed()).Id);
        Assert.Equal(OrderStatus.Saved, Bench.Order(order.Id).Status);
        Assert.True(WasAudited("CertificateSaved", saved.Id));
    }

    [Fact]
    public async Task Saving_again_is_refused_and_points_to_the_inventory()
    {
        CertificateOrder order = await AvailableAsync("www.contoso.com");
        Bench.Services.SaveCertificate.Run(order.Id, Bench.Reporter);
        ConflictException e = Refuses<ConflictException>(ErrorIds.OrderStateInvalid, "Saved", () => Bench.Services.SaveCertificate.Run(order.Id, Bench.Reporter));
        Assert.Contains("Get-KmCertificate", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_issued_cannot_be_saved()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        ConflictException e = Refuses<ConflictException>(ErrorIds.OrderStateInvalid, "Processing", () => Bench.Services.SaveCertificate.Run(order.Id, Bench.Reporter));
        Assert.Contains("Invoke-KmChallenge", e.Remedy, StringComparison.Ordinal);
        Refuses<NotFoundException>(ErrorIds.OrderNotFound, "nosuchorder1", () => Bench.Services.SaveCertificate.Run("nosuchorder1", Bench.Reporter));
    }

    [Fact]
    public async Task The_keystore_password_moves_from_the_order_to_the_entry()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync(Request("www.contoso.com") with { KeystorePassword = "hunter2" }));
        string lineage = Bench.Certificate(order.CertificateId!).LineageId;
        Assert.Equal("hunter2", Encoding.UTF8.GetString(Bench.Store.Read(s => s.Secrets.Get(SecretRef.KeystorePassword(lineage)))!));
        Assert.False(Bench.Store.Read(s => s.Secrets.Exists(SecretRef.KeystorePassword(order.Id))));
    }

    [Fact]
    public async Task A_second_order_of_the_same_entry_becomes_its_next_version()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        Certificate second = await Bench.GetCertificateAsync("www.contoso.com");
        Assert.Equal((first.LineageId, 2), (second.LineageId, second.Version));
        Assert.Equal(second.Id, Assert.Single(Bench.Listed()).Id);
        Assert.Equal([2, 1], Bench.Services.Inventory.History("www.contoso.com").Select(c => c.Version));
    }

    [Fact]
    public async Task At_the_limit_a_new_entry_waits_with_its_order_and_renewals_go_on()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Services.Settings.Set(StoreSettings.MaxManagedCertificates, "1");
        CertificateOrder order = await Bench.PlaceAsync("mail.contoso.com");
        ConflictException e = await FailsAsync<ConflictException>(ErrorIds.CertificateQuotaExceeded, "MaxManagedCertificates", () => Bench.CompleteAsync(order));
        Assert.Contains("Save-KmCertificate", e.Remedy, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Available, Bench.Order(order.Id).Status);
        Assert.Equal(OrderStatus.Saved, (await Bench.RenewAsync(first)).Status);

        Bench.Services.Settings.Set(StoreSettings.MaxManagedCertificates, "2");
        Bench.Services.SaveCertificate.Run(order.Id, Bench.Reporter);
        Assert.Equal(2, Bench.Listed().Count);
    }

    private async Task<CertificateOrder> AvailableAsync(string name)
    {
        await Bench.AddAccountAsync();
        return await Bench.CompleteAsync(await Bench.PlaceAsync(name), save: false);
    }
}
