using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Tests.Support.Acme;

namespace KeyManager.Bench.Acme;

/// <summary>Certificates from a Pebble: how much is asked, how long it takes beyond the asking, and whether any gets lost.</summary>
internal static class AcmeBench
{
    private const int ColdRequestsBar = 8;
    private const int WarmRequestsBar = 7;
    private const double RoundTripsBar = 1.25;
    private const double ProcessorBar = 15;
    private const double RateBar = 80;

    private const int Warming = 30;

    /// <summary>Until the run-time has stopped compiling, most of the processor time is its.</summary>
    private const int ProcessorWarming = 300;

    private const int Slow = 100;
    private const int AtOnce = 32;

    /// <summary>Nothing but the protocol: no pauses, no refusals, no proof used twice.</summary>
    private static readonly PebbleOptions Fast = new() { NeverSleeps = true, IsAlwaysValid = true, PercentOfNoncesRefused = 0, PercentOfAuthorizationsReused = 0 };

    /// <summary>The parts by name, in the order in which they are measured.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["requests", "trips", "processor", "concurrency", "renewals", "polling", "loss", "rivals"];

    /// <param name="part">One of <see cref="Parts"/>; <c>null</c> for all.</param>
    /// <param name="count">Orders with each share of bad nonces, and renewals.</param>
    /// <param name="runs">Certificates for each number that is a median.</param>
    /// <param name="rival">A module to compare with; <c>null</c> for none.</param>
    /// <exception cref="MissingProgramException">There is no Pebble.</exception>
    public static async Task RunAsync(string? part, int count, int runs, string? rival)
    {
        using (PebbleServer pebble = new(Fast))
        {
            Report.Begin($"acme: one ECDSA P-256 certificate after the other, Pebble {pebble.Version ?? "of no known version"} on this machine");
            if (part is null or "requests")
            {
                await CountRequestsAsync(pebble, runs).ConfigureAwait(false);
            }

            if (part is null or "trips")
            {
                await TimeRoundTripsAsync(pebble, runs).ConfigureAwait(false);
            }

            if (part is null or "processor")
            {
                await TimeProcessorAsync(pebble, Math.Max(runs, 200)).ConfigureAwait(false);
            }
        }

        if (part is null or "concurrency")
        {
            await TimeManyAtOnceAsync().ConfigureAwait(false);
        }

        if (part is null or "renewals")
        {
            await TimeRenewalsAsync(count).ConfigureAwait(false);
        }

        if (part is null or "polling")
        {
            await PollingBench.RunAsync().ConfigureAwait(false);
        }

        if (part is null or "loss")
        {
            Report.Begin($"acme: {count:N0} orders, one after the other, from a Pebble that refuses good nonces");
            await CountLossesAsync(15, count).ConfigureAwait(false);
            await CountLossesAsync(50, count).ConfigureAwait(false);
        }

        if (part is null or "rivals")
        {
            RivalsBench.Run(Fast, runs, rival);
        }
    }

    private static async Task CountRequestsAsync(PebbleServer pebble, int runs)
    {
        using LoopbackProxy proxy = new(pebble);
        using AcmeStore store = new();
        await store.AddAccountAsync(proxy.DirectoryUrl, proxy.RootPath).ConfigureAwait(false);
        store.Reopen();
        int before = proxy.Count;
        await store.IssueAsync().ConfigureAwait(false);
        Report.AddOne("requests, first certificate after the start", proxy.Count - before, "", atMost: ColdRequestsBar);
        List<double> requests = [];
        for (int i = 0; i < runs; i++)
        {
            before = proxy.Count;
            await store.IssueAsync().ConfigureAwait(false);
            requests.Add(proxy.Count - before);
        }

        Report.Add("requests, each further certificate", requests, "", WarmRequestsBar);
        Report.AddOne("requests, the worst of them", requests.Max(), "", atMost: WarmRequestsBar);

        // Pebble always says "processing" to the request; many servers have the certificate ready by then.
        using StrictAcmeServer strict = new();
        using AcmeStore other = new();
        await other.AddAccountAsync(strict.Directory, null).ConfigureAwait(false);
        other.Reopen();
        before = strict.CountOf(AcmeResource.Any);
        await other.IssueAsync().ConfigureAwait(false);
        Report.AddOne("the same, first, of a server that issues at once", strict.CountOf(AcmeResource.Any) - before, "", atMost: ColdRequestsBar);
        before = strict.CountOf(AcmeResource.Any);
        await other.IssueAsync().ConfigureAwait(false);
        Report.AddOne("the same, further, of a server that issues at once", strict.CountOf(AcmeResource.Any) - before, "", atMost: WarmRequestsBar);
    }

