using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Gets fresh challenges for an order whose proof failed or ran out: placed again under the same local order, with the same key and request.</summary>
public sealed class RenewChallenges(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);
    private readonly PlaceOrder _place = new(ports);
    private readonly PublishedProofs _proofs = new(ports);

    /// <exception cref="ConflictException">KmOrderStateInvalid: its proof has not failed.</exception>
    public async Task<CertificateOrder> RunAsync(string orderId, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        if (!CanStartAgain(order))
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} needs no new challenges: its state is {order.Status}.")
            {
                Target = order.Id,
                Remedy = order.IsOpen ? "Go on with it: Invoke-KmChallenge." : "Order again with New-KmCertificateOrder.",
            };
        }

        // What is issued only upon a certificate request is not charged before that, and what was refused never.
        ICertificateAuthority authority = ports.Authorities.Get(order.Authority);
        bool isFree = (authority is IFinalizeAbility && order.Step < OrderStep.Finalizing) || (order.Status == OrderStatus.Rejected && order.Step == OrderStep.Placing);
        if (authority.Description.ChargesMoney && !isFree)
        {
            throw new InvalidRequestException(ErrorIds.AuthorityCannot, $"{order.Authority} takes money for each order, so {order} is not placed again by itself.")
            {
                Target = order.Id,
                Remedy = "Order again with New-KmCertificateOrder.",
            };
        }

        // The list of what is published goes with the old challenges.
        order = await _proofs.TakeAwayAsync(order, scripts, reporter).ConfigureAwait(false);
        order = ports.Store.Write(session => _journal.Save(
            session,
            order with
            {
                Status = OrderStatus.Draft,
                Step = OrderStep.Prepared,
                AuthorityOrderId = order.ReissuesOrderId is null ? null : order.AuthorityOrderId,
                AuthorityStatus = null,
                AuthorityData = null,
                Challenges = [],
                ErrorId = null,
                ErrorDetail = null,
                ExpiresAt = null,
            },
            "ChallengesRenewed"));
        return await _place.ContinueAsync(order, reporter, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing was issued, and what is open at the authority came to an end.</summary>
    private static bool CanStartAgain(CertificateOrder order) =>
        order.CertificateId is null && order.Csr is not null && order.Status is OrderStatus.Failed or OrderStatus.Expired or OrderStatus.Rejected;
}
