using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>
/// A process dies within or after each change to the store; the same command in a new process goes on. One order at the authority,
/// one certificate, no key without an owner, an audit trail that verifies.
/// </summary>
public sealed class CrashTests
{
    public enum Peer
    {
        Scripted,
        Local,
    }

    public static TheoryData<Peer, CrashMoment> Cases
    {
        get
        {
            TheoryData<Peer, CrashMoment> cases = [];
            foreach (Peer peer in new[] { Peer.Scripted, Peer.Local })
            {
                foreach (CrashMoment moment in new[] { CrashMoment.Within, CrashMoment.After })
                {
                    cases.Add(peer, moment);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_order_that_a_crash_interrupted_is_taken_up_by_the_same_command(Peer peer, CrashMoment moment) =>
        await Crash.ForEachStepAsync(async step =>
        {
            using TestBench bench = await BenchAsync(peer);
            if (!await Crash.AtAsync(bench, step, moment, services => OrderAsync(services, bench)))
            {
                return false;
            }

            bool finished = bench.Orders().Any(o => o.Status == OrderStatus.Saved);
            KeyManagerServices next = Crash.NewProcess(bench);
            if (!finished)
            {
                await OrderAsync(next, bench);
            }

            AssertWhole(bench, orders: 1);
            return true;
        });

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_renewal_that_a_crash_interrupted_is_taken_up_by_the_same_command(Peer peer, CrashMoment moment) =>
        await Crash.ForEachStepAsync(async step =>
        {
            using TestBench bench = await BenchAsync(peer);
            await OrderAsync(bench.Services, bench);
            Certificate first = bench.Listed().Single();
            if (!await Crash.AtAsync(bench, step, moment, services => RenewAsync(services, bench, first)))
            {
                return false;
            }

            // Whatever happened: there is a current version, and it is one of the two.
            bool saved = Assert.Single(bench.Listed()).Id != first.Id;
            KeyManagerServices next = Crash.NewProcess(bench);
            if (saved)
            {
                Assert.Equal(ErrorIds.CertificateNotRenewable, (await Assert.ThrowsAsync<ConflictException>(() => RenewAsync(next, bench, first))).ErrorId);
            }
            else
            {
                await RenewAsync(next, bench, first);
            }

            AssertWhole(bench, orders: 2);
            Assert.NotEqual(first.Id, bench.Listed().Single().Id);
            return true;
        });

    [Theory]
    [InlineData(CrashMoment.Within)]
    [InlineData(CrashMoment.After)]
    public async Task Where_the_authority_cannot_be_asked_nothing_is_ever_placed_twice(CrashMoment moment)
    {
        int unknown = 0;
        await Crash.ForEachStepAsync(async step =>
        {
            using TestBench bench = new();
            bench.AddScripted(bench.Plain);
            if (!await Crash.AtAsync(bench, step, moment, services => OrderAsync(services, bench)))
            {
                return false;
            }

            bool inDoubt = bench.Orders().Any(o => o.Step == OrderStep.Placing);
            bool finished = bench.Orders().Any(o => o.Status == OrderStatus.Saved);
            KeyManagerServices next = Crash.NewProcess(bench);
            if (inDoubt)
            {
                unknown++;
                ConflictException e = await Assert.ThrowsAsync<ConflictException>(() => OrderAsync(next, bench));
                Assert.Equal(ErrorIds.OrderStateInvalid, e.ErrorId);
                Assert.Contains("portal", e.Remedy, StringComparison.Ordinal);
                Assert.Equal(OrderStatus.Unknown, Assert.Single(bench.Orders()).Status);
                Assert.True(bench.Plain.Placed.Values.Sum() <= 1);
                return true;
            }

            if (!finished)
            {
                await OrderAsync(next, bench);
            }

            AssertWhole(bench, orders: 1);
            return true;
        });
        Assert.InRange(unknown, 1, 2);
    }

    [Theory]
    [InlineData(Peer.Scripted)]
    [InlineData(Peer.Local)]
    public async Task A_disk_that_is_full_at_any_step_stops_the_command_and_costs_nothing(Peer peer) =>
        await Crash.ForEachStepAsync(async step =>
        {
            using TestBench bench = await BenchAsync(peer);
            int stepsBefore = bench.Store.Writes;
            bench.Store.InWrite = number =>
            {
                // As long as it is full, also for what the process writes on its way out.
                if (number >= stepsBefore + step)
                {
                    throw new StoreException(ErrorIds.StoreFull, "The disk is full.") { Remedy = "Make room." };
                }
            };
            StoreException? full = null;
            try
            {
                await OrderAsync(bench.Services, bench);
            }
            catch (StoreException e)
            {
                full = e;
            }

            bench.Store.InWrite = null;
            if (full is null)
            {
                return false;
            }

            // The same process may go on as soon as there is room.
            Assert.Equal(ErrorIds.StoreFull, full.ErrorId);
            await OrderAsync(bench.Services, bench);
            AssertWhole(bench, orders: 1);
            return true;
        });

    [Fact]
    public async Task Every_store_on_the_way_is_one_that_a_new_process_can_read()
    {
        using TestBench bench = await BenchAsync(Peer.Local);
        KeyManagerServices reader = bench.AnotherProcess();
        int seen = 0;
        bench.Store.AfterWrite = _ =>
        {
            seen++;
            Assert.All(reader.Store.Stream(new OrderQuery()), o => Assert.NotNull(o.Csr));
            Assert.True(reader.Store.Stream(new CertificateQuery()).Count() <= 1);
            Assert.Null(reader.Store.Read(s => s.Audit.Verify()));
        };
        await OrderAsync(bench.Services, bench);
        Assert.True(seen >= Crash.FewestSteps);
    }

    private static async Task<TestBench> BenchAsync(Peer peer)
    {
        TestBench bench = new();
        if (peer == Peer.Local)
        {
            await bench.AddAccountAsync("private", ("Validation", "Http01"));
        }
        else
        {
            bench.AddScripted(bench.Able);
            bench.Able.PlaceAnswer = AbleAuthority.Pending;
        }

        return bench;
    }

    private static async Task OrderAsync(KeyManagerServices services, TestBench bench)
    {
        OrderRequest request = new() { DomainNames = [DomainName.Parse("www.contoso.com")], KeystorePassword = "hunter2" };
        CertificateOrder order = await services.PlaceOrder.RunAsync(request, bench.Reporter, CancellationToken.None);
        await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), bench.Reporter, CancellationToken.None);
    }

    private static Task RenewAsync(KeyManagerServices services, TestBench bench, Certificate certificate) =>
        services.RenewCertificate.RunAsync(certificate.Id, new CompleteOrderOptions(), bench.Reporter, CancellationToken.None);

    private static void AssertWhole(TestBench bench, int orders)
    {
        Assert.Equal(orders, bench.Orders().Count);
        Assert.All(bench.Orders(), o => Assert.Equal(OrderStatus.Saved, o.Status));
        Assert.All(bench.Able.Placed.Values.Concat(bench.Plain.Placed.Values), times => Assert.Equal(1, times));
        Certificate current = Assert.Single(bench.Listed());
        Assert.Equal(orders, current.Version);
        Assert.Equal(bench.Key(current.PrivateKeyId!).SubjectPublicKeyInfo, bench.Certificates.Parse(current.RawData).SubjectPublicKeyInfo);
        Assert.Equal(orders, Number(bench, "certificates"));
        Assert.Equal(current.Authority == "Local" ? orders : 0, Number(bench, "issued_certificates"));
        Assert.Equal(orders, Number(bench, "private_keys"));
        Assert.Equal(orders, Number(bench, "secrets WHERE owner_kind = 'key'"));
        Assert.Equal(1, Number(bench, "secrets WHERE owner_kind = 'entry'"));
        Assert.Empty(bench.Solver.Published);
        Assert.Null(bench.Store.Read(s => s.Audit.Verify()));
        Assert.Empty(bench.Store.CheckIntegrity());
    }

    private static long Number(TestBench bench, string from) => bench.Test.Store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM " + from));
}
