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

            if (removeKeys)
            {
                RemoveKeys(session, versions);
            }

            return versions;
        });
        foreach (Certificate version in removed.Where(v => v.Status == CertificateStatus.Valid))
        {
            reporter.Warn($"{version} was removed here only; it stays valid until {version.NotAfter:yyyy-MM-dd} and is no longer renewed.");
        }

        return removed;
    }

    /// <summary>Removes the keys of versions that are gone, where nothing else needs them.</summary>
    internal static void RemoveKeys(IStoreSession session, IReadOnlyList<Certificate> removed)
    {
        foreach (Certificate version in removed.Where(v => v.PrivateKeyId is not null).GroupBy(v => v.PrivateKeyId).Select(g => g.First()))
        {
            string keyId = version.PrivateKeyId!; // chosen by it
            if (!session.PrivateKeys.IsNeeded(keyId) && session.PrivateKeys.Remove(keyId))
            {
                session.Secrets.RemoveAll("key", keyId);
                session.Audit.Append(new AuditEntry("PrivateKey", "PrivateKeyRemoved", keyId, version.Name));
            }
        }
    }
}
