using System.Collections.Generic;
using System.Linq;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Removes a certificate from the inventory. The certificate itself stays valid; its key stays stored unless asked otherwise.</summary>
public sealed class RemoveCertificate(KeyManagerPorts ports)
{
    /// <summary>Removes a version; with the current version its whole entry goes, history included. Answers what was removed.</summary>
    public IReadOnlyList<Certificate> Run(string certificateId, bool removeKeys, IReporter reporter)
    {
        List<Certificate> removed = ports.Store.Write(session =>
        {
            Certificate certificate = Lookup.Certificate(session, certificateId);
            List<Certificate> versions = certificate.IsCurrent
                ? [.. session.Certificates.Query(new CertificateQuery { LineageId = certificate.LineageId, IncludeHistory = true }, null, int.MaxValue).Items]
                : [certificate];
            foreach (Certificate version in versions)
            {
                session.Certificates.Remove(version.Id);
                session.Audit.Append(new AuditEntry("Certificate", "CertificateRemoved", version.Id, version.Name, $"serial {version.SerialNumber}; removed here only"));
            }

            if (certificate.IsCurrent)
            {
                session.Secrets.RemoveAll("entry", certificate.LineageId);
            }

            foreach (string keyId in versions.Select(v => v.PrivateKeyId).OfType<string>().Distinct().Where(id => removeKeys && !UsedByOthers(session, id)))
            {
                session.PrivateKeys.Remove(keyId);
                session.Secrets.RemoveAll("key", keyId);
                session.Audit.Append(new AuditEntry("PrivateKey", "PrivateKeyRemoved", keyId, certificate.Name));
            }

            return versions;
        });
        foreach (Certificate version in removed.Where(v => v.Status == CertificateStatus.Valid))
        {
            reporter.Warn($"{version} was removed here only; it stays valid until {version.NotAfter:yyyy-MM-dd} and is no longer renewed.");
        }

        return removed;
    }

    // Finished orders still name the key; they are no reason to keep it, but any open order is.
    private static bool UsedByOthers(IStoreSession session, string keyId) =>
        session.Certificates.Query(new CertificateQuery { PrivateKeyId = keyId, IncludeHistory = true }, null, 1).Items.Count > 0
        || session.Csrs.Query(null, null, int.MaxValue).Items.Any(c => c.PrivateKeyId == keyId)
        || session.Orders.Query(new OrderQuery(), null, int.MaxValue).Items.Any(o => o.PrivateKeyId == keyId && o.IsOpen);
}
