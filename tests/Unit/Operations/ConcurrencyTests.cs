using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>Two processes, the same order: one works, the other hears that it is busy.</summary>
public sealed class ConcurrencyTests : OperationTests
{
    [Theory]
    [InlineData("Submit")]
    [InlineData("Finalize")]
    [InlineData("Download")]
    public async Task A_second_process_hears_that_the_order_is_busy(string during)
    {
        CertificateOrder order = await PlaceAsync();
        KeyManagerServices other = Bench.AnotherProcess();
        List<ConflictException> refused = [];
        Bench.Able.Before = call =>
        {
            if (call == during)
            {
                refused.Add(Assert.Throws<ConflictException>(() => { Complete(other, order); }));
                refused.Add(Assert.Throws<ConflictException>(() => { other.SyncOrder.RunAsync(order.Id, true, Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult(); }));
                refused.Add(Assert.Throws<ConflictException>(() => { other.CancelOrder.RunAsync(order.Id, null, Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult(); }));
                refused.Add(Assert.Throws<ConflictException>(() => { Place(other); }));
            }
        };
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
        Assert.Equal(4, refused.Count);
        Assert.All(refused, e =>
        {
            Assert.Equal((ErrorIds.OrderBusy, ConflictKind.Busy, true), (e.ErrorId, e.Kind, e.IsTransient));
            Assert.Contains(order.Id, e.Message, StringComparison.Ordinal);
            Assert.NotNull(e.Remedy);
        });
        Assert.Equal(1, Bench.Able.Calls.Count(c => c == during));
        Assert.Single(Bench.Listed());
    }

    [Fact]
    public async Task Two_that_complete_the_same_order_at_once_get_one_certificate()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        KeyManagerServices[] processes = [Bench.AnotherProcess(), Bench.AnotherProcess(), Bench.AnotherProcess()];
        string[] ends = await AtOnceAsync(processes, services => Complete(services, order).Status.ToString());
        Assert.Single(ends, "Saved");
        Assert.All(ends, end => Assert.Contains(end, new[] { "Saved", ErrorIds.OrderBusy, ErrorIds.OrderStateInvalid }));
        Assert.Equal((1, 1), (Count("certificates"), Count("issued_certificates")));
        Assert.Null(Bench.Store.Read(s => s.Audit.Verify()));
    }

    [Fact]
    public async Task The_same_order_by_several_at_once_is_placed_once()
    {
        await Bench.AddAccountAsync();
        KeyManagerServices[] processes = [Bench.AnotherProcess(), Bench.AnotherProcess(), Bench.AnotherProcess()];
        string[] ends = await AtOnceAsync(processes, services => Place(services).Id);
        string id = Assert.Single(Bench.Orders()).Id;
        Assert.Contains(id, ends);
        Assert.All(ends, end => Assert.Contains(end, new[] { id, ErrorIds.OrderBusy }));
        Assert.Equal((1, 1), (Count("private_keys"), Bench.Audit().Count(a => a.Action == "OrderPlaced")));
    }

    [Fact]
    public async Task A_process_that_looked_before_the_other_stored_its_order_takes_that_one()
    {
        Bench.AddScripted(Bench.Able);
        KeyManagerServices other = Bench.AnotherProcess();
        CertificateOrder? first = null;
        Bench.Store.BeforeWrite = _ =>
        {
            Bench.Store.BeforeWrite = null;
            first = Place(other);
        };
        CertificateOrder second = Place(Bench.Services);
        Assert.Equal(first!.Id, second.Id);
        Assert.Equal((1, 1), (Bench.Able.Placed.Values.Single(), Count("private_keys")));
        Assert.Contains("open already", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lease_of_a_dead_process_runs_out_and_is_taken_over()
    {
        CertificateOrder order = await PlaceAsync();
        Assert.True(Bench.Store.Leases.TryAcquire("order:" + order.Id, "dead", TimeSpan.FromMinutes(3)));
        await RefusesAsync<ConflictException>(ErrorIds.OrderBusy, order.Id, () => Bench.CompleteAsync(order));
        Bench.Clock.Advance(TimeSpan.FromMinutes(2));
        await RefusesAsync<ConflictException>(ErrorIds.OrderBusy, order.Id, () => Bench.CompleteAsync(order));
        Bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task A_process_that_slept_through_its_lease_goes_on_with_nothing()
    {
        CertificateOrder order = await PlaceAsync();
        KeyManagerServices other = Bench.AnotherProcess();
        Bench.Able.Before = call =>
        {
            if (call == "Submit")
            {
                // A laptop that was closed: the other one takes the lease, and holds it.
                Bench.Able.Before = null;
                Bench.Clock.Advance(TimeSpan.FromHours(1));
                Assert.True(other.Store.Leases.TryAcquire("order:" + order.Id, "other", TimeSpan.FromMinutes(3)));
            }
        };
        await FailsAsync<ConflictException>(ErrorIds.OrderBusy, order.Id, () => Bench.CompleteAsync(order));
        Assert.DoesNotContain("Finalize", Bench.Able.Calls);
        Assert.Empty(Bench.Solver.Published);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_late_answer_does_not_turn_back_what_another_process_has_finished(bool save)
    {
        CertificateOrder order = await PlaceAsync();
        KeyManagerServices other = Bench.AnotherProcess();
        Bench.Able.Before = call =>
        {
            if (call == "Download")
            {
                Bench.Able.Before = null;
                Bench.Clock.Advance(TimeSpan.FromMinutes(4));
                Complete(other, order);
            }
        };
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order, save)).Status);
        Assert.Equal((OrderStatus.Saved, 1), (Bench.Order(order.Id).Status, Count("certificates")));
    }

    [Fact]
    public async Task Other_orders_are_not_held_up()
    {
        CertificateOrder order = await PlaceAsync();
        CertificateOrder second = await Bench.PlaceAsync("mail.contoso.com");
        KeyManagerServices other = Bench.AnotherProcess();
        Bench.Able.Before = call =>
        {
            if (call == "Finalize")
            {
                Bench.Able.Before = null;
                Assert.Equal(OrderStatus.Saved, Complete(other, second).Status);
            }
        };
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
        Assert.Equal(2, Bench.Listed().Count);
    }

    private static async Task<string[]> AtOnceAsync(KeyManagerServices[] processes, Func<KeyManagerServices, string> work)
    {
        using Barrier start = new(processes.Length);
        return await Task.WhenAll(processes.Select(services => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                try
                {
                    return work(services);
                }
                catch (ConflictException e)
                {
                    return e.ErrorId;
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private Task<CertificateOrder> PlaceAsync()
    {
        Bench.AddScripted(Bench.Able);
        Bench.Able.PlaceAnswer = AbleAuthority.Pending;
        return Bench.PlaceAsync("www.contoso.com");
    }

    private CertificateOrder Place(KeyManagerServices services) =>
        services.PlaceOrder.RunAsync(Request("www.contoso.com"), Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult();

    private CertificateOrder Complete(KeyManagerServices services, CertificateOrder order) =>
        services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Bench.Reporter, CancellationToken.None).GetAwaiter().GetResult();
}
