using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

/// <summary>The process that sweeps together with others, or stops in the middle for its parent to kill.</summary>
internal static class SweepingChild
{
    /// <summary>So long after the certificates were made that all are due.</summary>
    public static TimeSpan Later { get; } = TimeSpan.FromDays(62);

    public static FakeClock NewClock() => new(new FakeClock().UtcNow + Later) { SkipsDelays = true };

    /// <summary>Sweeps when its parent says so, and says what it renewed; stops within the change of that number, 0 for none.</summary>
    public static void Run(IStore store, string folder, int stopAt)
    {
        FakeProbe probe = new();
        ObservedStore observed = new(store)
        {
            InWrite = number =>
            {
                if (number == stopAt)
                {
                    Console.WriteLine("stopped");
                    Thread.Sleep(Timeout.Infinite);
                }
            },
        };
        using KeyManagerServices services = TestBench.Compose(observed, NewClock(), probe, new FakeSolver(probe), folder);
        Console.ReadLine();
        List<RenewalResult> results = [];
        RenewalSummary summary = services.Renewals.RunAsync(
            new RenewalSweepOptions { ThrottleLimit = stopAt > 0 ? 1 : 4 },
            _ => Task.FromResult(true),
            result =>
            {
                lock (results)
                {
                    results.Add(result);
                }

                return Task.CompletedTask;
            },
            new CollectingReporter(),
            CancellationToken.None).GetAwaiter().GetResult();
        Console.WriteLine($"failed {summary.Failed}");
        Console.WriteLine(string.Join(" ", results.Where(r => r.Outcome == RenewalOutcome.Renewed).Select(r => r.Name)));
    }
}
