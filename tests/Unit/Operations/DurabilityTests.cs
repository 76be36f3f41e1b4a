using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>What a loss of power may take. Before a request that may cost something, and at the end, the store waits for the disk.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Where_placing_is_all_the_order_is_on_the_disk_before_it()
    {
        using TestBench bench = new();
        bench.AddScripted(bench.Plain);
        Dictionary<string, (OrderStep Step, Durability Last)> seen = Watch(bench, bench.Plain);

        await bench.GetCertificateAsync("www.contoso.com");

        Assert.Equal((OrderStep.Placing, Durability.Immediate), seen["Place"]);
        Assert.Equal(Durability.Immediate, bench.Store.LastDurability);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_request_is_a_second_step_the_order_is_on_the_disk_before_that(bool mustProve)
    {
        using TestBench bench = new();
        bench.AddScripted(bench.Able);
        bench.Able.PlaceAnswer = mustProve ? AbleAuthority.Pending : null;
        Dictionary<string, (OrderStep Step, Durability Last)> seen = Watch(bench, bench.Able);

        await bench.GetCertificateAsync("www.contoso.com");

        Assert.Equal((OrderStep.Placing, Durability.Deferred), seen["Place"]);
        Assert.Equal((OrderStep.Finalizing, Durability.Immediate), seen["Finalize"]);
        Assert.Equal(Durability.Immediate, bench.Store.LastDurability);
    }

    /// <summary>How the order stands in the store when a call reaches the authority, and how lasting the last change before it was.</summary>
    private static Dictionary<string, (OrderStep Step, Durability Last)> Watch(TestBench bench, ScriptedAuthority authority)
    {
        Dictionary<string, (OrderStep Step, Durability Last)> seen = [];
        authority.Before = what => seen[what] = (bench.Orders().Single().Step, bench.Store.LastDurability);
        return seen;
    }
}
