using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Removes an order from the store. The authority hears nothing of it, and the certificates stay.</summary>
public sealed class RemoveOrder(KeyManagerPorts ports)
{
    /// <exception cref="ConflictException">KmOrderBusy: a command is working on it; what that hears from the authority would be lost.</exception>
    public void Run(string orderId, IReporter reporter)
    {
        using Lease lease = Lease.OnOrder(ports, orderId, out CertificateOrder order);
        order = ports.Store.Write(session =>
        {
            CertificateOrder found = Lookup.Order(session, orderId);
            if (found.CertificateId is string id && session.Certificates.Find(id) is { Status: CertificateStatus.Unsaved } unsaved)
            {
                // A certificate that never reached the inventory is part of its order.
                session.Certificates.Remove(unsaved.Id);
            }

            session.Orders.Remove(orderId);
            session.Secrets.RemoveAll("entry", orderId);
            session.Audit.Append(new AuditEntry("Order", "OrderRemoved", found.Id, found.Name, $"was {found.Status}; removed here only"));
            return found;
        });
        if (order.Step == OrderStep.Placing && order.IsOpen)
        {
            reporter.Warn($"Order {order} was removed here only. {order.Authority} may have it, as an answer got lost; look into its portal before ordering again.");
        }
        else if (order.AuthorityOrderId is not null)
        {
            reporter.Warn($"Order {order} was removed here only. {order.Authority} still has it as {order.AuthorityOrderId}; it can no longer be managed or renewed from here.");
        }
    }
}
