using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>A process dies at any of its changes to the store; the same command in a new one goes on, with the order that the authority has and with the same key.</summary>
public sealed class AcmeCrashTests
{
    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task An_order_is_taken_up_and_neither_placed_nor_finalized_twice(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using AcmeBench acme = new();
        await acme.AddAccountAsync();
        if (!await Crash.AtAsync(acme.Bench, step, moment, services => OrderAsync(services, acme)))
        {
            return false;
        }

        bool finished = acme.Bench.Orders().Any(o => o.Status == OrderStatus.Saved);
        KeyManagerServices next = Crash.NewProcess(acme.Bench);
        if (!finished)
        {
            await OrderAsync(next, acme);
        }

        AssertWhole(acme, 1);
        return true;
    });

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task A_renewal_is_taken_up_and_neither_placed_nor_finalized_twice(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using AcmeBench acme = new();
        await acme.AddAccountAsync();
        Certificate first = await acme.Bench.GetCertificateAsync("www.contoso.com");
        if (!await Crash.AtAsync(acme.Bench, step, moment, services => RenewAsync(services, acme, first)))
        {
            return false;
        }

        bool saved = acme.Bench.Listed().Single().Id != first.Id;
        KeyManagerServices next = Crash.NewProcess(acme.Bench);
        if (!saved)
        {
            await RenewAsync(next, acme, first);
        }

        AssertWhole(acme, 2);
        return true;
    });

    private static async Task OrderAsync(KeyManagerServices services, AcmeBench acme)
    {
        CertificateOrder order = await services.PlaceOrder.RunAsync(AcmeBench.For("www.contoso.com"), acme.Bench.Reporter, CancellationToken.None);
        await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), acme.Bench.Reporter, CancellationToken.None);
    }

    private static Task RenewAsync(KeyManagerServices services, AcmeBench acme, Certificate certificate) =>
        services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions(), acme.Bench.Reporter, CancellationToken.None);

    private static void AssertWhole(AcmeBench acme, int orders)
    {
        acme.AssertNoViolations();
        Assert.Equal(orders, acme.Server.Orders.Count);
        Assert.All(acme.Server.Orders, o => Assert.Equal(("valid", 1), (o.Status, o.Finalizations)));
        Assert.Equal(orders, acme.Bench.Orders().Count);
        Assert.All(acme.Bench.Orders(), o => Assert.Equal(OrderStatus.Saved, o.Status));
        Assert.All(acme.Bench.Orders(), o => Assert.All(o.Challenges, c => Assert.Null(c.PublishedBy)));
        Certificate current = Assert.Single(acme.Bench.Listed());
        Assert.Equal(orders, current.Version);
        Assert.Equal(acme.Bench.Key(current.PrivateKeyId!).SubjectPublicKeyInfo, acme.Bench.Certificates.Parse(current.RawData).SubjectPublicKeyInfo);
        Assert.Empty(acme.Bench.Solver.Published);
    }
}
