using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Authorities;

/// <summary>What every authority's adapter keeps to, so that operations can rely on it. An adapter's tests inherit it and say how to reach it.</summary>
public abstract class AuthorityContract : IAsyncLifetime
{
    private AuthorityContext? _context;

    protected TestBench Bench { get; } = new();

    protected abstract ICertificateAuthority Authority { get; }

    /// <summary>Whether an order at the authority carries our id.</summary>
    protected virtual bool TakesReference => true;

    protected AuthorityContext Context => _context ?? throw new InvalidOperationException("The account is made before each test.");

    public virtual async ValueTask InitializeAsync() => _context = await ConnectAsync();

    public virtual ValueTask DisposeAsync()
    {
        Bench.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_placed_order_has_a_reference_and_a_state_that_can_be_asked_for()
    {
        CertificateOrder order = await PlaceAsync(NewOrder("www.contoso.com"));
        AuthorityOrder answer = await Authority.GetAsync(Context, order, CancellationToken.None);
        Assert.False(string.IsNullOrEmpty(answer.AuthorityOrderId));
        Assert.Equal(order.AuthorityOrderId, answer.AuthorityOrderId);
        Assert.Equal(order.Status, answer.Status);
        Assert.False(string.IsNullOrEmpty(answer.AuthorityStatus));
    }

    [Fact]
    public async Task The_certificate_is_for_the_key_and_the_names_of_the_order_and_comes_with_its_chain()
    {
        CertificateOrder order = await IssueAsync(NewOrder("www.contoso.com", "contoso.com"));
        IssuedCertificate issued = await Authority.DownloadAsync(Context, order, CancellationToken.None);
        CertificateContent leaf = Bench.Certificates.Parse(issued.Leaf);
        Assert.Equal(order.DomainNames.ToHashSet(), leaf.DomainNames.ToHashSet());
        Assert.Equal(Bench.Requests.Read(order.Csr!, "order").SubjectPublicKeyInfo, leaf.SubjectPublicKeyInfo);
        Assert.NotEmpty(Bench.Certificates.OrderChain(leaf, issued.Chain.Select(Bench.Certificates.Parse)));
    }

    [Fact]
    public async Task Finalizing_again_issues_nothing_more()
    {
        IFinalizeAbility finalizer = Able<IFinalizeAbility>("has no request to send later");
        CertificateOrder order = await IssueAsync(NewOrder("www.contoso.com"));
        byte[] first = (await Authority.DownloadAsync(Context, order, CancellationToken.None)).Leaf;
        AuthorityOrder again = await finalizer.FinalizeAsync(Context, order, CancellationToken.None);
        Assert.Equal(OrderStatus.Available, again.Status);
        Assert.Equal(first, (await Authority.DownloadAsync(Context, order, CancellationToken.None)).Leaf);
    }

    [Fact]
    public async Task Downloading_again_gives_the_same_certificate()
    {
        CertificateOrder order = await IssueAsync(NewOrder("www.contoso.com"));
        byte[] first = (await Authority.DownloadAsync(Context, order, CancellationToken.None)).Leaf;
        Assert.Equal(first, (await Authority.DownloadAsync(Context, order, CancellationToken.None)).Leaf);
    }

    [Fact]
    public async Task An_order_that_never_arrived_is_not_found()
    {
        IOrderLookupAbility lookup = Able<IOrderLookupAbility>("cannot be asked for an order");
        Assert.Null(await lookup.FindAsync(Context, NewOrder("www.contoso.com"), CancellationToken.None));
    }

    [Fact]
    public async Task An_issued_order_is_found_by_our_reference_alone()
    {
        IOrderLookupAbility lookup = Able<IOrderLookupAbility>("cannot be asked for an order");
        Assert.SkipUnless(TakesReference, $"{Authority.Description.Title} takes no reference of its customer's.");
        CertificateOrder order = await IssueAsync(NewOrder("www.contoso.com"));
        CertificateOrder forgotten = Bench.Order(order.Id) with { AuthorityOrderId = null, AuthorityData = null };
        AuthorityOrder? found = await lookup.FindAsync(Context, forgotten, CancellationToken.None);
        Assert.Equal(order.AuthorityOrderId, found?.AuthorityOrderId);
    }

    [Fact]
    public void An_impossible_order_is_refused_before_anything_is_sent()
    {
        InvalidRequestException refused = Assert.Throws<InvalidRequestException>(() => Authority.Check(Context, Impossible(NewOrder("www.contoso.com"))));
        Assert.False(string.IsNullOrEmpty(refused.Remedy));
    }

    [Fact]
    public async Task Revoking_again_is_no_error()
    {
        IRevokeAbility revoker = Able<IRevokeAbility>("does not revoke");
        Certificate certificate = await IssuedCertificateAsync("www.contoso.com");
        await revoker.RevokeAsync(Context, certificate, RevocationReason.Superseded, null, CancellationToken.None);
        await revoker.RevokeAsync(Context, certificate, RevocationReason.Superseded, null, CancellationToken.None);
    }

    [Fact]
    public async Task Cancelling_again_is_no_error()
    {
        ICancelAbility canceller = Able<ICancelAbility>("does not cancel");
        CertificateOrder order = await PlaceAsync(NewOrder("www.contoso.com"));
        await canceller.CancelAsync(Context, order, "not needed", CancellationToken.None);
        await canceller.CancelAsync(Context, order, "not needed", CancellationToken.None);
    }

    [Fact]
    public void It_says_what_it_is()
    {
        AuthorityDescription about = Authority.Description;
        Assert.Matches("^[A-Za-z0-9]+$", about.Name);
        Assert.NotEmpty(about.Title);
        Assert.All(about.Settings, s => Assert.EndsWith(".", s.Description, StringComparison.Ordinal));
        Assert.Equal(about.Settings.Count, about.Settings.Select(s => s.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    /// <summary>Makes the account to test with.</summary>
    protected abstract Task<AuthorityContext> ConnectAsync();

    /// <summary>Turns the order into one that the authority can never fulfil.</summary>
    protected abstract CertificateOrder Impossible(CertificateOrder order);

    /// <summary>Adds what an order of this authority needs beside names and key.</summary>
    protected virtual CertificateOrder Complete(CertificateOrder order) => order;

    /// <summary>Does what a user does to prove control of the names.</summary>
    protected virtual Task<CertificateOrder> ProveAsync(CertificateOrder order) => Task.FromResult(order);

    /// <summary>A stored order with its key and request, not sent.</summary>
    protected CertificateOrder NewOrder(params string[] names) => NewOrder(KeySpec.Default, names);

    protected CertificateOrder NewOrder(KeySpec spec, params string[] names)
    {
        using KeyPair key = Bench.Keys.Generate(spec);
        CertificateOrder order = Some.Order(names[0], names) with
        {
            AccountId = Context.Account.Id,
            Account = Context.Account.Name,
            Authority = Authority.Description.Name,
            KeySpec = spec,
            Csr = Bench.Requests.Create(key, [.. names.Select(DomainName.Parse)], null, SignatureHash.SHA256),
        };
        order = Complete(order);
        Bench.Store.Write(s =>
        {
            s.Orders.Add(order);
            return true;
        });
        return order;
    }

    protected async Task<CertificateOrder> PlaceAsync(CertificateOrder order)
    {
        Authority.Check(Context, order);
        return Took(order, await Authority.PlaceAsync(Context, order, CancellationToken.None));
    }

    protected async Task<CertificateOrder> IssueAsync(CertificateOrder order)
    {
        order = await ProveAsync(await PlaceAsync(order));
        if (Authority is IFinalizeAbility finalizer)
        {
            order = Took(order, await finalizer.FinalizeAsync(Context, order, CancellationToken.None));
        }

        for (int i = 0; i < 50 && order.Status != OrderStatus.Available; i++)
        {
            order = Took(order, await Authority.GetAsync(Context, order, CancellationToken.None));
        }

        Assert.Equal(OrderStatus.Available, order.Status);
        return order;
    }

    protected async Task<Certificate> IssuedCertificateAsync(params string[] names)
    {
        CertificateOrder order = await IssueAsync(NewOrder(names));
        CertificateContent leaf = Bench.Certificates.Parse((await Authority.DownloadAsync(Context, order, CancellationToken.None)).Leaf);
        return Some.Certificate(names[0], notAfter: leaf.NotAfter) with { SerialNumber = leaf.SerialNumber, RawData = leaf.Der, OrderId = order.Id, Account = order.Account };
    }

    protected static CertificateOrder Took(CertificateOrder order, AuthorityOrder answer) => order with
    {
        AuthorityOrderId = answer.AuthorityOrderId,
        AuthorityStatus = answer.AuthorityStatus,
        Status = answer.Status,
        Challenges = answer.Challenges ?? order.Challenges,
        AuthorityData = answer.AuthorityData ?? order.AuthorityData,
        Step = OrderStep.Placed,
    };

    private T Able<T>(string otherwise)
        where T : class
    {
        Assert.SkipUnless(Authority is T, $"{Authority.Description.Title} {otherwise}.");
        return (T)Authority;
    }
}
