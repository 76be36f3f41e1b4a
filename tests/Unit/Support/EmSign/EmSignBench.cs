using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.EmSign;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.Support.EmSign;

/// <summary>A bench with emSign behind it, in a world in which what the fake solver publishes can be seen.</summary>
internal sealed class EmSignBench : IDisposable
{
    private readonly EmSignConnections _connections;

    public EmSignBench()
    {
        Server = new EmSignServer(Bench.Clock, new PublishedWorld(Bench.Solver));
        Bench.Solver.Not = ChallengeType.Email;
        _connections = new EmSignConnections(Bench.Clock);
        Bench.More.Add(store => new EmSignAuthority(_connections, store, Bench.Clock, Bench.Certificates, Bench.Requests));
    }

    public TestBench Bench { get; } = new();

    public EmSignServer Server { get; }

    public KeyManagerServices Services => Bench.Services;

    public AuthorityAccount Account { get; private set; } = Some.Account();

    /// <summary>An account with a requester, the directory fetched.</summary>
    public async Task<AuthorityAccount> AddAccountAsync(params (string Name, string Value)[] settings)
    {
        Account = await RegisterAsync("emsign", EmSignServer.AccessKey, [("Requester", "ops"), ("SignerPlace", "Berlin"), ("SignerAddress", "203.0.113.10"), .. settings]);
        _ = Services.Presets.Add(SslStoreBench.SomeContact("ops"));
        await Services.Directory.LinkAsync(Account.Id, Bench.Reporter, CancellationToken.None);
        return Account;
    }

    public Task<AuthorityAccount> RegisterAsync(string name, string key, params (string Name, string Value)[] settings) => Services.RegisterAccount.RunAsync(
        "EmSign",
        new AccountRequest
        {
            Id = Identifier.New(),
            Name = name,
            Settings = new[] { ("AccountNumber", EmSignServer.AccountNumber), ("BaseUrl", Server.Url) }.Concat(settings).GroupBy(s => s.Item1).ToDictionary(s => s.Key, s => s.Last().Item2),
            Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = Encoding.UTF8.GetBytes(key) },
        },
        makeDefault: true,
        Bench.Reporter,
        CancellationToken.None);

    public static OrderRequest For(params string[] names) => new()
    {
        DomainNames = [.. names.Select(DomainName.Parse)],
        Product = "842",
        AcceptCharges = true,
    };

    public Task<CertificateOrder> PlaceAsync(OrderRequest request) => Bench.PlaceAsync(request);

    public Task<CertificateOrder> CompleteAsync(CertificateOrder order, TimeSpan? timeout = null) =>
        Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Timeout = timeout ?? TimeSpan.FromMinutes(5), AcceptCharges = true }, Bench.Reporter, CancellationToken.None);

    public async Task<Certificate> GetCertificateAsync(OrderRequest request) => Bench.Certificate((await CompleteAsync(await PlaceAsync(request))).CertificateId!);

    public Task<CertificateOrder> SyncAsync(CertificateOrder order) => Services.SyncOrder.RunAsync(order.Id, save: true, Bench.Reporter, CancellationToken.None);

    public async Task<IReadOnlyList<CertificateOrder>> ImportAsync(ImportOptions? options = null, KeyManagerServices? services = null)
    {
        List<CertificateOrder> orders = [];
        await (services ?? Services).ImportOrders.RunAsync(
            options ?? new ImportOptions(),
            order =>
            {
                orders.Add(order);
                return Task.CompletedTask;
            },
            Bench.Reporter,
            CancellationToken.None);
        return orders;
    }

    public Newtonsoft.Json.Linq.JObject Sent(string call) => Server.Messages.Last(m => m.Call == call).Block;

    public void AssertNoViolations() => Assert.Empty(Server.Violations);

    public void Dispose()
    {
        _connections.Dispose();
        Server.Dispose();
        Bench.Dispose();
    }
}
