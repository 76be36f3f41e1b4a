using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Cancels an order at its authority, or here when it was never sent.</summary>
public sealed class CancelOrder(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);
    private readonly FindOutcome _outcome = new(ports);
    private readonly RefundOutcome _refund = new(ports);

    /// <exception cref="ConflictException">KmOrderStateInvalid: it has its certificate already, is finished, or nobody knows whether the authority has it.</exception>
    public async Task<CertificateOrder> RunAsync(string orderId, string? comment, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        if (order.Step == OrderStep.Placing && order.IsOpen)
        {
            order = await _outcome.RunAsync(order, reporter, cancellationToken).ConfigureAwait(false);
        }

        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        if (authority is IRefundAbility refund && order.Step >= OrderStep.Placed && !RefundOutcome.IsEnded(order.Status))
        {
            return await RefundAsync(refund, order, comment, reporter, cancellationToken).ConfigureAwait(false);
        }

        if (order.Status is not (OrderStatus.Draft or OrderStatus.PendingValidation or OrderStatus.Processing or OrderStatus.Unknown))
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} cannot be cancelled: its state is {order.Status}.")
            {
                Target = order.Id,
                Remedy = order.CertificateId is null ? "Nothing is left to cancel; Remove-KmCertificateOrder takes it off the list." : "It has its certificate; to make that invalid use Revoke-KmCertificate.",
            };
        }

        if (order.Step != OrderStep.Prepared)
        {
            AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId));
            ICancelAbility ability = ports.Authorities.Require<ICancelAbility>(authority, "cancel an order");
            await ability.CancelAsync(Lookup.Context(ports.Store, account, reporter), order, comment, cancellationToken).ConfigureAwait(false);
        }

        return ports.Store.Write(session => _journal.Save(session, order with { Status = OrderStatus.Cancelled }, "OrderCancelled"));
    }

    private async Task<CertificateOrder> RefundAsync(IRefundAbility refund, CertificateOrder order, string? comment, IReporter reporter, CancellationToken cancellationToken)
    {
        AuthorityContext context = Lookup.Context(ports.Store, ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId)), reporter);
        bool mayBeAsked = order.CancelRequestedAt is not null;
        CertificateOrder before = order;
        order = _journal.Save(order with { CancelRequestedAt = order.CancelRequestedAt ?? ports.Clock.UtcNow });
        AuthorityOrder answer;
        try
        {
            answer = await refund.RequestRefundAsync(context, order, comment, mayBeAsked, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException e) when (!mayBeAsked && (e.IsRefusal || e is RateLimitException or TransportException { WasNeverSent: true }))
        {
            _journal.Save(order with { CancelRequestedAt = before.CancelRequestedAt });
            throw;
        }

        if (RefundOutcome.IsEnded(answer.Status))
        {
            return ports.Store.Write(session => _refund.End(session, order, answer));
        }

        reporter.Warn($"{order.Authority} has taken note that {order} shall be cancelled, and has yet to decide. Sync-KmCertificateOrder {order.Id} asks for it.");
        return ports.Store.Write(session => _journal.Save(session, order with { AuthorityStatus = answer.AuthorityStatus, AuthorityData = answer.AuthorityData ?? order.AuthorityData }, "CancelRequested"));
    }
}
