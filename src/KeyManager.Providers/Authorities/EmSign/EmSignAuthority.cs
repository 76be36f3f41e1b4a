using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Providers.Authorities.EmSign.Protocol;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.EmSign;

/// <summary>
/// emSign CERTInext (certinext.io) of eMudhra, through its API of the first generation: an account number and an access key. Orders cost money and are sent once; what became of
/// one whose answer got lost is looked up in the list of orders by our reference.
/// </summary>
internal sealed class EmSignAuthority : ICertificateAuthority, IAccountAbility, ICredentialTestAbility, ICatalogAbility, IDirectoryAbility, IValidationAbility, IApproverEmailAbility,
    IFollowUpAbility, IOrderLookupAbility, IOrderImportAbility, ICancelAbility, IRevokeAbility
{
    public const string Name = "EmSign";

    private readonly EmSignConnections _connections;
    private readonly EmSignOrders _orders;
    private readonly EmSignImport _import;
    private readonly EmSignDirectory _directory;
    private readonly IStore _store;

    public EmSignAuthority(EmSignConnections connections, IStore store, Clock clock, ICertificateTools certificates, ICertificateRequestTools requests)
    {
        _connections = connections;
        _store = store;
        _orders = new EmSignOrders(connections, store, certificates, requests, clock);
        _import = new EmSignImport(connections, _orders, clock);
        _directory = new EmSignDirectory(connections, store, clock);
    }

    /// <summary>What it is, also for callers without a store.</summary>
    public static AuthorityDescription About { get; } = new()
    {
        Name = Name,
        Title = EmSignErrors.Title,
        Kind = "EmSign",
        Abilities = ["Wildcard", "Organization", "Catalogue", "Directory", "Import", "Cancel", "Revoke", "ApproverEmail"],
        ChallengeTypes = [ChallengeType.DnsTxt, ChallengeType.HttpFile, ChallengeType.HttpsFile, ChallengeType.Email],
        Settings = EmSignSettings.All,
        ChargesMoney = true,
        LooksByItself = true,
        OrderDetails =
        [
            OrderDetail.Product, OrderDetail.ValidationType, OrderDetail.ValidityMonths, OrderDetail.ApproverEmail, OrderDetail.TechnicalContact, OrderDetail.Requester, OrderDetail.Comment,
        ],
        NeededContact = OrderDetail.Requester,
        Addresses = EmSignSettings.Addresses,
        KeyTypes = ["RSA 2048", "RSA 3072", "RSA 4096", "ECDSA P-256", "ECDSA P-384"],
    };

    private static OrderRules Rules { get; } = new(About);

    public AuthorityDescription Description => About;

    public void Check(AuthorityContext context, CertificateOrder order)
    {
        Rules.CheckKey(order);
        Rules.RefuseForeign(
            "Leave it out; subscriptions are bought with -SubscriptionYears. ACME authorities have profiles and chains.",
            ("-ValidityDays", order.ValidityDays is not null),
            ("-NotAfter", order.NotAfter is not null),
            ("-Profile", order.Profile is not null),
            ("-PreferredChain", order.PreferredChain is not null));
        Product product = StoredOrders.ProductOf(_store, order);
        Rules.RefuseFileForWildcard(order, "Use -ChallengeType DnsTxt or Email.");
        if (order.ChallengeType is ChallengeType.HttpFile or ChallengeType.HttpsFile && OrderMessage.SecuresWww(order, product))
        {
            throw Rules.Cannot("accepts no file as proof where a name is secured with and without www. (EMS-1106)", order.DomainNames[0].Ascii, "Use -ChallengeType DnsTxt or Email, or order a product for several names.");
        }

        RequireDetails(order, EmSignSettings.Of(context.Account), context.Account);
    }

    public AccountRegistration Prepare(AccountRequest request)
    {
        EmSignSettings settings = new(request.Settings);
        settings.Check(request.Environment);
        byte[]? key = request.Secrets.TryGetValue(AccountRequest.AuthToken, out byte[]? given) && given.Length > 0 ? given : null;
        if (settings.AccountNumber.Length == 0 || key is null)
        {
            string missing = settings.AccountNumber.Length == 0 ? key is null ? "an account number and an access key" : "an account number" : "an access key";
            throw new CredentialException(ErrorIds.CredentialRejected, $"An account with {EmSignErrors.Title} needs {missing}, which its portal shows: Integrations, APIs, Create API Credentials.")
            {
                Target = request.Name,
                Remedy = "Give both with -AccountNumber and -AccessKey (Read-Host -AsSecureString). Get-Help about_KmEmSign says where to click; the key is shown only once.",
            };
        }

        if (!settings.AccountNumber.All(char.IsDigit))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{settings.AccountNumber}' is not an account number of {EmSignErrors.Title}.") { Target = settings.AccountNumber, Remedy = "It has digits only; the portal shows it with the access key." };
        }

        return new AccountRegistration
        {
            AuthorityAccountId = $"{settings.AccountNumber}@{settings.BaseUrl(request.Environment).Host}",
            Settings = request.Settings,
            Secrets = new Dictionary<string, byte[]> { [AccountRequest.AuthToken] = (byte[])key.Clone() },
        };
    }

    public async Task<AuthorityAccount> RegisterAsync(AuthorityContext context, AccountRequest request, CancellationToken cancellationToken)
    {
        EmSignClient client = _connections.Open(context.With(request));
        _ = await client.AskAsync("ValidateCredentials", null, cancellationToken).ConfigureAwait(false);
        try
        {
            EmSignAnswer answer = await client.AskAsync("GetGroupDetails", null, cancellationToken).ConfigureAwait(false);
            return context.Account with { AuthorityData = new EmSignAccountData { Email = answer.Block("accountDetails").Text("email") }.Write() };
        }
        catch (KeyManagerException refused) when (refused is AuthorityException || refused.ErrorId == ErrorIds.RightMissing)
        {
            context.Reporter.Verbose($"Whose access key it is cannot be told: {refused.Message}");
            return context.Account;
        }
    }

    public Task<AuthorityAccount> UpdateAsync(AuthorityContext context, AuthorityAccount changed, CancellationToken cancellationToken)
    {
        EmSignSettings.Of(changed).Check(changed.Environment);
        return Task.FromResult(changed);
    }

    public Task DeactivateAsync(AuthorityContext context, CancellationToken cancellationToken) => throw Rules.CannotClose(context.Account);

    public async Task<string> TestAsync(AuthorityContext context, CancellationToken cancellationToken)
    {
        EmSignClient client = _connections.Open(context);
        _ = await client.AskAsync("ValidateCredentials", null, cancellationToken).ConfigureAwait(false);
        return $"{EmSignErrors.Title} ({client.Settings.BaseUrl(context.Account.Environment).Host}) takes the access key of account {client.Settings.AccountNumber}.";
    }

    public Task<IReadOnlyList<Product>> GetProductsAsync(AuthorityContext context, CancellationToken cancellationToken) => _directory.GetProductsAsync(context, cancellationToken);

    public Task<AccountDirectory> GetDirectoryAsync(AuthorityContext context, DirectoryScope scope, AccountDirectory known, CancellationToken cancellationToken) =>
        _directory.GetAsync(context, scope, known, cancellationToken);

    public Task<AuthorityOrder> PlaceAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.PlaceAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> GetAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.GetAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> FollowUpAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.FollowUpAsync(context, order, cancellationToken);

    public Task<AuthorityOrder> SubmitAsync(AuthorityContext context, CertificateOrder order, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken) =>
        _orders.SubmitAsync(context, order, challenges, cancellationToken);

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) =>
        _orders.DownloadAsync(context, order.AuthorityOrderId ?? "", order, cancellationToken);

    public Task<AuthorityOrder?> FindAsync(AuthorityContext context, CertificateOrder order, CancellationToken cancellationToken) => _orders.FindAsync(context, order, cancellationToken);

    public Task CancelAsync(AuthorityContext context, CertificateOrder order, string? comment, CancellationToken cancellationToken) => _orders.CancelAsync(context, order, comment, cancellationToken);

    public Task RevokeAsync(AuthorityContext context, Certificate certificate, RevocationReason reason, string? comment, CancellationToken cancellationToken) =>
        _orders.RevokeAsync(context, certificate, reason, comment, cancellationToken);

    /// <summary>Which of them an order may use emSign says only once it has the order; all of them stand in the rules for public authorities.</summary>
    public Task<IReadOnlyList<ApproverEmail>> GetApproversAsync(AuthorityContext context, string productCode, DomainName name, CancellationToken cancellationToken) =>
        Task.FromResult(ApproverEmail.Construct(name));

    public Task ResendAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, CancellationToken cancellationToken) =>
        EmSignProofs.TellAsync(_connections.Open(context), order, challenge, cancellationToken);

    public Task ChangeApproverAsync(AuthorityContext context, CertificateOrder order, Challenge challenge, string address, CancellationToken cancellationToken) =>
        EmSignProofs.TellAsync(_connections.Open(context), order, challenge with { Location = address }, cancellationToken);

    public Task<ForeignOrderPage> ListAsync(AuthorityContext context, string? after, CancellationToken cancellationToken) => _import.ListAsync(context, after, cancellationToken);

    public Task<ForeignOrder> FindOrderAsync(AuthorityContext context, string authorityOrderId, CancellationToken cancellationToken) => _import.FindAsync(context, authorityOrderId, cancellationToken);

    public Task<ForeignOrder> DescribeAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken) => _import.DescribeAsync(context, order, cancellationToken);

    public Task<IssuedCertificate> DownloadAsync(AuthorityContext context, ForeignOrder order, CancellationToken cancellationToken) => _import.DownloadAsync(context, order, cancellationToken);

    /// <summary>Everything that is missing at once, by the parameters that give it.</summary>
    private static void RequireDetails(CertificateOrder order, EmSignSettings settings, AuthorityAccount account)
    {
        MissingDetails missing = new();
        foreach (Contact contact in new[] { order.Requester, order.TechnicalContact }.OfType<Contact>().GroupBy(c => c.Name).Select(g => g.First()))
        {
            missing.Note($"contact '{contact.Name}'", [("-FirstName", contact.FirstName), ("-Email", contact.Email), ("-Phone", contact.Phone)]);
        }

        bool isVetted = order.Organization?.AuthorityId is not null;
        if (order.Organization is Organization organization && !isVetted)
        {
            if (order.ValidationType == ValidationType.EV)
            {
                throw new InvalidRequestException(ErrorIds.DetailsMissing, $"An EV order needs an organization that {EmSignErrors.Title} has validated; '{organization.Name}' is known here only.")
                {
                    Target = organization.Name,
                    Remedy = $"Have it validated in the portal, then Sync-KmAccount {account.Name}; Get-KmOrganization shows it.",
                };
            }

            missing.Note($"organization '{organization.Name}'",
            [
                ("-AddressLine1", organization.AddressLine1), ("-City", organization.City), ("-Region", organization.Region), ("-PostalCode", organization.PostalCode), ("-Country", organization.Country),
            ]);
        }

        missing.Throw(order.Product ?? "The order", order);
        if (order.Requester is Contact requester && PhoneNumber.Read(requester.Phone) is null)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"The telephone number of the requester '{requester.Name}' has no country code: '{requester.Phone}'.")
            {
                Target = requester.Name,
                Remedy = $"Write it as +49 30 1234: Set-KmContact {requester.Name} -Phone",
            };
        }

        if (!isVetted && !settings.CanSign)
        {
            throw new InvalidRequestException(ErrorIds.DetailsMissing, $"An order without an organization that {EmSignErrors.Title} has validated has to sign its subscriber agreement, and the account {account} does not say where.")
            {
                Target = account.Name,
                Remedy = $"Set-KmAccount {account.Name} -Setting @{{ SignerPlace = 'Berlin'; SignerAddress = '203.0.113.10' }} with the place and public IP address of the requester; or name an organization with -Organization.",
            };
        }
    }
}
