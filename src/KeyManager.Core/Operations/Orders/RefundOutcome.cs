using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>What becomes of an order whose cancellation was asked for, or that somebody has cancelled at the authority.</summary>
internal sealed class RefundOutcome(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);

    /// <summary>Notes that the authority has cancelled it; a certificate that came of it is no longer good.</summary>
    public CertificateOrder End(IStoreSession session, CertificateOrder order, AuthorityOrder answer)
    {
        Certificate? certificate = order.CertificateId is null ? null : session.Certificates.Find(order.CertificateId);
        if (certificate is not null && certificate.Status != CertificateStatus.Revoked)
        {
            session.Certificates.Update(certificate with { Status = CertificateStatus.Revoked, RevokedAt = ports.Clock.UtcNow, RevocationReason = RevocationReason.Unspecified });
            session.Audit.Append(new AuditEntry("Certificate", "CertificateRevoked", certificate.Id, certificate.Name, $"its order was cancelled at {order.Authority}"));
        }

        return _journal.Save(
            session,
            order with
            {
                Status = certificate is null ? OrderStatus.Cancelled : OrderStatus.Revoked,
                AuthorityStatus = answer.AuthorityStatus,
                AuthorityData = answer.AuthorityData ?? order.AuthorityData,
                CancelRequestedAt = null,
            },
            "OrderCancelled");
    }

    /// <summary>True when the authority has taken the order back, whatever it calls that.</summary>
    public static bool IsEnded(OrderStatus status) => status is OrderStatus.Cancelled or OrderStatus.Revoked or OrderStatus.Rejected;
}
