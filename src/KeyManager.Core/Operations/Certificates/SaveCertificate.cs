using System;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Saves the certificate of an order into the inventory: it becomes the current version of its entry, the one before it history.</summary>
public sealed class SaveCertificate(KeyManagerPorts ports)
{
    private readonly OrderJournal _journal = new(ports);

    /// <summary>Saves by id of the order.</summary>
    /// <exception cref="ConflictException">KmOrderStateInvalid: there is nothing to save yet, or it was saved.</exception>
    public Certificate Run(string orderId, IReporter reporter) =>
        Run(ports.Store.Read(session => Lookup.Order(session, orderId)), reporter);

    internal Certificate Run(CertificateOrder order, IReporter reporter)
    {
        (CertificateOrder _, Certificate saved) = ports.Store.Write(session => Save(session, Lookup.Order(session, order.Id)));
        reporter.Verbose($"Saved {saved}, good until {saved.NotAfter:yyyy-MM-dd}.");
        return saved;
    }

    internal (CertificateOrder Order, Certificate Saved) Save(IStoreSession session, CertificateOrder order)
    {
        if (!order.IsUnsaved)
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.OrderStateInvalid, $"Order {order} has no certificate to save: its state is {order.Status}.")
            {
                Target = order.Id,
                Remedy = order.IsOpen ? "Complete it with Invoke-KmChallenge." : "Get-KmCertificate lists the inventory.",
            };
        }

        Certificate certificate = Lookup.Certificate(session, order.CertificateId!); // Available and Renewed imply a collected certificate
        Quota.Check(session, certificate.Name, order.Id, "The certificate stays with its order; then Save-KmCertificate.");
        Certificate saved = certificate with { Status = CertificateStatus.Valid, SavedAt = ports.Clock.UtcNow, IsCurrent = true };
        session.Certificates.Update(saved with { IsCurrent = certificate.IsCurrent });
        session.Certificates.MakeCurrent(certificate.Id);

        if (order.RenewsCertificateId is null && !order.Labels.IsEmpty)
        {
            // A renewal began with those of the entry, which may have changed since.
            saved = ManageLabels.SetEntry(session, saved, LabelChange.Adding(order.Labels));
        }

        // From the order to the entry: exports of later versions use it too.
        if (session.Secrets.Exists(SecretRef.KeystorePassword(order.Id)) && session.Secrets.Get(SecretRef.KeystorePassword(order.Id)) is byte[] password)
        {
            session.Secrets.Put(SecretRef.KeystorePassword(certificate.LineageId), password);
            session.Secrets.RemoveAll("entry", order.Id);
            Array.Clear(password, 0, password.Length);
        }

        CertificateOrder ended = _journal.Save(session, order with { Status = OrderStatus.Saved }, null);
        session.Audit.Append(new AuditEntry(
            "Certificate", order.RenewsCertificateId is null ? "CertificateSaved" : "CertificateRenewed", saved.Id, saved.Name, $"serial {saved.SerialNumber}, until {saved.NotAfter:yyyy-MM-dd}"));
        return (ended, saved);
    }
}
