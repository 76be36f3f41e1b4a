using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RemoveOrderTests : OperationTests
{
    [Fact]
    public async Task The_order_goes_here_only_and_that_is_said()
    {
        Bench.AddScripted(Bench.Able);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Services.RemoveOrder.Run(order.Id, Bench.Reporter);
        Assert.Empty(Bench.Orders());
        Assert.Contains($"Able still has it as {order.AuthorityOrderId}", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.Equal(["Place"], Bench.Able.Calls);
        Assert.True(WasAudited("OrderRemoved", order.Id));
    }

    [Fact]
    public async Task A_saved_certificate_stays_without_its_order()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Services.RemoveOrder.Run(certificate.OrderId!, Bench.Reporter);
        certificate = Assert.Single(Bench.Listed());
        Assert.Equal((null, true), (certificate.OrderId, certificate.HasPrivateKey));
    }

    [Fact]
    public async Task A_certificate_that_was_never_saved_goes_with_it_and_so_does_its_password()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync(Request("www.contoso.com") with { KeystorePassword = "hunter2" }), save: false);
        Bench.Services.RemoveOrder.Run(order.Id, Bench.Reporter);
        Assert.Equal((0, 0), (Count("certificates"), Count("lineages")));
        Assert.False(Bench.Store.Read(s => s.Secrets.Exists(SecretRef.KeystorePassword(order.Id))));
    }

    [Fact]
    public async Task An_order_that_a_command_is_working_on_stays()
    {
        Bench.AddScripted(Bench.Able);
        ConflictException? refused = null;
        Bench.Able.Before = call =>
        {
            if (call == "Place")
            {
                refused = Assert.Throws<ConflictException>(() => Bench.AnotherProcess().RemoveOrder.Run(Bench.Orders().Single().Id, Bench.Reporter));
            }
        };
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Assert.Equal(ErrorIds.OrderBusy, refused?.ErrorId);
        Assert.Equal("A-" + order.Id, Bench.Order(order.Id).AuthorityOrderId);
    }

    [Fact]
    public void An_order_that_does_not_exist_is_named() =>
        Refuses<NotFoundException>(ErrorIds.OrderNotFound, "nosuchorder1", () => Bench.Services.RemoveOrder.Run("nosuchorder1", Bench.Reporter));
}
