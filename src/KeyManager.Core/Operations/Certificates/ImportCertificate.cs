using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes certificates that were made elsewhere into the inventory, with their keys when they come along.</summary>
public sealed class ImportCertificate(KeyManagerPorts ports)
{
    /// <summary>
    /// Imports every end-entity certificate in the data. A certificate becomes the next version of the entry with its name; one that is stored
    /// already is answered as it is.
    /// </summary>
    /// <param name="data">PKCS#12, JKS, PEM, DER or PKCS#7.</param>
    /// <param name="password">Of the keystore or key; <c>null</c> for none.</param>
    /// <param name="source">What to call the data in an error.</param>
    /// <param name="name">Name of the entry; <c>null</c> takes the first domain name. Only for a single certificate.</param>
    /// <param name="labels">What to write on the entries, also on those that are there already; <c>null</c> for nothing.</param>
    public IReadOnlyList<Certificate> Run(byte[] data, string? password, string source, string? name, LabelChange? labels = null)
    {
        IReadOnlyList<KeystoreEntry> entries = ports.KeystoreReader.Read(ManageKeys.NotEmpty(data, source), password, source);
        try
        {
            return Run(entries, source, name, labels);
        }
        finally
        {
            KeystoreEntry.DisposeKeys(entries);
        }
    }

    /// <summary>The same of a keystore that was opened; its keys stay the caller's.</summary>
    internal IReadOnlyList<Certificate> Run(IReadOnlyList<KeystoreEntry> entries, string source, string? name, LabelChange? labels)
    {
        List<CertificateContent> all = [.. entries.SelectMany(e => e.Certificates).Select(ports.Certificates.Parse)];
        List<(KeystoreEntry Entry, CertificateContent Leaf)> leaves = Leaves(entries);
        if (leaves.Count == 0)
        {
            throw new KeyMaterialException(ErrorIds.CertificateUnreadable, $"{source} holds no certificate.")
            {
                Target = source,
                Remedy = "To store a key alone use Import-KmPrivateKey.",
            };
        }

        if (name is not null && leaves.Count > 1)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"{source} holds {leaves.Count} certificates; they cannot all be called '{name}'.")
            {
                Target = source,
                Remedy = "Leave out -Name.",
            };
        }

        return ports.Store.Write(session => leaves.Select(leaf =>
        {
            Certificate added = Add(session, leaf.Entry, leaf.Leaf, all, source, name);
            return labels is null || labels.IsEmpty ? added : ManageLabels.SetEntry(session, added, labels);
        }).ToList());
    }

    private List<(KeystoreEntry Entry, CertificateContent Leaf)> Leaves(IReadOnlyList<KeystoreEntry> entries)
    {
        List<(KeystoreEntry Entry, CertificateContent Leaf)> withKey = [.. entries.Where(e => e.Key is not null && e.Certificates.Count > 0)
            .Select(e => (e, ports.Certificates.Parse(e.Certificates[0])))];
        if (withKey.Count > 0)
        {
            return withKey;
        }

        List<CertificateContent> certificates = [.. entries.SelectMany(e => e.Certificates).Select(ports.Certificates.Parse)];
        List<CertificateContent> ends = [.. certificates.Where(c => !c.IsAuthority)];
        return ends.Count > 0 || certificates.Count == 0
            ? [.. ends.Select(leaf => (entries.First(e => e.Certificates.Any(der => der.SequenceEqual(leaf.Der))), leaf))]
            : [(entries[0], ports.Certificates.FindLeaf(certificates))];
    }

    private Certificate Add(
        IStoreSession session, KeystoreEntry entry, CertificateContent leaf, List<CertificateContent> all, string source, string? name)
    {
        string entryName = name ?? leaf.DomainNames.Select(n => n.Ascii).FirstOrDefault() ?? (leaf.Subject.Length > 0 ? leaf.Subject : leaf.SerialNumber);
        string? keyId = KeyFor(session, entry, leaf, entryName, source);
        if (session.Certificates.FindBySha256(leaf.Sha256Thumbprint) is Certificate known)
        {
            if (known.PrivateKeyId is null && keyId is not null)
            {
                known = known with { PrivateKeyId = keyId };
                session.Certificates.Update(known);
            }

            return known;
        }

        Quota.Check(session, entryName, source, "Nothing was imported.");
        string lineageId = session.Certificates.FindLineage(entryName) ?? Identifier.New();
        Certificate? current = session.Certificates.FindCurrent(entryName);
        Certificate certificate = NewVersion.Of(session, ports.Clock, current?.Name ?? entryName, lineageId, leaf) with
        {
            IsCurrent = NewVersion.IsNewest(current, leaf.NotAfter),
            Status = CertificateStatus.Valid,
            PrivateKeyId = keyId,
            KeystoreType = StoreSettings.GetChoice<KeystoreType>(session.Settings, StoreSettings.DefaultKeystoreType),
            Origin = OrderOrigin.Imported,
            SavedAt = ports.Clock.UtcNow,
        };
        session.Certificates.Add(certificate, [.. ports.Certificates.OrderChain(leaf, all).Select(c => c.Der)]);
        session.Audit.Append(new AuditEntry("Certificate", "CertificateImported", certificate.Id, certificate.Name, $"{source}, serial {certificate.SerialNumber}"));
        return certificate;
    }

    private string? KeyFor(IStoreSession session, KeystoreEntry entry, CertificateContent leaf, string name, string source)
    {
        if (entry.Key is not KeyPair key)
        {
            return session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(leaf.SubjectPublicKeyInfo))?.Id;
        }

        return key.SubjectPublicKeyInfo.SequenceEqual(leaf.SubjectPublicKeyInfo)
            ? KeyVault.Add(session, ports.Clock, key, name, OrderOrigin.Imported).Id
            : throw new KeyMaterialException(ErrorIds.KeyMismatch, $"The private key in {source} does not belong to the certificate '{name}' in it.")
            {
                Target = source,
                Remedy = "Put the key and the certificate that belong together into one file; nothing was imported.",
            };
    }
}
