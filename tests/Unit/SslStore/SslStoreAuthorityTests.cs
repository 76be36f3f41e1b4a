using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore;
using KeyManager.Tests.Authorities;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>The SSL Store keeps the contract of authorities.</summary>
public sealed class SslStoreAuthorityTests : AuthorityContract
{
    private readonly SslStoreServer _server;
    private readonly SslStoreConnections _connections;

    public SslStoreAuthorityTests()
    {
        _server = new SslStoreServer(Bench.Clock, new PublishedWorld(Bench.Solver));
        _connections = new SslStoreConnections(Bench.Clock);
        Bench.More.Add(store => new SslStoreAuthority(_connections, store, Bench.Clock, Bench.Certificates, Bench.Requests));
    }

    protected override ICertificateAuthority Authority => Bench.Services.Authorities.Get("SslStore");

    public override async ValueTask DisposeAsync()
    {
        try
        {
            Assert.Empty(_server.Violations);
        }
        finally
        {
            _connections.Dispose();
            _server.Dispose();
            await base.DisposeAsync();
        }
    }

    protected override async Task<AuthorityContext> ConnectAsync()
    {
        AuthorityAccount account = await Bench.Services.RegisterAccount.RunAsync(
            "SslStore",
            new AccountRequest
            {
                Id = Identifier.New(),
                Name = "store1",
                Settings = new Dictionary<string, string> { ["PartnerCode"] = SslStoreServer.PartnerCode, ["BaseUrl"] = _server.Url },
                Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = System.Text.Encoding.UTF8.GetBytes(SslStoreServer.Token) },
            },
            makeDefault: true,
            Bench.Reporter,
            CancellationToken.None);
        await Bench.Services.Catalog.PrepareAsync(null, Bench.Reporter, CancellationToken.None);
        return Bench.Context(account);
    }

    protected override CertificateOrder Complete(CertificateOrder order) => order with
    {
        Product = "positivessl",
        Vendor = "Sectigo",
        ValidationType = ValidationType.DV,
        ValidityMonths = 12,
        ChallengeType = ChallengeType.DnsCname,
        AdminContact = SslStoreBench.SomeContact("ops"),
        TechnicalContact = SslStoreBench.SomeContact("ops"),
        AcceptsCharges = true,
    };

    protected override CertificateOrder Impossible(CertificateOrder order) => order with { DomainNames = [DomainName.Parse("*.contoso.com")], ChallengeType = ChallengeType.HttpFile };

    protected override Task<CertificateOrder> ProveAsync(CertificateOrder order)
    {
        Bench.Solver.Published.AddRange(order.Challenges);
        return Task.FromResult(order);
    }
}
