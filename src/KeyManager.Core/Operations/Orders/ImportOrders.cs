using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Takes over the orders of an account that were placed elsewhere, page by page, with their certificates. Each page is stored at once together with the place where the next
/// one begins, so an import that was interrupted goes on there. Doing it again changes only what has changed.
/// </summary>
public sealed class ImportOrders(KeyManagerPorts ports)
{
    private const string Activity = "Importing orders";

    /// <summary>As many downloads at once as a busy authority puts up with.</summary>
    private const int AtOnce = 4;

    private readonly OrderJournal _journal = new(ports);
    private readonly RefundOutcome _refund = new(ports);

    /// <summary>Imports; each order is handed to <paramref name="take"/> as soon as its page is stored.</summary>
    /// <exception cref="InvalidRequestException">KmAuthorityCannot: the authority lists no orders.</exception>
    public async Task RunAsync(ImportOptions options, Func<CertificateOrder, Task> take, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(options);
        Guard.NotNull(take);
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, options.Account));
        ICertificateAuthority authority = ports.Authorities.Get(account.Authority);
        IOrderImportAbility ability = ports.Authorities.Require<IOrderImportAbility>(authority, "list the orders of an account");
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        Run run = new(authority, ability, context, options);
        if (options.AuthorityOrderIds.Count > 0)
        {
            foreach (string id in options.AuthorityOrderIds.Distinct(StringComparer.Ordinal))
            {
                ForeignOrder order = await ability.FindOrderAsync(context, id, cancellationToken).ConfigureAwait(false);
                await TakeInAsync(run, [order], null, take, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        string? after = options.FromStart ? null : ports.Store.Read(session => session.Imports.Find(account.Id));
        if (after is not null)
        {
            reporter.Verbose($"Going on with the import of {account} that was interrupted.");
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        try
        {
            do
            {
                ForeignOrderPage page = await ability.ListAsync(context, after, cancellationToken).ConfigureAwait(false);
                reporter.Progress(new ProgressReport(Activity, string.Format(CultureInfo.InvariantCulture, "{0}: {1}, {2} orders so far", account.Name, page.Position, seen.Count)));

                // What is placed meanwhile pushes others onto the next page.
                List<ForeignOrder> fresh = [.. page.Orders.Where(o => seen.Add(o.State.AuthorityOrderId))];
                await TakeInAsync(run, fresh, page, take, cancellationToken).ConfigureAwait(false);
                after = page.Next;
            }
            while (after is not null);
        }
        finally
        {
            reporter.Progress(new ProgressReport(Activity, "Done", Completed: true));
        }
    }

    private async Task TakeInAsync(Run run, IReadOnlyList<ForeignOrder> orders, ForeignOrderPage? page, Func<CertificateOrder, Task> take, CancellationToken cancellationToken)
    {
        List<Item> items = ports.Store.Read(session => orders.Select(o => Find(session, run, o)).ToList());
        List<Lease> leases = Hold(items, run.Context.Reporter);
        try
        {
            await Concurrent.ForEachAsync(items.Where(i => i.IsChanged), AtOnce, item => FetchAsync(run, item, cancellationToken), cancellationToken).ConfigureAwait(false);

            // One change for a page: an import that dies has either all of it or nothing.
            ports.Store.Write(
                session =>
                {
                    foreach (Item item in items.Where(i => i.IsChanged))
                    {
                        item.Known = Store(session, run, item);
                    }

                    if (page is not null)
                    {
                        session.Imports.Put(run.Context.Account.Id, page.Next);
                    }
                },
                Durability.Deferred);
        }
        finally
        {
            leases.ForEach(l => l.Dispose());
        }

        foreach (CertificateOrder stored in items.Select(i => i.Known).OfType<CertificateOrder>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await take(stored).ConfigureAwait(false);
        }
    }

    private Item Find(IStoreSession session, Run run, ForeignOrder order)
    {
        string accountId = run.Context.Account.Id;
        CertificateOrder? Named(string? id) => id is null ? null : session.Orders.Query(new OrderQuery { AccountId = accountId, AuthorityOrderId = id }, null, 1).Items.FirstOrDefault();
        CertificateOrder? known = Named(order.State.AuthorityOrderId) ?? Named(order.FormerOrderId);
        if (known is null && order.Reference is { Length: > 0 } reference && session.Orders.Find(reference) is { } own && own.AccountId == accountId)
        {
            // One of ours whose answer got lost; the next command on it finds it out, with its lease and its journal.
            return new Item(order, own, false);
        }

        if (known is null)
        {
            return new Item(order, null, true);
        }

        if (known.Origin == OrderOrigin.Created)
        {
            // Ours to sync, unless somebody has ended it behind our back.
            return new Item(order, known, known.Status is OrderStatus.Saved && RefundOutcome.IsEnded(order.State.Status));
        }

        Certificate? certificate = known.CertificateId is null ? null : session.Certificates.Find(known.CertificateId);
        bool isMissing = certificate is null && order.HasCertificate && !run.Leaves(Wanted(order));
        bool isSame = known.AuthorityData == order.State.AuthorityData && known.AuthorityStatus == order.State.AuthorityStatus && !HasEnded(known);
        return new Item(order, known, isMissing || !isSame) { Certificate = certificate };
    }

    /// <summary>Certificates run out without their authority doing anything.</summary>
    private bool HasEnded(CertificateOrder known) => known.Status == OrderStatus.Saved && known.ExpiresAt is DateTimeOffset end && end <= ports.Clock.UtcNow;

    /// <summary>What somebody works on at this moment is left to him.</summary>
    private List<Lease> Hold(List<Item> items, IReporter reporter)
    {
        List<Lease> leases = [];
        foreach (Item item in items.Where(i => i is { IsChanged: true, Known.IsOpen: true }))
        {
            try
            {
                leases.Add(Lease.OnOrder(ports, item.Known!)); // asked for above
            }
            catch (ConflictException)
            {
                item.IsChanged = false;
                reporter.Verbose($"Another command is working on order {item.Known}; it is left as it is.");
            }
        }

        return leases;
    }

    private async Task FetchAsync(Run run, Item item, CancellationToken cancellationToken)
    {
        ForeignOrder order = item.Order;
        try
        {
            if (order.NeedsStatus)
            {
                item.Order = order = await run.Ability.DescribeAsync(run.Context, order, cancellationToken).ConfigureAwait(false);
            }

            if (order.HasCertificate && !run.Leaves(Wanted(order)) && !IsSame(item.Certificate, order) && item.Known?.Origin != OrderOrigin.Created)
            {
                IssuedCertificate issued = await run.Ability.DownloadAsync(run.Context, order, cancellationToken).ConfigureAwait(false);
                item.Leaf = ports.Certificates.Parse(issued.Leaf);
                item.Chain = [.. ports.Certificates.OrderChain(item.Leaf, issued.Chain.Select(ports.Certificates.Parse)).Select(c => c.Der)];
            }
        }
        catch (KeyManagerException error) when (error is AuthorityException or KeyMaterialException or NotFoundException)
        {
            // Its details are taken over all the same; the next import tries again.
            run.Context.Reporter.Warn($"Order {order.State.AuthorityOrderId} ({string.Join(", ", order.DomainNames)}): {error.Message}");
        }
    }

    private static bool IsSame(Certificate? certificate, ForeignOrder order) => certificate is not null
        && (order.SerialNumber is string serial
            ? string.Equals(serial.TrimStart('0'), certificate.SerialNumber.TrimStart('0'), StringComparison.OrdinalIgnoreCase)
            : order.CertificateEnd is DateTimeOffset end && (end - certificate.NotAfter).Duration() < TimeSpan.FromDays(1));

    /// <summary>The state that its certificate has, in the words of -Exclude.</summary>
    private OrderStatus Wanted(ForeignOrder order) =>
        order.State.Status is OrderStatus.Cancelled ? OrderStatus.Revoked
        : order.State.Status == OrderStatus.Available && order.CertificateEnd <= ports.Clock.UtcNow ? OrderStatus.Expired : order.State.Status;

    private CertificateOrder Store(IStoreSession session, Run run, Item item)
    {
        if (item.Known is { Origin: OrderOrigin.Created } own)
        {
            return _refund.End(session, Lookup.Order(session, own.Id), item.Order.State);
        }

        CertificateOrder order = Details(run, item);
        if (item.Known is null)
        {
            session.Orders.Add(order);
        }

        if (item.Leaf is not null)
        {
            order = Keep(session, run, order, item.Leaf, item.Chain);
            if (item.Known is null && !run.Labels.IsEmpty)
            {
                _ = ManageLabels.SetEntry(session, Lookup.Certificate(session, order.CertificateId!), run.Labels); // Keep has just set it
            }
        }
        else if (order.CertificateId is string id && order.Status is OrderStatus.Revoked && session.Certificates.Find(id) is { Status: not CertificateStatus.Revoked } certificate)
        {
            session.Certificates.Update(certificate with { Status = CertificateStatus.Revoked, RevokedAt = ports.Clock.UtcNow, RevocationReason = RevocationReason.Unspecified });
        }

        return _journal.Save(session, order, item.Known is null ? "OrderImported" : "OrderChanged");
    }

    private CertificateOrder Details(Run run, Item item)
    {
        (ForeignOrder order, CertificateOrder? known) = (item.Order, item.Known);
        AuthorityAccount account = run.Context.Account;
        DateTimeOffset now = ports.Clock.UtcNow;
        OrderStatus status = Wanted(order);
        CertificateOrder basis = known ?? new CertificateOrder
        {
            Id = Identifier.New(),
            Name = order.DomainNames.Count > 0 ? order.DomainNames[0].Ascii : order.State.AuthorityOrderId,
            DomainNames = order.DomainNames,
            AccountId = account.Id,
            Account = account.Name,
            Authority = run.Authority.Description.Name,
            Origin = OrderOrigin.Imported,
            KeySpec = KeySpec.Default,
            Labels = LabelRules.Apply(Labels.None, run.Labels),
            CreatedAt = order.PlacedAt ?? now,
            UpdatedAt = now,
        };
        return basis with
        {
            DomainNames = order.DomainNames.Count > 0 ? order.DomainNames : basis.DomainNames,
            Step = basis.Step == OrderStep.Collected ? OrderStep.Collected : OrderStep.Placed,
            // A certificate that is here already keeps its order Saved; one that is not has yet to be fetched.
            Status = status == OrderStatus.Available ? basis.CertificateId is null ? OrderStatus.Processing : OrderStatus.Saved : status,
            AuthorityOrderId = order.State.AuthorityOrderId,
            AuthorityStatus = order.State.AuthorityStatus,
            AuthorityData = order.State.AuthorityData,
            Challenges = [.. (order.State.Challenges ?? []).Select(c => c with { OrderId = basis.Id })],
            ChallengeType = order.ChallengeType ?? basis.ChallengeType,
            Product = order.Product,
            Vendor = order.Vendor,
            ValidityMonths = order.ValidityMonths,
            ServerCount = order.ServerCount,
            ServerType = order.ServerType,
            AdminContact = order.AdminContact,
            TechnicalContact = order.TechnicalContact,
            Requester = order.Requester ?? basis.Requester,
            Organization = order.Organization,
            NextStep = order.State.NextStep,
            PaidUntil = order.State.PaidUntil,
            ExpiresAt = order.CertificateEnd ?? order.State.ExpiresAt,
            ErrorDetail = order.State.ErrorDetail,
        };
    }

    private CertificateOrder Keep(IStoreSession session, Run run, CertificateOrder order, CertificateContent leaf, IReadOnlyList<byte[]> chain)
    {
        Certificate? known = session.Certificates.FindBySha256(leaf.Sha256Thumbprint);
        string lineageId = known?.LineageId ?? session.Certificates.FindLineage(order.Name) ?? Identifier.New();
        Certificate? current = session.Certificates.FindCurrent(order.Name);
        bool hasRoom = known?.SavedAt is not null || Quota.HasRoom(session, order.Name);
        DateTimeOffset now = ports.Clock.UtcNow;
        bool isRevoked = order.Status == OrderStatus.Revoked;
        Certificate certificate = known ?? NewVersion.Of(session, ports.Clock, current?.Name ?? order.Name, lineageId, leaf) with
        {
            IsCurrent = hasRoom && (isRevoked ? current is null : NewVersion.IsNewest(current, leaf.NotAfter)),
            Status = isRevoked ? CertificateStatus.Revoked : hasRoom ? CertificateStatus.Valid : CertificateStatus.Unsaved,
            PrivateKeyId = session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(leaf.SubjectPublicKeyInfo))?.Id,
            Account = order.Account,
            Authority = order.Authority,
            OrderId = order.Id,
            KeystoreType = StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Origin = OrderOrigin.Imported,
            SavedAt = hasRoom ? now : null,
            RevokedAt = isRevoked ? now : null,
            RevocationReason = isRevoked ? RevocationReason.Unspecified : null,
        };
        if (known is null)
        {
            session.Certificates.Add(certificate, chain);
        }
        else if (known.OrderId is null)
        {
            session.Certificates.Update(known with { OrderId = order.Id, Account = order.Account, Authority = order.Authority });
        }

        if (!hasRoom && !run.HasWarnedOfQuota)
        {
            run.HasWarnedOfQuota = true;
            run.Context.Reporter.Warn($"The inventory holds as many certificates as the setting {StoreSettings.MaxManagedCertificates} allows; further ones stay with their orders until Save-KmCertificate.");
        }

        return order with
        {
            CertificateId = certificate.Id,
            LineageId = lineageId,
            PrivateKeyId = certificate.PrivateKeyId,
            KeySpec = KeySpec.Find(leaf.KeyDescription) ?? order.KeySpec,
            Step = OrderStep.Collected,
            Status = order.Status is OrderStatus.Processing or OrderStatus.Saved ? hasRoom ? OrderStatus.Saved : OrderStatus.Available : order.Status,
        };
    }

    private sealed class Run(ICertificateAuthority authority, IOrderImportAbility ability, AuthorityContext context, ImportOptions options)
    {
        public ICertificateAuthority Authority { get; } = authority;

        public IOrderImportAbility Ability { get; } = ability;

        public AuthorityContext Context { get; } = context;

        public LabelChange Labels { get; } = options.Labels;

        public bool HasWarnedOfQuota { get; set; }

        public bool Leaves(OrderStatus status) => options.Exclude.Contains(status);
    }

    private sealed class Item(ForeignOrder order, CertificateOrder? known, bool isChanged)
    {
        public ForeignOrder Order { get; set; } = order;

        public CertificateOrder? Known { get; set; } = known;

        public bool IsChanged { get; set; } = isChanged;

        public Certificate? Certificate { get; init; }

        public CertificateContent? Leaf { get; set; }

        public IReadOnlyList<byte[]> Chain { get; set; } = [];
    }
}
