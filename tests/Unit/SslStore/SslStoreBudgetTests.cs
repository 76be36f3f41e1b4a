using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>Renewals that cost money and run by themselves: what the budget of a policy holds is bought, and nothing else.</summary>
public sealed class SslStoreBudgetTests : SslStoreTests
{
    private const string Price = "10.00 USD";

    [Fact]
    public async Task Without_a_budget_nothing_is_bought_and_the_reason_names_the_price()
    {
        await BuyAsync("a.contoso.com");
        RenewalResult result = Assert.Single(await Store.Bench.SweepAsync());
        Assert.Equal((RenewalOutcome.Failed, ErrorIds.ChargesNotAccepted), (result.Outcome, result.ErrorId));
        Assert.Contains(Price, result.Reason, StringComparison.Ordinal);
        Assert.Contains("-YearlyBudget", result.Remedy, StringComparison.Ordinal);
        RenewalTest test = await ExplainAsync();
        Assert.Equal((PreflightSeverity.Problem, ErrorIds.ChargesNotAccepted), (test.Severity, test.ErrorId));
        Assert.Single(Store.Server.Ledger);
    }

    [Fact]
    public async Task A_budget_holds_what_it_holds_and_no_more_also_for_two_processes()
    {
        await BuyAsync("a.contoso.com", "b.contoso.com", "c.contoso.com");
        Store.Services.RenewalPolicies.Set("paid", p => p with { YearlyBudget = 25 }, Store.Bench.Reporter);
        Assert.Equal(PreflightSeverity.Information, (await ExplainAsync()).Severity);
        IReadOnlyList<RenewalResult>[] both = await Task.WhenAll(Store.Bench.SweepAsync(), Store.Bench.SweepAsync(Store.Bench.AnotherProcess()));
        List<RenewalResult> results = [.. both.SelectMany(r => r).Where(r => r.Outcome != RenewalOutcome.Skipped)];
        Assert.Equal(2, results.Count(r => r.Outcome == RenewalOutcome.Renewed));
        Assert.All(results.Where(r => r.Outcome != RenewalOutcome.Renewed), r => Assert.Contains("20.00 USD are spent", r.Reason, StringComparison.Ordinal));
        Assert.Equal(5, Store.Server.Ledger.Count);
        Assert.Equal(2, Store.Bench.Audit().Count(a => a is { Action: "ChargeAccepted", Detail: $"{Price}, by policy paid" }));
    }

    [Fact]
    public async Task What_was_refused_costs_nothing_of_the_budget_and_the_next_year_has_its_own()
    {
        await BuyAsync("a.contoso.com", "b.contoso.com");
        Store.Services.RenewalPolicies.Set("paid", p => p with { YearlyBudget = 10 }, Store.Bench.Reporter);
        Store.Server.Fail("order/neworder", new SslStoreFault(Error: "ErrorCode:-9009|Message:Vendor returns error: name is on a list"));
        IReadOnlyList<RenewalResult> results = await Store.Bench.SweepAsync(throttle: 1);
        Assert.Equal([RenewalOutcome.Failed, RenewalOutcome.Renewed], results.Select(r => r.Outcome));
        Store.Bench.Clock.Advance(TimeSpan.FromHours(2));
        RenewalResult over = Assert.Single(await Store.Bench.SweepAsync());
        Assert.Equal((RenewalOutcome.Failed, ErrorIds.ChargesNotAccepted), (over.Outcome, over.ErrorId));
        Assert.Equal(3, Store.Server.Ledger.Count);

        Store.Bench.Clock.Advance(new DateTimeOffset(Store.Bench.Clock.UtcNow.Year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero) - Store.Bench.Clock.UtcNow);
        Assert.Equal(RenewalOutcome.Renewed, (await Store.Bench.SweepAsync(force: true)).Single(r => r.Name == over.Name).Outcome);
    }

    /// <summary>Certificates whose term is nearly over.</summary>
    private async Task BuyAsync(params string[] names)
    {
        Store.Server.CertificateDays = 365;
        await Store.AddAccountAsync();
        foreach (string name in names)
        {
            await Store.GetCertificateAsync(SslStoreBench.For(name));
        }

        Store.Bench.Clock.Advance(TimeSpan.FromDays(330));
    }

    private async Task<RenewalTest> ExplainAsync() => (await Store.Services.ExplainRenewal.RunAsync(
        Store.Bench.Listed()[0].Id, "None", null, Store.Bench.Reporter, CancellationToken.None)).Single(t => t.Subject == "Charge");
}
