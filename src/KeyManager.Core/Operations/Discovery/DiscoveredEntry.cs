using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Discovery;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes what was found into the inventory. Keys are left where they are.</summary>
internal sealed class DiscoveredEntry(KeyManagerPorts ports)
{
    private const int LongestName = 200;
    private const int MarkLength = 8;

    /// <summary>Takes the certificate in when it is not there yet, and notes where it was seen.</summary>
    /// <param name="finding">Where.</param>
    /// <param name="leaf">What it is.</param>
    /// <param name="last">What was noted of the place before.</param>
    /// <param name="known">The certificate of the inventory, when it is there.</param>
    /// <param name="labels">For one that is not there yet.</param>
    /// <returns>The certificate of the inventory.</returns>
    public Certificate Note(Finding finding, CertificateContent leaf, Sighting? last, Certificate? known, LabelChange labels) => ports.Store.Write(
        session =>
        {
            Certificate certificate = session.Certificates.FindBySha256(leaf.Sha256Thumbprint) ?? ManageLabels.SetEntry(session, Add(session, finding, leaf, last), labels);
            DateTimeOffset now = ports.Clock.UtcNow;
            bool isSame = last is not null && last.CertificateId == certificate.Id && last.GoneAt is null;
            session.Sightings.Put(new Sighting
            {
                Source = finding.Source,
                ComputerName = finding.ComputerName,
                Location = finding.Location,
                CertificateId = certificate.Id,
                FirstSeenAt = last?.FirstSeenAt ?? now,
                LastSeenAt = now,
            });
            if (!isSame && known is not null)
            {
                session.Audit.Append(new AuditEntry("Certificate", "CertificateSeen", certificate.Id, certificate.Name, Where(finding.ComputerName, finding.Location)));
            }

            return certificate;
        },
        Durability.Deferred);

    /// <summary>Notes that a place shows no certificate any more. The certificate stays in the inventory.</summary>
    public Certificate? GiveUp(Sighting last, Certificate? was) => ports.Store.Write(
        session =>
        {
            session.Sightings.Put(last with { GoneAt = ports.Clock.UtcNow });
            session.Audit.Append(new AuditEntry("Certificate", "CertificateGone", last.CertificateId, was?.Name ?? "", Where(last.ComputerName, last.Location)));
            return was;
        },
        Durability.Deferred);

    private Certificate Add(IStoreSession session, Finding finding, CertificateContent leaf, Sighting? last)
    {
        (string name, string lineageId, bool isNewest) = Entry(session, leaf, last);
        Quota.Check(session, name, Where(finding.ComputerName, finding.Location), "What was found before is in the inventory.");
        Certificate certificate = NewVersion.Of(session, ports.Clock, name, lineageId, leaf with { Subject = DisplayText.Of(leaf.Subject), Issuer = DisplayText.Of(leaf.Issuer) }) with
        {
            Status = CertificateStatus.Valid,
            PrivateKeyId = session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(leaf.SubjectPublicKeyInfo))?.Id,
            KeystoreType = StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Origin = OrderOrigin.Imported,
            SavedAt = ports.Clock.UtcNow,
        };
        session.Certificates.Add(certificate, [.. Chain(leaf, finding.Chain)]);
        if (isNewest)
        {
            session.Certificates.MakeCurrent(certificate.Id);
        }

        session.Audit.Append(new AuditEntry("Certificate", "CertificateDiscovered", certificate.Id, name, $"{Where(finding.ComputerName, finding.Location)}, serial {certificate.SerialNumber}"));
        return certificate;
    }

    /// <summary>
    /// A certificate that took the place of a found one is its next version. Any other gets an entry of its own: it must never become the current version of an entry that
    /// is ordered, exported or deployed from here.
    /// </summary>
    private static (string Name, string LineageId, bool IsNewest) Entry(IStoreSession session, CertificateContent leaf, Sighting? last)
    {
        if (last is { GoneAt: null } && session.Certificates.Find(last.CertificateId) is { Origin: OrderOrigin.Imported, OrderId: null, PrivateKeyId: null, IsCurrent: true } before
            && before.DomainNames.Any(leaf.DomainNames.Contains))
        {
            return (before.Name, before.LineageId, leaf.NotAfter >= before.NotAfter);
        }

        string name = DisplayText.Of(leaf.DomainNames.Select(n => n.Ascii).FirstOrDefault() ?? (leaf.Subject.Length > 0 ? leaf.Subject : leaf.SerialNumber));
        name = name.Length <= LongestName ? name : name.Substring(0, LongestName);
        if (session.Certificates.FindLineage(name) is not null)
        {
            name += "-" + leaf.Sha256Thumbprint.Substring(0, MarkLength);
        }

        return session.Certificates.FindLineage(name) is null ? (name, Identifier.New(), true) : ($"{name}-{leaf.Sha256Thumbprint}", Identifier.New(), true);
    }

    // What cannot be read among the others is left out; the certificate counts.
    private List<byte[]> Chain(CertificateContent leaf, IReadOnlyList<byte[]> sent)
    {
        List<CertificateContent> readable = [];
        foreach (byte[] der in sent)
        {
            try
            {
                readable.Add(ports.Certificates.Parse(der));
            }
            catch (KeyMaterialException)
            {
                // Strangers send what they like.
            }
        }

        return [.. ports.Certificates.OrderChain(leaf, readable).Select(c => c.Der)];
    }

    private static string Where(string computer, string location) => computer.Length == 0 ? location : $"{computer}: {location}";
}
