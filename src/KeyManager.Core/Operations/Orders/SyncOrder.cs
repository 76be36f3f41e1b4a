using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Asks the authority how an order stands ("Check Order Status"), and takes the certificate in when it is there.</summary>
public sealed class SyncOrder(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);
    private readonly FindOutcome _outcome = new(ports);
    private readonly CollectCertificate _collect = new(ports);
    private readonly SaveCertificate _save = new(ports);
    private readonly PublishedProofs _proofs = new(ports);
    private readonly RefundOutcome _refund = new(ports);

    /// <summary>Asks once. A finished order, or one that was never sent, is answered as it is.</summary>
    /// <exception cref="ConflictException">KmOrderStateInvalid: the authority may have it and cannot be asked; KmOrderBusy.</exception>
    public Task<CertificateOrder> RunAsync(string orderId, bool save, IReporter reporter, CancellationToken cancellationToken) =>
        RunAsync(orderId, new CompleteOrderOptions { Save = save }, reporter, cancellationToken);

    /// <summary>Asks once; what is published for an authority that looks at times of its own is taken away when it is not needed any more.</summary>
    public async Task<CertificateOrder> RunAsync(string orderId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken) =>
        (await AskOnceAsync(orderId, options, reporter, cancellationToken).ConfigureAwait(false)).Order;

    private async Task<(CertificateOrder Order, DateTimeOffset? RetryAfter)> AskOnceAsync(
        string orderId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        bool save = options.Save;
        DateTimeOffset? retryAfter = null;
        CertificateOrder order = ports.Store.Read(session => Lookup.Order(session, orderId));
        if (order.CancelRequestedAt is null ? !order.IsOpen || order is { Status: OrderStatus.Draft, Step: OrderStep.Prepared } : RefundOutcome.IsEnded(order.Status))
        {
            return (order, null);
        }

        using Lease lease = Lease.OnOrder(ports, order);
        order = ports.Store.Read(session => Lookup.Order(session, orderId));
        if (order.Step == OrderStep.Placing && order.IsOpen)
        {
            order = await _outcome.RunAsync(order, reporter, cancellationToken).ConfigureAwait(false);
        }

        if (order.Status is OrderStatus.PendingValidation or OrderStatus.Processing or OrderStatus.Unknown || order.CancelRequestedAt is not null)
        {
            (order, retryAfter) = await AskAsync(order, save, reporter, cancellationToken).ConfigureAwait(false);
            if (order.Status != OrderStatus.PendingValidation && order.Challenges.Any(c => c.PublishedBy is not null) && ports.Authorities.Get(order.Authority).Description.LooksByItself)
            {
                order = await _proofs.TakeAwayAsync(order, options.Scripts, reporter).ConfigureAwait(false);
            }
        }

        if (save && order.IsUnsaved)
        {
            _save.Run(order, reporter);
            order = ports.Store.Read(session => Lookup.Order(session, orderId));
        }

        return (order, retryAfter);
    }

    /// <summary>Asks until the order is issued or has come to another end, or <paramref name="timeout"/> is over.</summary>
    /// <exception cref="TransportException">KmOrderWaitTimeout: not finished in time; nothing is lost.</exception>
    /// <exception cref="ChallengeException">KmChallengeNotPublished: the authority waits for a proof that nobody has told it to look for.</exception>
    /// <exception cref="ConflictException">KmOrderStateInvalid: the authority waits for the certificate request.</exception>
    public Task<CertificateOrder> WaitAsync(string orderId, TimeSpan timeout, bool save, IReporter reporter, CancellationToken cancellationToken) =>
        WaitAsync(orderId, new CompleteOrderOptions { Timeout = timeout, Save = save }, reporter, cancellationToken);

    /// <summary>Asks until the order is issued or has come to another end, or the time is over.</summary>
    public async Task<CertificateOrder> WaitAsync(string orderId, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        PollPause pause = new(ports.Clock, options.Timeout);
        while (true)
        {
            (CertificateOrder order, DateTimeOffset? retryAfter) = await AskOnceAsync(orderId, options, reporter, cancellationToken).ConfigureAwait(false);
            if (order.Status is not (OrderStatus.PendingValidation or OrderStatus.Processing or OrderStatus.Unknown))
            {
                return order;
            }

            RefuseWhenWaitingIsInVain(order);
            reporter.Progress(new ProgressReport($"Waiting for order {order}", $"{order.Status} ({order.AuthorityStatus})"));
            TimeSpan wait = pause.Next(retryAfter) ?? throw new TransportException(ErrorIds.OrderWaitTimeout, $"Order {order} is still in state {order.Status} ({order.AuthorityStatus}).")
            {
                Target = order.Id,
                IsTransient = true,
                RetryAfter = retryAfter,
                Remedy = "Nothing is lost; wait again later.",
            };
            await ports.Clock.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An order whose next step is ours never moves on by itself.</summary>
    private void RefuseWhenWaitingIsInVain(CertificateOrder order)
    {
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        if (order.Status == OrderStatus.PendingValidation && authority is IValidationAbility && IsUnshown(order))
        {
            throw new ChallengeException(ErrorIds.ChallengeNotPublished, $"Order {order} waits for proof of control of its names, and {order.Authority} has not been told to look for any.")
            {
                Target = order.Id,
                Remedy = $"Prove it: Invoke-KmChallenge {order.Id}. Get-KmChallenge shows what is wanted and where.",
            };
        }

        if (order.Status == OrderStatus.Processing && authority is IFinalizeAbility && order.Step < OrderStep.Finalizing)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} waits for its certificate request ({order.AuthorityStatus}), which waiting does not send.")
            {
                Target = order.Id,
                Remedy = $"Send it: Invoke-KmChallenge {order.Id}",
            };
        }
    }

    /// <summary>True when for some name no challenge has been shown to the authority.</summary>
    private static bool IsUnshown(CertificateOrder order) => order.ChallengesByProof.Any(name => name.All(c => c.Status is ChallengeStatus.Pending or ChallengeStatus.Published));

    private async Task<(CertificateOrder Order, DateTimeOffset? RetryAfter)> AskAsync(
        CertificateOrder order, bool save, IReporter reporter, CancellationToken cancellationToken)
    {
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId));
        AuthorityContext context = Lookup.Context(ports.Store, account, reporter);
        AuthorityOrder answer = await authority.GetAsync(context, order, cancellationToken).ConfigureAwait(false);
        if (order.CancelRequestedAt is not null && (RefundOutcome.IsEnded(answer.Status) || order.Step == OrderStep.Collected))
        {
            return (RefundOutcome.IsEnded(answer.Status) ? ports.Store.Write(session => _refund.End(session, order, answer)) : order, answer.RetryAfter);
        }

        CertificateOrder known = answer.Status == OrderStatus.Available
            ? await _collect.RunAsync(context, authority, OrderJournal.Merge(order, answer), save, cancellationToken).ConfigureAwait(false)
            : _journal.Accept(order, answer);
        return (known, answer.RetryAfter);
    }
}
