using System;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Tests.Authorities;
using KeyManager.Tests.Support.Acme;
using KeyManager.Providers.Authorities.Acme;
using System.Linq;
using System.Threading;
using System.Collections.Generic;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>An ACME authority keeps the contract of authorities, and the protocol to the letter.</summary>
public sealed class AcmeAuthorityTests : AuthorityContract
{
    private readonly StrictAcmeServer _server;
    private readonly AcmeSessions _sessions;

    public AcmeAuthorityTests()
    {
        _server = new StrictAcmeServer(Bench.Clock);
        _sessions = new AcmeSessions(Bench.Clock);
        Bench.More.Add(store => new AcmeAuthority(AcmePresets.All.Single(p => p.Name == "Acme"), _sessions, store, Bench.Clock, Bench.Keys, Bench.Certificates));
    }

    protected override bool TakesReference => false;

    protected override ICertificateAuthority Authority => Bench.Services.Authorities.Get("Acme");

    public override async ValueTask DisposeAsync()
    {
        try
        {
            Assert.Empty(_server.Violations);
        }
        finally
        {
            _sessions.Dispose();
            _server.Dispose();
            await base.DisposeAsync();
        }
    }

    protected override async Task<AuthorityContext> ConnectAsync() => Bench.Context(await Bench.Services.RegisterAccount.RunAsync(
        "Acme",
        new AccountRequest
        {
            Id = Identifier.New(),
            Name = "acme",
            Contact = ["admin@contoso.com"],
            AcceptTermsOfService = true,
            Settings = new Dictionary<string, string> { ["DirectoryUrl"] = _server.Directory.AbsoluteUri },
        },
        makeDefault: true,
        Bench.Reporter,
        CancellationToken.None));

    protected override CertificateOrder Impossible(CertificateOrder order) => order with { DomainNames = [DomainName.Parse("*.contoso.com")], ChallengeType = ChallengeType.Http01 };

    protected override async Task<CertificateOrder> ProveAsync(CertificateOrder order)
    {
        IReadOnlyList<Challenge> chosen = [.. order.Challenges.GroupBy(c => c.Id.Split('/')[0]).Select(g => g.First(c => c.Type == ChallengeType.Dns01))];
        order = Took(order, await ((IValidationAbility)Authority).SubmitAsync(Context, order, chosen, CancellationToken.None));
        return Took(order, await Authority.GetAsync(Context, order, CancellationToken.None));
    }
}
