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

/// <summary>A process dies at any of its changes to the store; the same command in a new one goes on, and nothing is paid twice.</summary>
public sealed class SslStoreCrashTests
{
    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task An_order_is_taken_up_and_paid_once(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using SslStoreBench store = new();
        await store.AddAccountAsync();
        if (!await Crash.AtAsync(store.Bench, step, moment, services => OrderAsync(services, store)))
        {
            return false;
        }

        bool finished = store.Bench.Orders().Any(o => o.Status == OrderStatus.Saved);
        KeyManagerServices next = Crash.NewProcess(store.Bench);
        if (!finished)
        {
            await OrderAsync(next, store);
        }

        AssertWhole(store, 1);
        return true;
    });

    [Theory]
    [InlineData(CrashMoment.Within, 12)]
    [InlineData(CrashMoment.After, 12)]
    [InlineData(CrashMoment.Within, 24)]
    [InlineData(CrashMoment.After, 24)]
    public Task A_renewal_bought_or_within_the_term_is_taken_up_and_paid_at_most_once(CrashMoment moment, int months) => Crash.ForEachStepAsync(async step =>
    {
        using SslStoreBench store = new();
        await store.AddAccountAsync();
        store.Server.CertificateDays = months == 12 ? 400 : 199;
        Certificate first = await store.GetCertificateAsync(SslStoreBench.For("www.contoso.com") with { ValidityMonths = months });
        store.Bench.Clock.Advance(TimeSpan.FromDays(months == 12 ? 350 : 180));
        if (!await Crash.AtAsync(store.Bench, step, moment, services => RenewAsync(services, store, first)))
        {
            return false;
        }

        bool saved = store.Bench.Listed().Single().Id != first.Id;
        KeyManagerServices next = Crash.NewProcess(store.Bench);
        if (!saved)
        {
            await RenewAsync(next, store, first);
        }

        AssertWhole(store, months == 12 ? 2 : 1);
        Assert.Equal(2, store.Bench.Listed().Single().Version);
        return true;
    });

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public Task An_import_goes_on_and_has_everything_once(CrashMoment moment) => Crash.ForEachStepAsync(async step =>
    {
        using SslStoreBench store = new();
        await store.AddAccountAsync(("ImportPageSize", "10"));
        for (int i = 0; i < 45; i++)
        {
            store.Server.Add(FormattableString.Invariant($"host{i}.contoso.com"));
        }

        if (!await Crash.AtAsync(store.Bench, step, moment, services => store.ImportAsync(null, services)))
        {
            return false;
        }

        await store.ImportAsync(null, Crash.NewProcess(store.Bench));
        Assert.Equal(45, store.Bench.Orders().Count);
        Assert.Equal(45, store.Bench.Listed().Count);
        Assert.Null(store.Bench.Store.Read(s => s.Imports.Find(store.Account.Id)));
        store.AssertNoViolations();
        return true;
    });

    private static async Task OrderAsync(KeyManagerServices services, SslStoreBench store)
    {
        CertificateOrder order = await services.PlaceOrder.RunAsync(SslStoreBench.For("www.contoso.com"), store.Bench.Reporter, CancellationToken.None);
        await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), store.Bench.Reporter, CancellationToken.None);
    }

    private static Task RenewAsync(KeyManagerServices services, SslStoreBench store, Certificate certificate) =>
        services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions { AcceptCharges = true }, store.Bench.Reporter, CancellationToken.None);

    private static void AssertWhole(SslStoreBench store, int paid)
    {
        store.AssertNoViolations();
        Assert.Equal(paid, store.Server.Ledger.Count);
        Assert.Equal(paid, store.Server.Orders.Count);
        Assert.All(store.Bench.Orders(), o => Assert.Equal(OrderStatus.Saved, o.Status));
        Assert.All(store.Bench.Orders(), o => Assert.All(o.Challenges, c => Assert.Null(c.PublishedBy)));
        Certificate current = Assert.Single(store.Bench.Listed());
        Assert.Equal(store.Bench.Key(current.PrivateKeyId!).SubjectPublicKeyInfo, store.Bench.Certificates.Parse(current.RawData).SubjectPublicKeyInfo);
        Assert.Empty(store.Bench.Solver.Published);
    }
}
