using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.SslStore;
using Xunit;

namespace KeyManager.Tests.Support.SslStore;

/// <summary>A bench with The SSL Store behind it, in a world in which what the fake solver publishes can be seen.</summary>
internal sealed class SslStoreBench : IDisposable
{
    private readonly SslStoreConnections _connections;

    public SslStoreBench()
    {
        Server = new SslStoreServer(Bench.Clock, new PublishedWorld(Bench.Solver));
        Bench.Solver.Not = ChallengeType.Email;
        _connections = new SslStoreConnections(Bench.Clock);
        Bench.More.Add(store => new SslStoreAuthority(_connections, store, Bench.Clock, Bench.Certificates, Bench.Requests));
    }

    public TestBench Bench { get; } = new();

    public SslStoreServer Server { get; }

    public KeyManagerServices Services => Bench.Services;

    public AuthorityAccount Account { get; private set; } = Some.Account();

    /// <summary>An account with a contact, the catalogue fetched.</summary>
    public async Task<AuthorityAccount> AddAccountAsync(params (string Name, string Value)[] settings)
    {
        Account = await RegisterAsync("store1", SslStoreServer.Token, [("AdminContact", "ops"), .. settings]);
        _ = Services.Presets.Add(SomeContact("ops"));
        _ = Services.Presets.Add(SomeOrganization("contoso"));
        await Services.Catalog.PrepareAsync(null, Bench.Reporter, CancellationToken.None);
        return Account;
    }

    public Task<AuthorityAccount> RegisterAsync(string name, string token, params (string Name, string Value)[] settings) => Services.RegisterAccount.RunAsync(
        "SslStore",
        new AccountRequest
        {
            Id = Identifier.New(),
            Name = name,
            Settings = settings.Concat([("PartnerCode", SslStoreServer.PartnerCode), ("BaseUrl", Server.Url)]).ToDictionary(s => s.Item1, s => s.Item2),
            Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = Encoding.UTF8.GetBytes(token) },
        },
        makeDefault: true,
        Bench.Reporter,
        CancellationToken.None);

    public static OrderRequest For(params string[] names) => new()
    {
        DomainNames = [.. names.Select(DomainName.Parse)],
        Product = "positivessl",
        AcceptCharges = true,
    };

    public Task<CertificateOrder> PlaceAsync(OrderRequest request) => Bench.PlaceAsync(request);

    public Task<CertificateOrder> CompleteAsync(CertificateOrder order, TimeSpan? timeout = null) =>
        Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Timeout = timeout ?? TimeSpan.FromMinutes(5) }, Bench.Reporter, CancellationToken.None);

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

    public static Contact SomeContact(string name) => new()
    {
        Id = Identifier.New(),
        Name = name,
        FirstName = "Ada",
        LastName = "Berg",
        Email = "ops@contoso.com",
        Phone = "+49 30 1234",
        CreatedAt = Some.Moment,
        UpdatedAt = Some.Moment,
    };

    public static Organization SomeOrganization(string name) => new()
    {
        Id = Identifier.New(),
        Name = name,
        LegalName = "Contoso GmbH",
        AddressLine1 = "Hauptstr. 1",
        City = "Berlin",
        Region = "Berlin",
        PostalCode = "10115",
        Country = "DE",
        JurisdictionCountry = "DE",
        Phone = "+49 30 1234",
        CreatedAt = Some.Moment,
        UpdatedAt = Some.Moment,
    };

    public void AssertNoViolations() => Assert.Empty(Server.Violations);

    public void Dispose()
    {
        _connections.Dispose();
        Server.Dispose();
        Bench.Dispose();
    }
}
