using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>The same with a real process, killed (SIGKILL) in the middle of each change to the store: no finally block runs, no lease is given back.</summary>
public sealed class KilledProcessTests
{
    private const int MostSteps = 20;

    [Fact]
    public void An_order_killed_at_any_step_is_resumed_and_issued_once()
    {
        Assert.SkipUnless(
            RuntimeInformation.FrameworkDescription.StartsWith(".NET ", StringComparison.Ordinal)
                && !RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal)
                && !RuntimeInformation.IsOSPlatform(OSPlatform.Windows),
            "The child is this program again, started with 'dotnet exec' of .NET on Linux or macOS.");
        int finishedAt = MostSteps + 1;
        ConcurrentBag<int> killedAt = [];
        Parallel.For(1, MostSteps + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (step, loop) =>
        {
            if (KillAt(step))
            {
                killedAt.Add(step);
            }
            else
            {
                finishedAt = Math.Min(finishedAt, step);
                loop.Break();
            }
        });
        Assert.True(finishedAt > 7, $"The order was finished after {finishedAt - 1} steps.");
        Assert.Superset(Enumerable.Range(1, finishedAt - 1).ToHashSet(), killedAt.ToHashSet());
    }

    /// <summary>False when the order was finished before that step.</summary>
    private static bool KillAt(int step)
    {
        using TestBench bench = new();
        bench.AddAccountAsync("private", ("Validation", "Http01")).GetAwaiter().GetResult();
        using Process child = ChildProcess.Start("order " + step, bench.Test.Location.Path, bench.Test.Folder);
        ChildProcess.Expect(child, "ready");
        string? said = child.StandardOutput.ReadLine();
        if (said == "finished")
        {
            ChildProcess.ExpectSuccess(child);
            return false;
        }

        Assert.True(said == "stopped", said ?? child.StandardError.ReadToEnd());
        child.Kill();
        child.WaitForExit();

        CertificateOrder? order = bench.Orders().SingleOrDefault();
        if (order is not null)
        {
            // The dead process still holds the lease, and its end is near.
            ConflictException e = Assert.Throws<ConflictException>(() => { Complete(bench, order); });
            Assert.Equal((ErrorIds.OrderBusy, true), (e.ErrorId, e.IsTransient));
            bench.Clock.Advance(TimeSpan.FromMinutes(3));
        }

        order = bench.Services.PlaceOrder.RunAsync(OrderingChild.Request, bench.Reporter, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Equal(OrderStatus.Saved, Complete(bench, order).Status);

        Certificate certificate = Assert.Single(bench.Listed());
        Assert.Equal(("web", 1), (certificate.Name, certificate.Version));
        Assert.Single(bench.Orders());
        Assert.Equal((1, 1, 1), (Count(bench, "issued_certificates"), Count(bench, "certificates"), Count(bench, "private_keys")));
        Assert.Equal(bench.Key(certificate.PrivateKeyId!).SubjectPublicKeyInfo, bench.Certificates.Parse(certificate.RawData).SubjectPublicKeyInfo);
        Assert.Empty(bench.Store.CheckIntegrity());
        Assert.Null(bench.Store.Read(s => s.Audit.Verify()));
        return true;
    }

    private static CertificateOrder Complete(TestBench bench, CertificateOrder order) =>
        bench.Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), bench.Reporter, CancellationToken.None).GetAwaiter().GetResult();

    private static int Count(TestBench bench, string table) => (int)bench.Test.Store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM " + table));
}
