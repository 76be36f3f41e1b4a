using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>Sweeps of real processes on one store: side by side, and killed (SIGKILL) in the middle.</summary>
public sealed class SweepingProcessTests
{
    [Theory]
    [InlineData(2, 12)]
    [InlineData(8, 24)]
    public async Task Several_processes_renew_each_certificate_exactly_once(int processes, int certificates)
    {
        SkipElsewhere();
        using TestBench bench = new();
        await bench.AddAccountAsync();
        string[] names = [.. Enumerable.Range(0, certificates).Select(i => $"host{i}.test")];
        foreach (string name in names)
        {
            await bench.GetCertificateAsync(name);
        }

        List<Process> children = [.. Enumerable.Range(0, processes).Select(_ => ChildProcess.Start("sweep 0", bench.Test.Location.Path, bench.Test.Folder))];
        try
        {
            children.ForEach(c => ChildProcess.Expect(c, "ready"));
            children.ForEach(c => c.StandardInput.WriteLine());
            List<string> renewed = [];
            foreach (Process child in children)
            {
                ChildProcess.Expect(child, "failed 0");
                renewed.AddRange((await child.StandardOutput.ReadLineAsync() ?? "").Split([' '], StringSplitOptions.RemoveEmptyEntries));
                ChildProcess.ExpectSuccess(child);
            }

            Assert.Equal(names.OrderBy(n => n, StringComparer.Ordinal), renewed.OrderBy(n => n, StringComparer.Ordinal));
            Assert.All(bench.Listed(), c => Assert.Equal(2, c.Version));
            Assert.Equal(2 * certificates, bench.Orders().Count);
            Assert.Empty(bench.Store.CheckIntegrity());
        }
        finally
        {
            children.ForEach(c => c.Dispose());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_sweep_that_is_killed_is_gone_on_with_and_orders_nothing_twice(int step)
    {
        SkipElsewhere();
        using TestBench bench = new();
        await bench.AddAccountAsync();
        foreach (string name in new[] { "a.test", "b.test" })
        {
            await bench.GetCertificateAsync(name);
        }

        using (Process child = ChildProcess.Start($"sweep {step}", bench.Test.Location.Path, bench.Test.Folder))
        {
            ChildProcess.Expect(child, "ready");
            await child.StandardInput.WriteLineAsync();
            ChildProcess.Expect(child, "stopped");
            child.Kill();
            child.WaitForExit();
        }

        bench.Clock.Advance(SweepingChild.Later);
        for (int i = 0; i < 2; i++)
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(15)); // the leases of the dead have run out
            await bench.Services.Renewals.RunAsync(
                new KeyManager.Operations.RenewalSweepOptions(), _ => Task.FromResult(true), _ => Task.CompletedTask, bench.Reporter, System.Threading.CancellationToken.None);
        }

        Assert.All(bench.Listed(), c => Assert.Equal(2, c.Version));
        Assert.Equal((4, 4), (bench.Orders().Count, (int)bench.Test.Store.ReadDatabase(d => d.Number("SELECT COUNT(*) FROM issued_certificates"))));
        Assert.Null(bench.Store.Read(s => s.Audit.Verify()));
    }

    private static void SkipElsewhere() => Assert.SkipUnless(
        RuntimeInformation.FrameworkDescription.StartsWith(".NET ", StringComparison.Ordinal)
            && !RuntimeInformation.FrameworkDescription.StartsWith(".NET Framework", StringComparison.Ordinal)
            && !RuntimeInformation.IsOSPlatform(OSPlatform.Windows),
        "The child is this program again, started with 'dotnet exec' of .NET on Linux or macOS.");
}
