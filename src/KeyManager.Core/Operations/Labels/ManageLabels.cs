using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Writes tags, owner, group and note on entries of the inventory and on orders.</summary>
public sealed class ManageLabels(KeyManagerPorts ports)
{
    /// <summary>The labels of a kind that are in use.</summary>
    public IReadOnlyList<string> List(LabelKind kind, int most) => ports.Store.Read(session => session.Labels.List(kind, most));

    /// <summary>Changes those of the entry that a certificate is a version of; all its versions show them, and its renewals keep them.</summary>
    /// <exception cref="NotFoundException">KmCertificateNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public Certificate SetOnCertificate(string certificateId, LabelChange change)
    {
        Guard.NotNull(change);

        // A label is no order: losing the last one to a power cut is no harm, and a thousand of them need not wait for the disk.
        return ports.Store.Write(session => SetEntry(session, Lookup.Certificate(session, certificateId), change), Durability.Deferred);
    }

    /// <summary>Changes those of one order. The certificate that comes of it gets them; one that came of it already keeps its own.</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public CertificateOrder SetOnOrder(string orderId, LabelChange change)
    {
        Guard.NotNull(change);
        return ports.Store.Write(
            session =>
            {
                CertificateOrder order = Lookup.Order(session, orderId);
                Labels after = LabelRules.Apply(order.Labels, change);
                if (!LabelRules.AreSame(order.Labels, after))
                {
                    session.Labels.SetOrder(order.Id, after);
                    session.Audit.Append(new AuditEntry("Order", "OrderLabelled", order.Id, order.Name, LabelRules.Describe(order.Labels, after)));
                }

                return order with { Labels = after };
            },
            Durability.Deferred);
    }

    internal static Certificate SetEntry(IStoreSession session, Certificate certificate, LabelChange change)
    {
        Labels before = session.Labels.OfEntry(certificate.LineageId);
        Labels after = LabelRules.Apply(before, change);
        if (!LabelRules.AreSame(before, after))
        {
            session.Labels.SetEntry(certificate.LineageId, after);
            session.Audit.Append(new AuditEntry("Certificate", "CertificateLabelled", certificate.Id, certificate.Name, LabelRules.Describe(before, after)));
        }

        return certificate with { Labels = after };
    }
}
