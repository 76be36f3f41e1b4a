using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>How late it is noticed that the server has done its part: from telling it that the proof is there, to the next step reaching it.</summary>
internal static class PollingBench
{
    private const double Bar = 1.5;
    private const int Runs = 3;

    private static readonly double[] Seconds = [0.2, 1, 5];

    /// <summary>Times in between, evenly spread in proportion: a pause that grows is always unlucky for some of them.</summary>
    private static readonly double[] Spread = [.. Enumerable.Range(0, 25).Select(i => 0.2 * Math.Pow(25, i / 24.0))];

    public static async Task RunAsync()
    {
        Report.Begin("acme: from the proof to noticing that the server is content, in proportion to the time that it took");
        using AcmeStore store = new();
        foreach (double seconds in Seconds)
        {
            List<double> ratios = [];
            for (int run = -1; run < Runs; run++)
            {
                double ratio = await MeasureAsync(store, run < 0 ? Seconds[0] : seconds).ConfigureAwait(false);
                if (run >= 0)
                {
                    ratios.Add(ratio);
                }
            }

            Report.AddOne(FormattableString.Invariant($"a server that takes {seconds:0.0} s, worst of {Runs}"), ratios.Max(), "x", atMost: Bar);
        }

        List<double> all = [];
        foreach (double[] few in Spread.Chunk(5))
        {
            all.AddRange(await Task.WhenAll(few.Select(seconds => MeasureAsync(store, seconds))).ConfigureAwait(false));
        }

        Report.Add($"{Spread.Length} servers that take from 0.2 to 5 s", all, "x");
        Report.AddOne("the worst of them", all.Max(), "x", atMost: Bar);
    }

    private static async Task<double> MeasureAsync(AcmeStore store, double seconds)
    {
        using StrictAcmeServer server = new();
        string account = Identifier.New();
        await store.AddAccountAsync(server.Directory, null, account).ConfigureAwait(false);
        server.Pace.ParksValidations = true;
        Task<CertificateOrder> order = Task.Run(() => store.IssueAsync(account));
        await UntilAsync(server, AcmeResource.Challenge, order).ConfigureAwait(false);
        Stopwatch watch = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        server.Pace.ParksValidations = false;
        TimeSpan took = watch.Elapsed;
        await UntilAsync(server, AcmeResource.Finalize, order).ConfigureAwait(false);
        TimeSpan noticed = watch.Elapsed;
        await order.ConfigureAwait(false);
        return noticed / took;
    }

    /// <summary>Waits for a request of a kind; what goes wrong with the order goes wrong here.</summary>
    private static async Task UntilAsync(StrictAcmeServer server, AcmeResource resource, Task order)
    {
        while (server.CountOf(resource) == 0)
        {
            if (order.IsCompleted)
            {
                await order.ConfigureAwait(false);
            }

            await Task.Delay(1).ConfigureAwait(false);
        }
    }
}
