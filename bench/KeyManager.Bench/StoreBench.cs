using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Bench;

/// <summary>An inventory of 100,000 certificates: how long the first answer takes.</summary>
internal static class StoreBench
{
    private const double FirstObjectBar = 100;
    private const double ByNameBar = 20;

    public static void Run(int count, int runs)
    {
        Report.Begin($"store: an inventory of {count:N0} certificates");
        using TemporaryStore store = new();
        Stopwatch watch = Stopwatch.StartNew();
        store.Fill(count);
        Report.AddOne("insert", count / watch.Elapsed.TotalSeconds, "/s");
        Report.AddOne("size of the file", new FileInfo(store.Path).Length / 1048576.0, "MiB");

        Report.Add("open", Enumerable.Range(0, runs).Select(_ => Milliseconds(() => Open(store))), "ms");
        Report.Add("open, then ExpiresWithin 30 days, first object", Enumerable.Range(0, runs).Select(_ => Milliseconds(() =>
        {
            using KeyManagerServices fresh = store.Open();
            return fresh.Store.Stream(Soon()).First();
        })), "ms", FirstObjectBar);

        using KeyManagerServices services = store.Open();
        Random random = new(1);
        List<string> names = [.. Enumerable.Range(0, runs).Select(_ => TemporaryStore.NameOf(random.Next(count)))];
        Report.Add("ExpiresWithin 30 days, first object", names.Select(_ => Milliseconds(() => services.Store.Stream(Soon()).First())), "ms", FirstObjectBar);
        Report.Add("by name", names.Select(name => Milliseconds(() => services.Inventory.Resolve(name))), "ms", ByNameBar);
        Report.Add("by domain name", names.Select(name => Milliseconds(() => services.Store.Stream(new CertificateQuery { DomainName = name }).Single())), "ms", ByNameBar);
        Report.Add("by pattern host0001*, all", names.Take(10).Select(_ => Milliseconds(() => services.Store.Stream(new CertificateQuery { Name = "host0001*" }).Count())), "ms");
        if (PowerShell.IsHere)
        {
            ILookup<string, double> numbers = PowerShell.RunScript("store", PowerShell.Manifest, store.Path, Invariant(runs), Invariant(count));
            Report.Add("Get-KmCertificate -ExpiresWithin | Select -First 1", numbers["expires"], "ms", FirstObjectBar);
            Report.Add("Get-KmCertificate <name>", numbers["name"], "ms", ByNameBar);
        }
        else
        {
            Report.Skip("Get-KmCertificate", "pwsh is not on the PATH");
        }
    }

    private static bool Open(TemporaryStore store)
    {
        using KeyManagerServices services = store.Open();
        return true;
    }

    private static CertificateQuery Soon() => new() { ExpiresBefore = DateTimeOffset.UtcNow.AddDays(30), SoonestExpiryFirst = true };

    private static string Invariant(int number) => FormattableString.Invariant($"{number}");

    private static double Milliseconds<T>(Func<T> action)
    {
        Stopwatch watch = Stopwatch.StartNew();
        _ = action();
        return watch.Elapsed.TotalMilliseconds;
    }
}
