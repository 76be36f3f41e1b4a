using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Places a certificate order. The order, its key and its request are stored before anything is sent; a process killed in between leaves an
/// order that the same request, or Invoke-KmChallenge, takes up again instead of ordering twice.
/// </summary>
public sealed class PlaceOrder(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);
    private readonly PlanOrder _plan = new(ports);
    private readonly FindOutcome _outcome = new(ports);
    private readonly ManageApprovers _approvers = new(ports);
    private readonly ManageLabels _labels = new(ports);

    /// <summary>Checks the request and says what would be ordered; changes nothing.</summary>
    public OrderPlan Plan(OrderRequest request, IReporter reporter) => Plan(request, null, reporter);

    /// <summary>Places the order, or takes up the same order where an earlier command was interrupted.</summary>
    public Task<CertificateOrder> RunAsync(OrderRequest request, IReporter reporter, CancellationToken cancellationToken) =>
        RunAsync(Plan(request, reporter), reporter, cancellationToken);

    /// <summary>Places what was planned a moment ago, or takes up the same order where an earlier command was interrupted.</summary>
    public async Task<CertificateOrder> RunAsync(OrderPlan plan, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(plan);

        // Making an RSA key takes seconds: not for an order that is open already, and outside of the transaction. Neither is that one paid for again.
        bool isSlow = plan.NeedsNewKey && plan.Order.KeySpec.Algorithm == KeyAlgorithm.Rsa;
        CertificateOrder? open = isSlow || plan.Charge is not null ? ports.Store.Read(session => FindOpen(session, plan)) : null;
        if (open is null)
        {
            RefuseCharges(plan);
            await CheckApproversAsync(plan.Order, reporter, cancellationToken).ConfigureAwait(false);

            // Before it is stored: nobody else can place it in between.
            using Lease own = Lease.OnOrder(ports, plan.Order);
            CertificateOrder stored = Store(plan);
            if (stored.Id == plan.Order.Id)
            {
                return await ContinueAsync(stored, reporter, cancellationToken).ConfigureAwait(false);
            }

            open = stored;
        }

        reporter.Warn($"The same order is open already: going on with {open} in state {open.Status}. Use -Force to place another one.");

        if (!plan.Request.Labels.IsEmpty)
        {
            _ = _labels.SetOnOrder(open.Id, plan.Request.Labels);
        }

        // Read again: another command may have placed it meanwhile.
        using Lease lease = Lease.OnOrder(ports, open.Id, out CertificateOrder order);
        return await ContinueAsync(order, reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the authority whether it would take what was planned, where it can be asked; nothing is stored. The key of the request is made for this question alone.</summary>
    public async Task RehearseAsync(OrderPlan plan, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(plan);
        await CheckApproversAsync(plan.Order, reporter, cancellationToken).ConfigureAwait(false);
        if (ports.Authorities.Get(plan.Order.Authority) is not IRehearsalAbility ability)
        {
            return;
        }

        CertificateOrder order = plan.Order;
        if (order.Csr is null)
        {
            using KeyPair key = plan.Request.ImportedKey is null ? ports.Keys.Generate(order.KeySpec) : ports.Keys.FromPkcs8((byte[])plan.Request.ImportedKey.Pkcs8.Clone());
            order = order with { Csr = Request(order, key) };
        }

        await ability.RehearseAsync(Context(order, reporter), order, cancellationToken).ConfigureAwait(false);
        reporter.Verbose($"{order.Authority} would take the order.");
    }

    internal OrderPlan Plan(OrderRequest request, CertificateOrder? renews, IReporter reporter, bool isReissue = false) =>
        ports.Store.Read(session => _plan.Make(session, request, renews, reporter, isReissue));

    /// <summary>Brings a stored draft to the authority, unless that has it already. The caller holds the lease on it.</summary>
    internal async Task<CertificateOrder> ContinueAsync(CertificateOrder order, IReporter reporter, CancellationToken cancellationToken)
    {
        if (order.Step == OrderStep.Placing && order.IsOpen)
        {
            order = await _outcome.RunAsync(order, reporter, cancellationToken).ConfigureAwait(false);
        }

        return order.Status == OrderStatus.Draft ? await SendAsync(order, reporter, cancellationToken).ConfigureAwait(false) : order;
    }

    private async Task<CertificateOrder> SendAsync(CertificateOrder order, IReporter reporter, CancellationToken cancellationToken)
    {
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        AuthorityContext context = Context(order, reporter);
        CertificateOrder? original = order.ReissuesOrderId is string id ? ports.Store.Read(session => Lookup.Order(session, id)) : null;
        if (authority.Description.ChargesMoney && original is null && !order.AcceptsCharges)
        {
            throw ChargesNotAccepted(order, null);
        }

        // Nobody may hear of an order that a loss of power could make us forget and that may cost something. What is issued only upon a second
        // request costs nothing before that, and CompleteOrder waits for the disk there.
        Durability durability = authority.Description.IsBuiltIn || authority is IFinalizeAbility ? Durability.Deferred : Durability.Immediate;
        order = _journal.Save(order with { Step = OrderStep.Placing }, durability);
        AuthorityOrder answer;
        try
        {
            answer = original is null
                ? await authority.PlaceAsync(context, order, cancellationToken).ConfigureAwait(false)
                : await ports.Authorities.Require<IReissueAbility>(authority, "issue again").ReissueAsync(context, order, original, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException e) when (e is RateLimitException or TransportException { WasNeverSent: true } || e.ConcernsAccount)
        {
            // Not now: nothing is open at the authority, and the order can be placed later.
            _journal.Save(order with { Step = OrderStep.Prepared, ErrorId = e.ErrorId, ErrorDetail = e.Message });
            throw;
        }
        catch (KeyManagerException e) when (e.IsRefusal)
        {
            _journal.Fail(order, OrderStatus.Rejected, e.ErrorId, e.Message);
            throw;
        }
        catch (Exception e) when (e is KeyManagerException and not StoreException or OperationCanceledException)
        {
            // It may have arrived. The order must not look like one that was never sent.
            _journal.Fail(order, OrderStatus.Unknown, (e as KeyManagerException)?.ErrorId ?? ErrorIds.OrderWaitTimeout, e.Message);
            throw;
        }

        return _journal.Accept(order with { Step = OrderStep.Placed }, answer, "OrderPlaced", durability);
    }

    private async Task CheckApproversAsync(CertificateOrder order, IReporter reporter, CancellationToken cancellationToken)
    {
        if (order.ChallengeType == ChallengeType.Email)
        {
            await _approvers.CheckAsync(ports.Authorities.Get(order.Authority), Context(order, reporter), order, cancellationToken).ConfigureAwait(false);
        }
    }

    private AuthorityContext Context(CertificateOrder order, IReporter reporter) =>
        Lookup.Context(ports.Store, ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId)), reporter);

    private static void RefuseCharges(OrderPlan plan)
    {
        if (plan.Charge is not null && !plan.Order.AcceptsCharges)
        {
            throw ChargesNotAccepted(plan.Order, plan.Charge);
        }
    }

    private static InvalidRequestException ChargesNotAccepted(CertificateOrder order, Charge? charge) => new(
        ErrorIds.ChargesNotAccepted,
        $"{order.Name} from {order.Account}: {order.Product ?? "a certificate"}{(order.ValidityMonths is null ? "" : FormattableString.Invariant($" for {order.ValidityMonths} months"))} costs {charge ?? new Charge(null, "")}. Nothing was ordered.")
    {
        Target = order.Name,
        Remedy = "Add -AcceptCharges when that is right.",
    };

    private CertificateOrder? FindOpen(IStoreSession session, OrderPlan plan)
    {
        (OrderRequest request, CertificateOrder wanted) = (plan.Request, plan.Order);
        if (request.Force)
        {
            return null;
        }

        string? keyId = wanted.PrivateKeyId
            ?? (request.ImportedKey is KeyPair own ? session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(own.SubjectPublicKeyInfo))?.Id : null);
        if (request.ImportedKey is not null && keyId is null)
        {
            // A key that was never stored here cannot belong to an open order.
            return null;
        }

        OrderQuery query = new() { DomainName = wanted.DomainNames[0].Ascii, AccountId = wanted.AccountId, IsOpen = true };
        return session.Orders.Query(query, null, 1000).Items
            .FirstOrDefault(o => IsSame(o, wanted, keyId) && !Lookup.HasRunOut(session, o, ports.Clock.UtcNow));
    }

    private static bool IsSame(CertificateOrder open, CertificateOrder wanted, string? keyId) =>
        string.Equals(open.Name, wanted.Name, StringComparison.OrdinalIgnoreCase)
        && open.DomainNames.SequenceEqual(wanted.DomainNames)
        && open.KeySpec == wanted.KeySpec
        && open.KeyPolicy == wanted.KeyPolicy
        && open.SignatureAlgorithm == wanted.SignatureAlgorithm
        && IsSame(open.Subject, wanted.Subject)
        && open.ChallengeType == wanted.ChallengeType
        && open.ValidityDays == wanted.ValidityDays
        && (open.NotAfter == wanted.NotAfter || wanted.RenewsCertificateId is not null) // a renewal counts it from the moment it is begun
        && open.Profile == wanted.Profile
        && open.Product == wanted.Product
        && open.ValidityMonths == wanted.ValidityMonths
        && open.Organization?.Id == wanted.Organization?.Id
        && open.ReissuesOrderId == wanted.ReissuesOrderId
        && open.RenewsCertificateId == wanted.RenewsCertificateId
        && (wanted.Csr is null || (open.Csr is not null && open.Csr.SequenceEqual(wanted.Csr)))
        && (keyId is null || open.PrivateKeyId == keyId);

    private static bool IsSame(SubjectName? open, SubjectName? wanted) => open is null || wanted is null
        ? open is null && wanted is null
        : open with { OrganizationalUnits = wanted.OrganizationalUnits } == wanted && open.OrganizationalUnits.SequenceEqual(wanted.OrganizationalUnits);

    /// <summary>Stores the order; answers the same order instead when another command has stored it since we looked.</summary>
    private CertificateOrder Store(OrderPlan plan)
    {
        using KeyPair? made = plan.NeedsNewKey ? ports.Keys.Generate(plan.Order.KeySpec) : null;

        // Signed before the transaction: nobody else can write meanwhile.
        byte[]? csr = (made ?? plan.Request.ImportedKey) is KeyPair given ? Request(plan.Order, given) : null;
        return ports.Store.Write(session => FindOpen(session, plan) ?? Add(session, plan, made, csr), Durability.Deferred); // the next change comes before it is sent
    }

    private byte[] Request(CertificateOrder order, KeyPair key) => ports.Requests.Create(key, order.DomainNames, order.Subject, order.SignatureAlgorithm);

    private CertificateOrder Add(IStoreSession session, OrderPlan plan, KeyPair? made, byte[]? csr)
    {
        OrderRequest request = plan.Request;
        if (plan.Order.RenewsCertificateId is string renewed)
        {
            // Another renewal may have been saved since we looked: this one would be paid for nothing.
            RenewCertificate.RefuseOlder(Lookup.Certificate(session, renewed));
        }

        CertificateOrder order = plan.Order;
        if ((made ?? request.ImportedKey) is KeyPair given)
        {
            PrivateKeyInfo info = KeyVault.Add(session, ports.Clock, given, order.Name, made is null ? OrderOrigin.Imported : OrderOrigin.Created);
            order = order with { PrivateKeyId = info.Id, Csr = csr };
        }
        else if (order.Csr is null)
        {
            using KeyPair stored = Lookup.KeyPair(session, ports.Keys, order.PrivateKeyId!); // the plan: no request and no key given means a stored key
            order = order with { Csr = Request(order, stored) };
        }

        if (request.KeystorePassword is not null)
        {
            byte[] password = Encoding.UTF8.GetBytes(request.KeystorePassword);
            session.Secrets.Put(SecretRef.KeystorePassword(order.Id), password);
            Array.Clear(password, 0, password.Length);
        }

        session.Orders.Add(order);
        session.Audit.Append(new AuditEntry("Order", "OrderCreated", order.Id, order.Name, $"{string.Join(", ", order.DomainNames)} from {order.Account}"));
        return order;
    }
}
