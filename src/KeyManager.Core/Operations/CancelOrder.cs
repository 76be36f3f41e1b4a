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

    /// <exception cref="ConflictException">KmOrderStateInvalid: it has its certificate already, is finished, or nobody knows whether the authority has it.</exception>
    public async Task<CertificateOrder> RunAsync(string orderId, string? comment, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        if (order.Step == OrderStep.Placing && order.IsOpen)
        {
            order = await _outcome.RunAsync(order, reporter, cancellationToken).ConfigureAwait(false);
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
            ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
            AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId));
            ICancelAbility ability = ports.Authorities.Require<ICancelAbility>(authority, "cancel an order");
            await ability.CancelAsync(Lookup.Context(ports.Store, account, reporter), order, comment, cancellationToken).ConfigureAwait(false);
        }

        return ports.Store.Write(session => _journal.Save(session, order with { Status = OrderStatus.Cancelled }, "OrderCancelled"));
    }
}
