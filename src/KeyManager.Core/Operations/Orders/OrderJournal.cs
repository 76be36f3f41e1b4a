using System.Linq;
using KeyManager.Authorities;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Writes down every step of an order, together with its line in the audit trail.</summary>
internal sealed class OrderJournal(KeyManagerPorts ports)
{
    /// <summary>Stores the order as it is now.</summary>
    public CertificateOrder Save(CertificateOrder order, Durability durability = Durability.Immediate) =>
        ports.Store.Write(session => Save(session, order, null), durability);

    /// <summary>Stores what the authority said about the order.</summary>
    public CertificateOrder Accept(
        CertificateOrder order, AuthorityOrder answer, string? auditAction = null, Durability durability = Durability.Immediate)
    {
        CertificateOrder changed = Merge(order, answer);

        // Asking again and hearing the same changes nothing worth a write.
        return changed == order && auditAction is null ? order : ports.Store.Write(session => Save(session, changed, auditAction), durability);
    }

    /// <summary>The order with what the authority said about it.</summary>
    public static CertificateOrder Merge(CertificateOrder order, AuthorityOrder answer) => order with
    {
        AuthorityOrderId = answer.AuthorityOrderId,
        AuthorityStatus = answer.AuthorityStatus,
        // Available is ours to say, once the certificate is here and checked.
        Status = answer.Status is OrderStatus.Available ? OrderStatus.Processing : answer.Status,
        Challenges = answer.Challenges is null ? order.Challenges : [.. answer.Challenges.Select(c => WithMarks(c, order))],
        AuthorityData = answer.AuthorityData ?? order.AuthorityData,
        ExpiresAt = answer.ExpiresAt ?? order.ExpiresAt,
        PaidUntil = answer.PaidUntil ?? order.PaidUntil,
        NextStep = answer.NextStep,
        ErrorId = answer.Status is OrderStatus.Failed or OrderStatus.Rejected ? ErrorIds.OrderFailed : null,
        ErrorDetail = answer.ErrorDetail,
    };

    /// <summary>What we have published of a challenge is ours to know, whatever the authority says of it.</summary>
    private static Challenge WithMarks(Challenge challenge, CertificateOrder order) =>
        order.Challenges.FirstOrDefault(c => c.Id == challenge.Id) is { PublishedBy: not null } before
            ? challenge with { PublishedBy = before.PublishedBy, Placement = before.Placement, DeployTargets = before.DeployTargets }
            : challenge;

    /// <summary>Stores that the order came to a bad end, or to one that is not known.</summary>
    public CertificateOrder Fail(CertificateOrder order, OrderStatus status, string errorId, string detail) => ports.Store.Write(session =>
    {
        CertificateOrder failed = order with { Status = status, ErrorId = errorId, ErrorDetail = detail };
        CertificateOrder stored = Save(session, failed, null);
        session.Audit.Append(new AuditEntry("Order", "Order" + status, order.Id, order.Name, detail, Succeeded: false));
        return stored;
    });

    public CertificateOrder Save(IStoreSession session, CertificateOrder order, string? auditAction)
    {
        CertificateOrder stamped = order with { UpdatedAt = ports.Clock.UtcNow };
        session.Orders.Update(stamped);
        if (auditAction is not null)
        {
            Tell(session, order, auditAction);
        }

        return stamped;
    }

    /// <summary>Only the line in the audit trail.</summary>
    public static void Tell(IStoreSession session, CertificateOrder order, string auditAction) => session.Audit.Append(
        new AuditEntry("Order", auditAction, order.Id, order.Name, order.AuthorityOrderId is null ? "" : $"{order.Authority} {order.AuthorityOrderId}"));
}
