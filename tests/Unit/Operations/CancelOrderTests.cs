using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class CancelOrderTests : OperationTests
{
    [Fact]
    public async Task A_placed_order_is_cancelled_at_the_authority()
    {
        Bench.AddScripted(Bench.Able);
        CertificateOrder order = await CancelAsync(await Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(OrderStatus.Cancelled, Bench.Order(order.Id).Status);
        Assert.Equal(["Place", "Cancel"], Bench.Able.Calls);
        Assert.True(WasAudited("OrderCancelled", order.Id));
    }

    [Fact]
    public async Task A_draft_is_cancelled_here_and_the_authority_hears_nothing()
    {
        Bench.AddScripted(Bench.Plain);
        Bench.Plain.Before = _ => throw new RateLimitException("KmAuthorityRateLimited", "Later.");
        await Assert.ThrowsAsync<RateLimitException>(() => Bench.PlaceAsync("www.contoso.com"));
        CertificateOrder order = await CancelAsync(Bench.Orders().Single());
        Assert.Equal(OrderStatus.Cancelled, order.Status);
        Assert.Equal(["Place"], Bench.Plain.Calls);
    }

    [Fact]
    public async Task An_authority_that_cannot_cancel_is_named_with_those_that_can()
    {
        Bench.AddScripted(Bench.Plain);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        InvalidRequestException e = await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "Plain authority", () => CancelAsync(order));
        Assert.Contains("Able", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_with_its_certificate_is_to_be_revoked_instead()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"), save: false);
        ConflictException e = await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "Available", () => CancelAsync(order));
        Assert.Contains("Revoke-KmCertificate", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_order_is_not_cancelled_twice()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await CancelAsync(await Bench.PlaceAsync("www.contoso.com"));
        await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "Cancelled", () => CancelAsync(order));
    }

    [Fact]
    public async Task When_the_authority_refuses_the_order_stays_as_it_is()
    {
        Bench.AddScripted(Bench.Able);
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        Bench.Able.Before = _ => throw new AuthorityException(ErrorIds.AuthorityRejected, "Too late.") { Remedy = "Ask the authority." };
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "Too late", () => CancelAsync(order));
        Assert.Equal(OrderStatus.Processing, Bench.Order(order.Id).Status);
    }

    private Task<CertificateOrder> CancelAsync(CertificateOrder order) => Bench.Services.CancelOrder.RunAsync(order.Id, "not needed", Bench.Reporter, CancellationToken.None);
}
