using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign;
using KeyManager.Tests.Authorities;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.EmSign;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>emSign keeps the contract of authorities.</summary>
public sealed class EmSignAuthorityTests : AuthorityContract
{
    private readonly EmSignServer _server;
    private readonly EmSignConnections _connections;

    public EmSignAuthorityTests()
    {
        _server = new EmSignServer(Bench.Clock, new PublishedWorld(Bench.Solver));
        _connections = new EmSignConnections(Bench.Clock);
        Bench.More.Add(store => new EmSignAuthority(_connections, store, Bench.Clock, Bench.Certificates, Bench.Requests));
    }

    protected override ICertificateAuthority Authority => Bench.Services.Authorities.Get("EmSign");

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
            "EmSign",
            new AccountRequest
            {
                Id = Identifier.New(),
                Name = "emsign",
                Settings = new Dictionary<string, string>
                {
                    ["AccountNumber"] = EmSignServer.AccountNumber,
                    ["BaseUrl"] = _server.Url,
                    ["SignerPlace"] = "Berlin",
                    ["SignerAddress"] = "203.0.113.10",
                },
                Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = System.Text.Encoding.UTF8.GetBytes(EmSignServer.AccessKey) },
            },
            makeDefault: true,
            Bench.Reporter,
            CancellationToken.None);
        await Bench.Services.Directory.LinkAsync(account.Id, Bench.Reporter, CancellationToken.None);
        return Bench.Context(account);
    }

    protected override CertificateOrder Complete(CertificateOrder order) => order with
    {
        Product = "842",
        Vendor = "emSign",
        ValidationType = ValidationType.DV,
        ValidityMonths = 12,
        ChallengeType = ChallengeType.DnsTxt,
        Requester = SslStoreBench.SomeContact("ops"),
        TechnicalContact = SslStoreBench.SomeContact("ops"),
        AcceptsCharges = true,
    };

    protected override CertificateOrder Impossible(CertificateOrder order) => order with { DomainNames = [DomainName.Parse("*.contoso.com")], ChallengeType = ChallengeType.HttpFile };

    protected override async Task<CertificateOrder> ProveAsync(CertificateOrder order)
    {
        Bench.Solver.Published.AddRange(order.Challenges);
        return Took(order, await ((IValidationAbility)Authority).SubmitAsync(Context, order, order.Challenges, CancellationToken.None));
    }
}
