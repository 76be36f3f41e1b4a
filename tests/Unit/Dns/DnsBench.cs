using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Dns;
using KeyManager.Operations;
using KeyManager.Providers.Challenges;
using KeyManager.Tests.Support;

namespace KeyManager.Tests.Dns;

/// <summary>A store with DNS accounts in front of services in memory, and an authority that wants records.</summary>
internal sealed class DnsBench : IDisposable
{
    public DnsBench()
    {
        Bench.DnsProviders = new DnsProviderRegistry([Provider, Other, Blind]);
        Bench.Solvers.Add(store => new DnsSolver(store, Bench.DnsProviders, new DnsPlacer(store, Bench.DnsProviders, Aliases), new ProofWait(Bench.Probe, witness: null, store, Bench.Clock)));
        Bench.Solver.IsEnabled = false;
        Bench.Able.PlaceAnswer = Pending;
        Bench.AddScripted(Bench.Able);
    }

    public TestBench Bench { get; } = new();

    public FakeDnsProvider Provider { get; } = new();

    public FakeDnsProvider Other { get; } = new("Other");

    /// <summary>A service whose accounts hold whatever they are given.</summary>
    public FakeDnsProvider Blind { get; } = new("Blind", knowsItsZones: false);

    public FakeAliases Aliases { get; } = new();

    public ManageDnsAccounts Accounts => Bench.Services.DnsAccounts;

    public DnsAccount Add(string name, string zones, string provider = "Fake", params (string Name, string Value)[] settings)
    {
        Dictionary<string, string> all = settings.ToDictionary(s => s.Name, s => s.Value);
        all["Zones"] = zones;
        return Accounts.Add(
            new DnsAccountRequest { Name = name, Provider = provider, Settings = all, Secrets = new Dictionary<string, byte[]> { ["ApiToken"] = Encoding.UTF8.GetBytes("token of " + name) } },
            Bench.Reporter);
    }

    public DomainMapping Map(string domain, string? account, string? recordName = null, params (string Name, string Value)[] settings) => Bench.Services.DomainMappings.Set(
        domain, account, recordName, settings.ToDictionary(s => s.Name, s => s.Value), new Dictionary<string, byte[]>(), Bench.Reporter);

    /// <summary>Where the records of these names go.</summary>
    public Task<IReadOnlyList<DnsPlacement>> PlaceAsync(string? account, params string[] names) => new DnsPlacer(Bench.Store, Bench.DnsProviders, Aliases).FindAsync(
        account, [.. names.Select(n => new ProofRecord(DomainName.Parse(n), "_acme-challenge." + DomainName.Parse(n).BaseName))], null, Bench.Reporter, null, CancellationToken.None);

    public Task<CertificateOrder> OrderAsync(string? account, params string[] names) =>
        Bench.PlaceAsync(new OrderRequest { DomainNames = [.. names.Select(DomainName.Parse)], DnsAccount = account, ChallengeType = ChallengeType.Dns01 });

    public Task<CertificateOrder> CompleteAsync(CertificateOrder order, CancellationToken cancellationToken = default) =>
        Bench.Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Resolver = "None" }, Bench.Reporter, cancellationToken);

    public void Dispose() => Bench.Dispose();

    private static AuthorityOrder Pending(CertificateOrder order) => ScriptedAuthority.Answer(order, OrderStatus.PendingValidation, "pending") with
    {
        Challenges = [.. order.DomainNames.Select((n, i) => new Challenge
        {
            Id = $"{i + 1}/Dns01",
            OrderId = order.Id,
            DomainName = n,
            Type = ChallengeType.Dns01,
            Location = "_acme-challenge." + n.BaseName,
            Value = $"proof {i} of {order.Id}",
        })],
    };
}
