using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;

namespace KeyManager.Operations;

/// <summary>Finds out what became of an order whose placing was begun and never answered, instead of placing it again.</summary>
internal sealed class FindOutcome(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);

    /// <summary>The order as the authority has it, or a draft again when the authority is sure that it has none. The caller holds the lease on it.</summary>
    /// <exception cref="ConflictException">KmOrderStateInvalid: the authority cannot be asked.</exception>
    public async Task<CertificateOrder> RunAsync(CertificateOrder order, IReporter reporter, CancellationToken cancellationToken)
    {
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        CertificateOrder? original = order.ReissuesOrderId is string id ? ports.Store.Read(session => Lookup.Order(session, id)) : null;
        if (original is null ? authority is not IOrderLookupAbility : authority is not IReissueAbility)
        {
            string problem = $"Whether {authority.Description.Title} has received order {order} is not known, and it cannot be asked. It was not sent again.";
            if (order.Status != OrderStatus.Unknown)
            {
                // A process that was killed could not write this down.
                _journal.Fail(order, OrderStatus.Unknown, ErrorIds.OrderStateInvalid, problem);
            }

            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, problem)
            {
                Target = order.Id,
                Remedy = "Look into the authority's portal. If it has the order, cancel it there; then Remove-KmCertificateOrder and order again.",
            };
        }

        reporter.Verbose($"Asking {authority.Description.Title} whether it has order {order}, as an earlier attempt was interrupted.");
        AuthorityContext context = Lookup.Context(ports.Store, ports.Store.Read(session => Lookup.UsableAccount(session, order.AccountId)), reporter);
        AuthorityOrder? found = original is null
            ? await ((IOrderLookupAbility)authority).FindAsync(context, order, cancellationToken).ConfigureAwait(false)
            : await ((IReissueAbility)authority).FindReissueAsync(context, order, original, cancellationToken).ConfigureAwait(false);
        return found is AuthorityOrder answer
            ? _journal.Accept(order with { Step = OrderStep.Placed }, answer, "OrderPlaced")
            : _journal.Save(order with { Step = OrderStep.Prepared, Status = OrderStatus.Draft, ErrorId = null, ErrorDetail = null });
    }
}
