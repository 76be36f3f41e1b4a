using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.SslStore.Protocol;
using KeyManager.Storage;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Authorities.SslStore;

/// <summary>
/// The SSL Store (www.thesslstore.com): certificates of Sectigo, DigiCert, Thawte, GeoTrust, RapidSSL and others through its REST API. Orders cost money and are sent once; what
/// became of one whose answer got lost is asked for by our reference.
/// </summary>
internal sealed class SslStoreAuthority : ICertificateAuthority, IAccountAbility, ICredentialTestAbility, ICatalogAbility, IRehearsalAbility, IValidationAbility, IApproverEmailAbility,
    IOrderLookupAbility, IReissueAbility, IOrderImportAbility, IRefundAbility, IRevokeAbility
{
    public const string Name = "SslStore";

    private readonly SslStoreConnections _connections;
    private readonly SslStoreOrders _orders;
    private readonly SslStoreImport _import;

    public SslStoreAuthority(SslStoreConnections connections, IStore store, Clock clock, ICertificateTools certificates, ICertificateRequestTools requests)
    {
        _connections = connections;
        _orders = new SslStoreOrders(connections, store, certificates, requests, clock);
        _import = new SslStoreImport(connections, new SslStoreCertificates(certificates, requests), clock);
    }

    /// <summary>What it is, also for callers without a store.</summary>
    public static AuthorityDescription About { get; } = new()
    {
        Name = Name,
        Title = SslStoreErrors.Title,
        Kind = "Reseller",
        Abilities = ["Wildcard", "Organization", "Catalogue", "Import", "Reissue", "Refund", "Revoke", "ApproverEmail"],
        ChallengeTypes = [ChallengeType.DnsCname, ChallengeType.DnsTxt, ChallengeType.HttpFile, ChallengeType.HttpsFile, ChallengeType.Email],
        Settings = SslStoreSettings.All,
        ChargesMoney = true,
        OrderDetails =
        [
            OrderDetail.Product, OrderDetail.Vendor, OrderDetail.ValidationType, OrderDetail.ValidityMonths, OrderDetail.ServerCount, OrderDetail.ServerType, OrderDetail.ApproverEmail,
            OrderDetail.AdminContact, OrderDetail.TechnicalContact,
        ],
        NeededContact = OrderDetail.AdminContact,
        LooksByItself = true,
        Addresses = SslStoreSettings.Addresses,
        ServerTypes =
        [
            "Other", "aol", "apacheapachessl", "apachessl", "apacheopenssl", "apacheraven", "apachessleay", "apache2", "c2net", "cisco3000", "citrix", "cobaltseries", "covalentserver",
            "cpanel", "ensim", "hsphere", "Iplanet", "Ibmhttp", "Ibminternet", "ipswitch", "tomcat", "javawebserver", "Domino", "Dominogo4625", "Dominogo4626", "iis4", "iis5", "iis",
            "Netscape", "NetscapeFastTrack", "website", "oracle", "plesk", "quid", "r3ssl", "reven", "redhat", "sapwebserver", "WebLogic", "webstar", "webten", "zeusv3",
        ],
        KeyTypes = ["RSA 2048", "RSA 3072", "RSA 4096", "ECDSA P-256", "ECDSA P-384"],
    };

    private static OrderRules Rules { get; } = new(About);

    public AuthorityDescription Description => About;

    public void Check(AuthorityContext context, CertificateOrder order)
    {
        Rules.CheckKey(order);
        Rules.RefuseForeign(
            "Leave it out; terms are bought with -ValidityMonths. ACME authorities have profiles and chains.",
            ("-ValidityDays", order.ValidityDays is not null),
            ("-Profile", order.Profile is not null),
            ("-PreferredChain", order.PreferredChain is not null));
        Rules.RefuseFileForWildcard(order, "Use -ChallengeType DnsCname or Email.");

        // What is issued again was complete when it was ordered.
        if (order.ReissuesOrderId is null)
        {
            RequireDetails(order);
        }
    }

    public AccountRegistration Prepare(AccountRequest request)
    {
        SslStoreSettings settings = new(request.Settings);
        settings.Check(request.Environment);
        byte[]? token = request.Secrets.TryGetValue(AccountRequest.AuthToken, out byte[]? given) && given.Length > 0 ? given : null;
        if (settings.PartnerCode.Length == 0 || token is null)
        {
            string missing = settings.PartnerCode.Length == 0 ? token is null ? "a partner code and a token" : "a partner code" : "a token";
            throw new CredentialException(ErrorIds.CredentialRejected, $"An account with {SslStoreErrors.Title} needs {missing}, which its portal shows after signing up.")
            {
                Target = request.Name,
                Remedy = "Give both with -PartnerCode and -AuthToken (Read-Host -AsSecureString). Get-Help about_KmSslStore says where to sign up.",
            };
        }

        return new AccountRegistration
        {
            AuthorityAccountId = $"{settings.PartnerCode}@{settings.BaseUrl(request.Environment).Host}",
            Settings = request.Settings,
            Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = (byte[])token.Clone() },
        };
    }

    public async Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken)
    {
        _ = await _connections.Open(context.With(request)).ValidateAsync(cancellationToken).ConfigureAwait(false);
        return context.Account;
    }

    public Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken)
    {
        SslStoreSettings.Of(changed).Check(changed.Environment);
        return Task.FromResult(changed);
    }

    public Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken) => throw Rules.CannotClose(context.Account);

    public async Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        SslStoreClient client = _connections.Open(context);
        _ = await client.ValidateAsync(cancellationToken).ConfigureAwait(false);
        return $"{SslStoreErrors.Title} ({client.Settings.BaseUrl(context.Account.Environment).Host}) takes the credentials of partner {client.Settings.PartnerCode}.";
    }

    public async Task<IReadOnlyList<Product>> GetProductsAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        JObject message = new() { ["ProductCode"] = "", ["ProductType"] = 0, ["NeedSortedList"] = true };
        ApiAnswer answer = await _connections.Open(context).AskAsync("product/query", message, cancellationToken).ConfigureAwait(false);
        return [.. answer.Items.Select(ProductResource.Read).OfType<Product>()];
    }

    public Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.PlaceAsync(context, order, cancellationToken);

    public Task RehearseAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.RehearseAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.GetAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken) =>
        _orders.SubmitAsync(context, order, challenges, cancellationToken);

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.DownloadAsync(context, order, cancellationToken);

    public Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.FindAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> ReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken) =>
        _orders.ReissueAsync(context, order, original, cancellationToken);

    public Task<AuthorityOrder?> FindReissueAsync(AuthorityContext context, CertificateOrder order, CertificateOrder original, CancellationToken cancellationToken) =>
        _orders.FindReissueAsync(context, order, original, cancellationToken);

    public Task<AuthorityOrder> RequestRefundAsync(AuthorityContext context, CertificateOrder order, string? comment, bool mayBeAsked, CancellationToken cancellationToken) =>
        _orders.RequestRefundAsync(context, order, comment, mayBeAsked, cancellationToken);

    public async Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken)
    {
        await _orders.RevokeAsync(context, certificate, cancellationToken).ConfigureAwait(false);
        context.Reporter.Warn($"{SslStoreErrors.Title} takes a revocation as a request, and no reason with it. Its portal shows when it was done.");
    }

    public Task<IReadOnlyList<ApproverEmail>> GetApproversAsync(AuthorityContext context, string productCode, DomainName name, CancellationToken cancellationToken) =>
        _orders.GetApproversAsync(context, productCode, name, cancellationToken);

    public Task ResendAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken) =>
        _orders.ResendAsync(context, order, challenge, cancellationToken);

    public Task ChangeApproverAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, string address, CancellationToken cancellationToken) =>
        _orders.ChangeApproverAsync(context, order, challenge, address, cancellationToken);

    public Task<ForeignOrderPage> ListAsync(AuthorityContext context, string? after, CancellationToken cancellationToken) => _import.ListAsync(context, after, cancellationToken);

    public Task<ForeignOrder> FindOrderAsync(AuthorityContext context, string authorityOrderId, CancellationToken cancellationToken) => _import.FindAsync(context, authorityOrderId, cancellationToken);

    public Task<ForeignOrder> DescribeAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken) =>
        _import.FindAsync(context, order.State.AuthorityOrderId, cancellationToken);

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken) => _import.DownloadAsync(context, order, cancellationToken);

    /// <summary>Everything that is missing at once, by the parameters that give it.</summary>
    private static void RequireDetails(CertificateOrder order)
    {
        bool isSectigo = order.Vendor == "Sectigo";
        MissingDetails missing = new();
        if (order.Organization is Organization organization && !(!isSectigo && organization.AuthorityId is not null))
        {
            missing.Note($"organization '{organization.Name}'",
            [
                ("-AddressLine1", organization.AddressLine1), ("-City", organization.City), ("-Region", organization.Region), ("-PostalCode", organization.PostalCode),
                ("-Country", organization.Country), ("-Phone", organization.Phone), ("-JurisdictionCountry", order.ValidationType == ValidationType.EV ? organization.JurisdictionCountry : "-"),
            ]);
        }

        foreach (Contact contact in new[] { order.AdminContact, order.TechnicalContact }.OfType<Contact>().GroupBy(c => c.Name).Select(g => g.First()))
        {
            bool needsTitle = order.ValidationType == ValidationType.EV && !isSectigo;
            missing.Note($"contact '{contact.Name}'",
            [
                ("-FirstName", contact.FirstName), ("-LastName", contact.LastName), ("-Email", contact.Email), ("-Phone", contact.Phone), ("-Title", needsTitle ? contact.Title : "-"),
            ]);
        }

        missing.Throw($"{order.Product} ({order.ValidationType})", order);
    }
}
