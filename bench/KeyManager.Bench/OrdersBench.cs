using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;

namespace KeyManager.Bench;

/// <summary>Many certificates in a row from the private authority: key, request, order, certificate, inventory, audit trail.</summary>
internal static class OrdersBench
{
    private const double RateBar = 100;
    private const double GrowthBar = 150;

    public static async Task RunAsync(int count)
    {
        Report.Begin($"orders: {count:N0} ECDSA P-256 certificates one after the other");
        double before = Peak();
        using (TemporaryStore store = new())
        {
            using KeyManagerServices services = store.Open();
            await services.RegisterAccount.RunAsync("Local", new AccountRequest { Id = Identifier.New(), Name = "bench" }, makeDefault: true, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
            Stopwatch watch = Stopwatch.StartNew();
            TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
            for (int i = 0; i < count; i++)
            {
                OrderRequest request = new() { DomainNames = [DomainName.Parse(TemporaryStore.NameOf(i))] };
                CertificateOrder order = await services.PlaceOrder.RunAsync(request, Silence.Instance, CancellationToken.None).ConfigureAwait(false);
                await services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), Silence.Instance, CancellationToken.None).ConfigureAwait(false);
            }

            Report.AddOne("operations", count / watch.Elapsed.TotalSeconds, "/s", atLeast: RateBar);
            Report.AddOne("operations, per second of processor time", count / (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds, "/s");
            Report.AddOne("operations, growth of memory (peak)", Peak() - before, "MiB", atMost: GrowthBar);
        }

        if (!PowerShell.IsHere)
        {
            Report.Skip("New-KmCertificateOrder | Invoke-KmChallenge", "pwsh is not on the PATH");
            return;
        }

        using TemporaryStore other = new();
        ILookup<string, double> numbers = PowerShell.RunScript("orders", PowerShell.Manifest, other.Path, FormattableString.Invariant($"{count}"));
        Report.AddOne("New-KmCertificateOrder | Invoke-KmChallenge", count / numbers["seconds"].Single(), "/s", atLeast: RateBar);
        Report.AddOne("the same, per second of processor time", count / numbers["processor"].Single(), "/s");
        Report.AddOne("the same, growth of memory above empty pwsh (peak)", numbers["growth"].Single(), "MiB", atMost: GrowthBar);
    }

    private static double Peak()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
