using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// Takes an order from wherever it stands to the saved certificate: places a draft, publishes the challenges, tells the authority, waits, sends
/// the request, collects, saves, and takes the published proof away again in every case.
/// </summary>
public sealed class CompleteOrder(KeyManagerPorts ports)
{
    private static readonly TimeSpan LongestWithoutLease = TimeSpan.FromMinutes(1);

    private readonly OrderJournal _journal = new(ports);
    private readonly PlaceOrder _place = new(ports);
    private readonly CollectCertificate _collect = new(ports);
    private readonly SaveCertificate _save = new(ports);
    private readonly PublishedProofs _proofs = new(ports);

    /// <summary>Completes the order and answers it as it then is.</summary>
    /// <exception cref="ChallengeException">KmChallengeFailed, KmChallengeNotPublished.</exception>
    /// <exception cref="AuthorityException">KmOrderFailed.</exception>
    /// <exception cref="ConflictException">KmOrderStateInvalid: it is finished; KmOrderBusy.</exception>
    public async Task<CertificateOrder> RunAsync(
        string orderId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        if (!order.IsOpen)
        {
            throw Finished(order);
        }

        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        order = await _place.ContinueAsync(order, reporter, cancellationToken).ConfigureAwait(false);
        if (!order.IsOpen)
        {
            throw Finished(order);
        }

        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId));
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        PollPause pause = new(ports.Clock, options.Timeout);
        if (order.Status is OrderStatus.Unknown)
        {
            // The word may be one we know by now.
            order = _journal.Accept(order, await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false));
            if (!order.IsOpen)
            {
                throw Finished(order);
            }
        }

        if (authority is IFollowUpAbility follow && order.Status is OrderStatus.PendingValidation or OrderStatus.Processing)
        {
            order = _journal.Accept(order, await follow.FollowUpAsync(context, order, cancellationToken).ConfigureAwait(false));
        }

        await _proofs.SweepAsync(options.Scripts, reporter).ConfigureAwait(false);
        do
        {
            if (order.Status is OrderStatus.PendingValidation)
            {
                order = await ProveAsync(context, authority, order, options, pause, lease, cancellationToken).ConfigureAwait(false);
            }
            else if (NextToAsk(authority, order) is null && order.Challenges.Any(c => c.PublishedBy is not null))
            {
                // What a killed process has left published, of an order that is proved by now.
                order = await _proofs.TakeAwayAsync(order, options.Scripts, reporter).ConfigureAwait(false);
            }

            if (order.Status is OrderStatus.Processing or OrderStatus.Unknown)
            {
                order = await IssueAsync(context, authority, order, options, pause, lease, cancellationToken).ConfigureAwait(false);
            }
        }
        while (order.Status == OrderStatus.PendingValidation); // some authorities say what to prove only after a while

        if (options.Save && order.IsUnsaved)
        {
            _save.Run(order, reporter);
            order = ports.Store.Read(session => Lookup.Order(session, orderId));
        }

        return order;
    }

    private async Task<CertificateOrder> ProveAsync(
        AuthorityContext context, ICertificateAuthority authority, CertificateOrder order, CompleteOrderOptions options,
        PollPause pause, Lease lease, CancellationToken cancellationToken)
    {
        bool looksByItself = authority.Description.LooksByItself;
        IValidationAbility? validation = looksByItself ? authority as IValidationAbility : ports.Authorities.Require<IValidationAbility>(authority, "check challenges");
        if (order.Challenges.Count == 0)
        {
            // Placed, and the answer to the question for its challenges got lost.
            order = _journal.Accept(order, await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false));
        }

        // Before the proof is published, so that whatever happens from here on it is known what to take away.
        order = options.AlreadyPublished ? order : await _proofs.AnnounceAsync(order, options, context.Reporter, cancellationToken).ConfigureAwait(false);
        bool isPublished = false;
        try
        {
            if (!options.AlreadyPublished)
            {
                await _proofs.PublishAsync(order, options, context.Reporter, lease, cancellationToken).ConfigureAwait(false);
            }

            isPublished = true;
            lease.Keep();
            if (validation is not null)
            {
                AuthorityOrder told = await validation.SubmitAsync(context, order, _proofs.Choose(order, options.Manual), cancellationToken).ConfigureAwait(false);
                order = OrderJournal.Merge(order, told); // not written: telling twice does no harm, and neither does asking
            }

            bool isWritten = false;
            pause.Restart();
            while (order.Status == OrderStatus.PendingValidation)
            {
                AuthorityOrder answer = await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false);
                order = OrderJournal.Merge(order, answer);
                if (order.Status == OrderStatus.PendingValidation)
                {
                    order = isWritten ? order : _journal.Save(order, Durability.Deferred); // others may want to see how it stands meanwhile
                    isWritten = true;
                    await WaitAsync(context.Reporter, order, pause, answer.RetryAfter, lease, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            // With the request for the certificate it goes, see IssueAsync. An authority that looks at times of its own has to find it, also after this command.
            if (NextToAsk(authority, order) is null && !(looksByItself && isPublished && order.Status == OrderStatus.PendingValidation))
            {
                order = await _proofs.TakeAwayAsync(order, options.Scripts, context.Reporter).ConfigureAwait(false);
            }
        }

        if (!order.IsOpen)
        {
            IEnumerable<string> details = order.Challenges.Where(c => c.Status == ChallengeStatus.Invalid).Select(c => $"{c.DomainName}: {c.ErrorDetail}");
            string detail = string.Join("; ", details.DefaultIfEmpty(order.ErrorDetail ?? order.AuthorityStatus ?? "no reason was given"));
            _journal.Fail(order, order.Status, ErrorIds.ChallengeFailed, detail);
            throw new ChallengeException(ErrorIds.ChallengeFailed, $"Control of the names of order {order} could not be proved. {detail}")
            {
                Target = order.Id,
                Remedy = $"Mend the cause, then get fresh challenges and try again: New-KmChallenge {order.Id} | Invoke-KmChallenge. Get-KmChallenge shows what the authority looked for.",
            };
        }

        return order;
    }

    private async Task<CertificateOrder> IssueAsync(
        AuthorityContext context, ICertificateAuthority authority, CertificateOrder order, CompleteOrderOptions options, PollPause pause, Lease lease, CancellationToken cancellationToken)
    {
        // The authority has seen the proof, so it is taken away while the request is under way: at a DNS service that may take seconds.
        ProofRemoval removal = _proofs.BeginTakingAway(order, options.Scripts, context.Reporter);
        try
        {
            return await RequestAndCollectAsync(context, authority, order, options.Save, removal, pause, lease, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await _proofs.SettleAsync(order.Id, removal).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<CertificateOrder> RequestAndCollectAsync(
        AuthorityContext context, ICertificateAuthority authority, CertificateOrder order, bool save, ProofRemoval removal, PollPause pause, Lease lease, CancellationToken cancellationToken)
    {
        bool isWritten = false;
        while (true)
        {
            AuthorityOrder answer;
            bool asked = true;
            lease.Keep();
            if (NextToAsk(authority, order) is IFinalizeAbility finalizer)
            {
                if (order.Step < OrderStep.Finalizing)
                {
                    order = _journal.Save(order with { Step = OrderStep.Finalizing }, OfRequest(authority));
                }

                pause.Restart();
                answer = await finalizer.FinalizeAsync(context, order, cancellationToken).ConfigureAwait(false);
                order = order with { Step = OrderStep.Finalized };
                asked = false; // a fast authority has it ready by the next request
            }
            else
            {
                answer = await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false);
            }

            if (asked || answer.Status != OrderStatus.Processing)
            {
                // What is written next, if anything, says so too.
                await removal.EndAsync().ConfigureAwait(false);
                order = removal.Unmark(order);
                answer = removal.Unmark(answer);
            }

            switch (answer.Status)
            {
                case OrderStatus.Available:
                    // Not written on its own: collecting writes it together with the certificate, and asking again after a crash does no harm.
                    CertificateOrder collected = await _collect.RunAsync(context, authority, OrderJournal.Merge(order, answer), save, cancellationToken).ConfigureAwait(false);
                    if (collected.Status != OrderStatus.Processing)
                    {
                        return collected;
                    }

                    await WaitAsync(context.Reporter, collected, pause, answer.RetryAfter, lease, cancellationToken).ConfigureAwait(false);
                    continue;
                case OrderStatus.PendingValidation when authority.Description.LooksByItself:
                    return _journal.Accept(order, answer);
                case OrderStatus.Failed or OrderStatus.Rejected or OrderStatus.Cancelled or OrderStatus.Expired:
                    order = _journal.Accept(order, answer);
                    string detail = answer.ErrorDetail ?? answer.AuthorityStatus;
                    _journal.Fail(order, answer.Status, ErrorIds.OrderFailed, detail);
                    throw new AuthorityException(ErrorIds.OrderFailed, $"{authority.Description.Title} did not issue order {order}: {detail}")
                    {
                        Target = order.Id,
                        Remedy = $"Mend the cause, then try again: New-KmChallenge {order.Id} | Invoke-KmChallenge",
                    };
            }

            order = OrderJournal.Merge(order, answer);
            if (asked)
            {
                // Not before: it can be asked again, and sending the request again does no harm.
                order = isWritten ? order : _journal.Save(order, Durability.Deferred);
                isWritten = true;
                await WaitAsync(context.Reporter, order, pause, answer.RetryAfter, lease, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The authority, where everything is proved and it wants to be asked to issue and has not been. A state that we do not know is no permission to ask.</summary>
    private static IFinalizeAbility? NextToAsk(ICertificateAuthority authority, CertificateOrder order) =>
        order.Status == OrderStatus.Processing && order.Step < OrderStep.Finalized ? authority as IFinalizeAbility : null;

    /// <summary>
    /// Upon the request the authority issues, and may charge: order, key and request have to be on the disk before. That the request was sent need not be,
    /// and is written with it all the same: sending it again does no harm.
    /// </summary>
    private static Durability OfRequest(ICertificateAuthority authority) => authority.Description.IsBuiltIn ? Durability.Deferred : Durability.Immediate;

    private async Task WaitAsync(IReporter reporter, CertificateOrder order, PollPause pause, DateTimeOffset? retryAfter, Lease lease, CancellationToken cancellationToken)
    {
        TimeSpan wait = pause.Next(retryAfter) ?? throw new TransportException(
            ErrorIds.OrderWaitTimeout, $"Order {order} is still in state {order.Status} ({order.AuthorityStatus}) at {order.Authority}.")
        {
            Target = order.Id,
            IsTransient = true,
            RetryAfter = retryAfter,
            Remedy = "Nothing is lost. Go on later with Invoke-KmChallenge or Wait-KmCertificateOrder.",
        };
        reporter.Progress(new ProgressReport($"Waiting for {order.Authority}", $"{order.Name}: {order.AuthorityStatus}"));
        while (wait > TimeSpan.Zero)
        {
            // An authority may ask for more patience than a lease lasts.
            TimeSpan part = wait < LongestWithoutLease ? wait : LongestWithoutLease;
            lease.Keep();
            await ports.Clock.DelayAsync(part, cancellationToken).ConfigureAwait(false);
            wait -= part;
        }
    }

    private static ConflictException Finished(CertificateOrder order) =>
        new(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} is finished: its state is {order.Status}{(order.ErrorDetail is null ? "" : $" ({order.ErrorDetail.TrimEnd('.')})")}.")
        {
            Target = order.Id,
            Remedy = order.Status == OrderStatus.Saved
                ? "Its certificate is in the inventory: Get-KmCertificate. To renew it: Update-KmCertificate."
                : order.CertificateId is null && order.Status is OrderStatus.Failed or OrderStatus.Expired
                    ? $"Mend the cause, then get fresh challenges and try again: New-KmChallenge {order.Id} | Invoke-KmChallenge"
                    : "Order again with New-KmCertificateOrder.",
        };
}
