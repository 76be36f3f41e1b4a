using System;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>How a user's words find a certificate, an order, an account.</summary>
public sealed class InventoryTests : OperationTests
{
    [Fact]
    public async Task A_certificate_is_found_by_all_that_a_user_may_know_of_it()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(Request("www.contoso.com", "bücher.example") with { Name = "Web shop" });
        string[] words =
        [
            certificate.Id, "web SHOP", certificate.Thumbprint, certificate.Thumbprint.ToLowerInvariant(), Regex.Replace(certificate.Thumbprint, "(..)", "$1 ").Trim(),
            certificate.Sha256Thumbprint, Regex.Replace(certificate.SerialNumber, "(..)", "$1:").TrimEnd(':'), certificate.OrderId!, "www.contoso.com", "BÜCHER.example", "xn--bcher-kva.example",
        ];
        Assert.All(words, word => Assert.Equal(certificate.Id, Bench.Services.Inventory.Resolve(word).Id));
    }

    [Fact]
    public async Task A_name_means_the_current_version_and_a_thumbprint_any()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        string current = (await Bench.RenewAsync(first)).CertificateId!;
        Assert.Equal(current, Bench.Services.Inventory.Resolve("www.contoso.com").Id);
        Assert.Equal(first.Id, Bench.Services.Inventory.Resolve(first.Thumbprint).Id);
        Assert.Equal(first.Id, Bench.Services.Inventory.Resolve(first.OrderId!).Id);
        Assert.Equal([2, 1], Bench.Services.Inventory.History(first.Thumbprint).Select(c => c.Version));
    }

    [Fact]
    public async Task A_domain_name_that_two_entries_have_decides_nothing()
    {
        await Bench.AddAccountAsync();
        await Bench.GetCertificateAsync(Request("www.contoso.com") with { Name = "one" });
        await Bench.GetCertificateAsync(Request("www.contoso.com") with { Name = "two" });
        InvalidRequestException e = Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "'www.contoso.com'", () => Bench.Services.Inventory.Resolve("www.contoso.com"));
        Assert.Contains("one v1", e.Message, StringComparison.Ordinal);
        Assert.Contains("two v1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_without_a_saved_certificate_says_what_is_missing()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        NotFoundException e = Refuses<NotFoundException>(ErrorIds.CertificateNotSaved, order.Id, () => Bench.Services.Inventory.Resolve(order.Id));
        Assert.Contains("Invoke-KmChallenge", e.Remedy, StringComparison.Ordinal);
        await Bench.CompleteAsync(order, save: false);
        e = Refuses<NotFoundException>(ErrorIds.CertificateNotSaved, "Available", () => Bench.Services.Inventory.Resolve(order.Id));
        Assert.Contains("Save-KmCertificate", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_is_found_by_id_or_is_the_newest_of_its_entry()
    {
        await Bench.AddAccountAsync();
        CertificateOrder first = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"));
        Bench.Clock.Advance(TimeSpan.FromMinutes(1));
        CertificateOrder second = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal(second.Id, Bench.Services.Inventory.ResolveOrder("WWW.contoso.com").Id);
        Assert.Equal(first.Id, Bench.Services.Inventory.ResolveOrder(first.Id).Id);
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Refuses<NotFoundException>(ErrorIds.CertificateNotFound, "'nothing'", () => Bench.Services.Inventory.Resolve("nothing"));
        Refuses<NotFoundException>(ErrorIds.CertificateNotFound, "'nothing'", () => Bench.Services.Inventory.History("nothing"));
        Refuses<NotFoundException>(ErrorIds.OrderNotFound, "'nothing'", () => Bench.Services.Inventory.ResolveOrder("nothing"));
        Refuses<NotFoundException>(ErrorIds.AccountNotFound, "'nothing'", () => Bench.Services.Inventory.ResolveAccount("nothing"));
        Refuses<NotFoundException>(ErrorIds.PrivateKeyNotFound, "'nothing'", () => Bench.Services.Inventory.ResolvePrivateKey("nothing"));
    }

    [Fact]
    public async Task An_expired_certificate_reads_Expired_and_saving_something_else_about_it_does_not_store_that()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        DateTimeOffset start = Bench.Clock.UtcNow;
        Bench.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal(CertificateStatus.Expired, Bench.Services.Inventory.Resolve("www.contoso.com").Status);
        Assert.True(certificate.NotAfter > start);
        CertificateOrder renewal = await Bench.RenewAsync(certificate);
        Assert.Equal((OrderStatus.Saved, CertificateStatus.Valid), (renewal.Status, Bench.Services.Inventory.Resolve("www.contoso.com").Status));
    }
}
