using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Bench;

/// <summary>A backup of a large store while another connection writes all the time: how long it takes, and how long the writer waits.</summary>
internal static class BackupBench
{
    private const double WriterBar = 1000;
    private const int FillerLength = 100_000;

    public static async Task RunAsync(int megabytes, int runs)
    {
        Report.Begin($"backup: a store of {megabytes:N0} MiB that is written to");
        using TemporaryStore store = new();
        store.Fill(20_000);
        using KeyManagerServices services = store.Open();
        string filler = new('x', FillerLength);
        for (int number = 0; Size(store.Path) < megabytes * 1048576L; number += 500)
        {
            services.Store.Write(session =>
            {
                for (int i = number; i < number + 500; i++)
                {
                    session.Settings.Put($"filler{i}", filler);
                }
            });
        }

        Report.AddOne("size of the file", Size(store.Path) / 1048576.0, "MiB");
        List<double> alone = [];
        List<double> during = [];
        List<double> before = [.. await WriteAsync(store, TimeSpan.FromSeconds(3)).ConfigureAwait(false)];
        List<double> waits = [];
        List<double> sizes = [];
        for (int run = 0; run < runs; run++)
        {
            alone.Add(BackUp(services, store));
            using CancellationTokenSource done = new();
            Task<IReadOnlyList<double>> writer = WriteAsync(store, TimeSpan.FromHours(1), done.Token);
            during.Add(BackUp(services, store));
            sizes.Add(Size(store.Path + "-wal") / 1048576.0);
            await done.CancelAsync().ConfigureAwait(false);
            waits.AddRange(await writer.ConfigureAwait(false));
        }

        Report.Add("backup, nobody writes", alone, "s");
        Report.Add("backup, somebody writes", during, "s");
        Report.Add("write-ahead log after it", sizes, "MiB");
        Report.Add("a write, no backup", before, "ms");
        Report.Add("a write during the backup", waits, "ms");
        waits.Sort();
        Report.AddOne("the slowest write during the backup", waits[^1], "ms", WriterBar);
        Stopwatch watch = Stopwatch.StartNew();
        IReadOnlyList<string> problems = services.Store.CheckIntegrity();
        Report.AddOne($"the whole check of the store ({problems.Count} problems)", watch.Elapsed.TotalSeconds, "s");
    }

    private static long Size(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static double BackUp(KeyManagerServices services, TemporaryStore store)
    {
        string copy = store.Path + ".copy";
        Stopwatch watch = Stopwatch.StartNew();
        services.Store.Backup(copy, [], SilentReporter.Instance, CancellationToken.None);
        double seconds = watch.Elapsed.TotalSeconds;
        File.Delete(copy);
        return seconds;
    }

    private static async Task<IReadOnlyList<double>> WriteAsync(TemporaryStore store, TimeSpan howLong, CancellationToken stop = default)
    {
        List<double> waits = [];
        using KeyManagerServices services = store.Open();
        Stopwatch all = Stopwatch.StartNew();
        while (all.Elapsed < howLong && !stop.IsCancellationRequested)
        {
            int number = waits.Count;
            waits.Add(await Task.Run(
                () =>
                {
                    Stopwatch watch = Stopwatch.StartNew();
                    services.Store.Write(session => session.Settings.Put("written", $"{number}"));
                    return watch.Elapsed.TotalMilliseconds;
                },
                CancellationToken.None).ConfigureAwait(false));
            await Task.Delay(5, CancellationToken.None).ConfigureAwait(false);
        }

        return waits;
    }
}