    private static async Task TimeRoundTripsAsync(PebbleServer pebble, int runs)
    {
        using (AcmeStore store = new())
        using (BareProtocol bare = new(pebble.NewClient(), pebble.DirectoryUrl))
        {
            await store.AddAccountAsync(pebble.DirectoryUrl, pebble.RootPath).ConfigureAwait(false);
            await CompareAsync("no delay", store, bare, runs).ConfigureAwait(false);
        }

        using LoopbackProxy proxy = new(pebble);
        using (AcmeStore store = new())
        using (BareProtocol bare = new(proxy.NewClient(), proxy.DirectoryUrl))
        {
            await store.AddAccountAsync(proxy.DirectoryUrl, proxy.RootPath).ConfigureAwait(false);
            proxy.Delay = TimeSpan.FromMilliseconds(Slow);
            await CompareAsync($"{Slow} ms delay", store, bare, Math.Max(5, runs / 3), warming: 2).ConfigureAwait(false);
        }
    }

    private static async Task CompareAsync(string label, AcmeStore store, BareProtocol bare, int runs, int warming = Warming)
    {
        await bare.RegisterAsync().ConfigureAwait(false);
        List<double> ours = [];
        List<double> trips = [];
        List<double> disks = [];
        List<double> floors = [];
        using BareDuties duties = new();
        for (int i = -warming; i < runs; i++)
        {
            TimeSpan pure = await bare.IssueAsync(AcmeStore.NextName()).ConfigureAwait(false);
            TimeSpan waits = duties.WaitForDisk();
            TimeSpan rest = duties.DoRest(bare.Chain);
            Stopwatch watch = Stopwatch.StartNew();
            await store.IssueAsync().ConfigureAwait(false);
            if (i >= 0)
            {
                ours.Add(watch.Elapsed.TotalMilliseconds);
                trips.Add(pure.TotalMilliseconds);
                disks.Add((pure + waits).TotalMilliseconds);
                floors.Add((pure + waits + rest).TotalMilliseconds);
            }
        }

        Report.Add($"one certificate, {label}", ours, "ms");
        Report.Add($"its pure round trips, {label}", trips, "ms");
        Report.AddOne($"the medians, times the pure round trips, {label}", Report.Median(ours) / Report.Median(trips), "x", atMost: RoundTripsBar);
        Report.AddOne($"nothing but round trips and two waits for the disk, {label}", Report.Median(disks) / Report.Median(trips), "x");
        Report.AddOne($"and the least of its other duties, {label}", Report.Median(floors) / Report.Median(trips), "x");
    }

    private static async Task TimeProcessorAsync(PebbleServer pebble, int runs)
    {
        using AcmeStore store = new();
        await store.AddAccountAsync(pebble.DirectoryUrl, pebble.RootPath).ConfigureAwait(false);
        using BareProtocol bare = new(pebble.NewClient(), pebble.DirectoryUrl);
        await bare.RegisterAsync().ConfigureAwait(false);
        for (int i = 0; i < ProcessorWarming; i++)
        {
            await store.IssueAsync().ConfigureAwait(false);
            await bare.IssueAsync(AcmeStore.NextName()).ConfigureAwait(false);
        }

        using Process process = Process.GetCurrentProcess();
        double ours = 0;
        double bares = 0;
        foreach (int[] few in Enumerable.Range(0, runs).Chunk(10))
        {
            ours += await ProcessorAsync(process, few.Length, () => store.IssueAsync()).ConfigureAwait(false);
            bares += await ProcessorAsync(process, few.Length, () => bare.IssueAsync(AcmeStore.NextName())).ConfigureAwait(false);
        }

        Report.AddOne($"processor time of a certificate, {runs} warm", ours / runs, "ms", atMost: ProcessorBar);
        Report.AddOne("of that the bare protocol needs", bares / runs, "ms");
    }

