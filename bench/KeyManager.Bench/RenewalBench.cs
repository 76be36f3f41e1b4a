using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Bench;

/// <summary>A sweep with nothing due, and the check of a long audit trail.</summary>
internal static class RenewalBench
{
    private const double SweepBar = 1000;
    private const double SweepMemoryBar = 100;
    private const double AuditBar = 30;

    public static async Task RunAsync(int certificates, int lines)
    {
        Report.Begin($"renewal: a sweep over {certificates:N0} certificates, an audit trail of {lines:N0} lines");
        using TemporaryStore store = new();
        store.Fill(certificates);
        using (KeyManagerServices services = store.Open())
        {
            Stopwatch first = Stopwatch.StartNew();
            await SweepAsync(services).ConfigureAwait(false);
            Report.AddOne("the first sweep, which looks at each", first.Elapsed.TotalMilliseconds, "ms");
        }

        using KeyManagerServices again = store.Open();
        GC.Collect();
        long before = Process.GetCurrentProcess().PrivateMemorySize64;
        List<double> times = [];
        for (int i = 0; i < 10; i++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            await SweepAsync(again).ConfigureAwait(false);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Report.Add("a sweep with nothing due", times, "ms", SweepBar);
        Report.Add("memory that it takes", [Math.Max(0, (Process.GetCurrentProcess().PrivateMemorySize64 - before) / 1048576.0)], "MiB", SweepMemoryBar);

        int written = 0;
        while (written < lines)
        {
            int batch = Math.Min(20_000, lines - written);
            again.Store.Write(
                session =>
                {
                    for (int i = 0; i < batch; i++)
                    {
                        session.Audit.Append(new AuditEntry("Order", "OrderPlaced", "0123456789ab", "www.contoso.com", "Local A-0123456789ab"));
                    }
                },
                Durability.Deferred);
            written += batch;
        }

        Stopwatch check = Stopwatch.StartNew();
        int problems = again.Audit.FindProblems().Count;
        Report.Add($"check of the audit trail ({problems} problems)", [check.Elapsed.TotalSeconds], "s", AuditBar);
    }

    private static Task<RenewalSummary> SweepAsync(KeyManagerServices services) =>
        services.Renewals.RunAsync(new RenewalSweepOptions(), _ => Task.FromResult(false), _ => Task.CompletedTask, Silence.Instance, CancellationToken.None);
}
