using System;
using System.Threading;
using KeyManager.Operations;
using KeyManager.Storage;

namespace KeyManager.Tests.Support;

/// <summary>The process that orders a certificate and stops in the middle, for its parent to kill.</summary>
internal static class OrderingChild
{
    /// <summary>What it orders.</summary>
    public static OrderRequest Request => new() { DomainNames = [DomainName.Parse("www.contoso.com")], Name = "web", KeystorePassword = "hunter2" };

    /// <summary>Orders, completes and saves; stops within the change of that number, before it is kept.</summary>
    public static void Run(IStore store, string folder, int stopAt)
    {
        FakeProbe probe = new();
        CollectingReporter reporter = new();
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
        KeyManagerServices services = TestBench.Compose(observed, new FakeClock { SkipsDelays = true }, probe, new FakeSolver(probe), folder);
        CertificateOrder order = services.PlaceOrder.RunAsync(Request, reporter, CancellationToken.None).GetAwaiter().GetResult();
        services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions(), reporter, CancellationToken.None).GetAwaiter().GetResult();
        Console.WriteLine("finished");
    }
}