    private static async Task<double> ProcessorAsync(Process process, int count, Func<Task> issue)
    {
        process.Refresh();
        TimeSpan before = process.TotalProcessorTime;
        for (int i = 0; i < count; i++)
        {
            await issue().ConfigureAwait(false);
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds;
    }

    /// <summary>Of a server in this process: a Pebble that is asked by many at once soon locks itself up for good.</summary>
    private static async Task TimeManyAtOnceAsync()
    {
        const int Orders = 100;
        const int WarmingRounds = 4;
        const int Rounds = 15;
        Report.Begin($"acme: {Orders} orders, {AtOnce} at a time, of one store and a strict server in the same process");
        using StrictAcmeServer server = new();
        using HttpClient client = new();
        client.DefaultRequestHeaders.Add("User-Agent", "bare");
        using AcmeStore store = new();
        using BareProtocol bare = new(client, server.Directory);
        await store.AddAccountAsync(server.Directory, null).ConfigureAwait(false);
        await bare.RegisterAsync().ConfigureAwait(false);
        bare.Pause = TimeSpan.Zero;
        List<double> ours = [];
        List<double> bares = [];
        for (int round = -WarmingRounds; round < Rounds; round++)
        {
            double pure = await RateAsync(Orders, AtOnce, () => bare.IssueAsync(AcmeStore.NextName())).ConfigureAwait(false);
            double rate = await RateAsync(Orders, AtOnce, () => store.IssueAsync()).ConfigureAwait(false);
            if (round >= 0)
            {
                // The first ones open the connections, and the run-time compiles on a processor that is wanted for the orders.
                ours.Add(rate);
                bares.Add(pure);
            }
        }

        Report.Add("rate", ours, "/s");
        Report.Add("the bare protocol, as many at a time", bares, "/s");
        Report.AddOne("the medians, in proportion to the bare protocol", 100 * Report.Median(ours) / Report.Median(bares), "%", atLeast: RateBar);
    }

    /// <summary>Of the same server, by the engine: what Invoke-KmRenewal does when a whole inventory is due.</summary>
    private static async Task TimeRenewalsAsync(int count)
    {
        Report.Begin($"acme: {count:N0} renewals, {AtOnce} at a time, by the engine, of one store and a strict server in the same process");
        using StrictAcmeServer server = new();
        using HttpClient client = new();
        client.DefaultRequestHeaders.Add("User-Agent", "bare");
        using AcmeStore store = new();
        using BareProtocol bare = new(client, server.Directory);
        await store.AddAccountAsync(server.Directory, null).ConfigureAwait(false);
        await bare.RegisterAsync().ConfigureAwait(false);
        bare.Pause = TimeSpan.Zero;
        await RateAsync(count, AtOnce, () => store.IssueAsync()).ConfigureAwait(false);
        double before = await RateAsync(count, AtOnce, () => bare.IssueAsync(AcmeStore.NextName())).ConfigureAwait(false);
        Stopwatch watch = Stopwatch.StartNew();
        int renewed = await store.RenewAllAsync(AtOnce).ConfigureAwait(false);
        double rate = renewed / watch.Elapsed.TotalSeconds;
        double after = await RateAsync(count, AtOnce, () => bare.IssueAsync(AcmeStore.NextName())).ConfigureAwait(false);
        Report.AddOne("renewals that did not come to a saved certificate", count - renewed, "", atMost: 0);
        Report.AddOne("rate", rate, "/s");
        Report.Add("the bare protocol, as many at a time, before and after", [before, after], "/s");
        Report.AddOne("in proportion to the bare protocol", 100 * rate / ((before + after) / 2), "%", atLeast: RateBar);
    }

    private static async Task<double> RateAsync(int count, int atOnce, Func<Task> issue)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (_, _) => await issue().ConfigureAwait(false)).ConfigureAwait(false);
        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task CountLossesAsync(int percent, int count)
    {
        using PebbleServer pebble = new(Fast with { PercentOfNoncesRefused = percent });
        using AcmeStore store = new();
        await store.AddAccountAsync(pebble.DirectoryUrl, pebble.RootPath).ConfigureAwait(false);
        int saved = 0;
        double rate = await RateAsync(count, 1, async () =>
        {
            try
            {
                if ((await store.IssueAsync().ConfigureAwait(false)).Status == OrderStatus.Saved)
                {
                    Interlocked.Increment(ref saved);
                }
            }
            catch (KeyManagerException e)
            {
                Console.WriteLine($"  {e.ErrorId}: {e.Message}");
            }
        }).ConfigureAwait(false);
        Report.AddOne($"orders lost, {percent} % of the nonces refused", count - saved, "", atMost: 0);
        Report.AddOne($"rate, {percent} % of the nonces refused", rate, "/s");
    }
}
