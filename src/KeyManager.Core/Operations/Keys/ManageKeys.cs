using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Files;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Takes private keys in, hands them out, removes them.</summary>
public sealed class ManageKeys(KeyManagerPorts ports)
{
    /// <summary>Reads a key for an order; the caller disposes it.</summary>
    public KeyPair Read(byte[] data, string? password, string source) => ports.Keys.Read(NotEmpty(data, source), password, source);

    /// <summary>Stores a key from a file; the same key is stored once.</summary>
    public PrivateKeyInfo Import(byte[] data, string? password, string source, string name)
    {
        using KeyPair key = Read(data, password, source);
        return ports.Store.Write(session =>
        {
            PrivateKeyInfo info = KeyVault.Add(session, ports.Clock, key, name, OrderOrigin.Imported);
            GiveToCertificates(session, info, key.SubjectPublicKeyInfo);
            session.Audit.Append(new AuditEntry("PrivateKey", "PrivateKeyImported", info.Id, info.Name, info.KeySpec.ToString()));
            return info;
        });
    }

    /// <summary>Writes a key as PEM, encrypted when a password is given. The audit trail tells of it.</summary>
    public void Export(string idOrName, string path, string? password)
    {
        (PrivateKeyInfo info, byte[] pem) = ports.Store.Read(session =>
        {
            PrivateKeyInfo found = Lookup.PrivateKey(session, idOrName);
            using KeyPair key = Lookup.KeyPair(session, ports.Keys, found.Id);
            return (found, ports.Keys.ToPem(key, password));
        });
        try
        {
            ports.Files.WriteAll([new FileContent(path, pem, IsPrivate: true)]);
        }
        finally
        {
            Array.Clear(pem, 0, pem.Length);
        }

        ports.Store.Write(session => session.Audit.Append(new AuditEntry("PrivateKey", "PrivateKeyExported", info.Id, info.Name, path)));
    }

    /// <summary>Removes a key that nothing refers to.</summary>
    /// <exception cref="ConflictException">KmPrivateKeyInUse.</exception>
    public void Remove(string idOrName) => ports.Store.Write(session =>
    {
        PrivateKeyInfo info = Lookup.PrivateKey(session, idOrName);
        if (session.PrivateKeys.IsInUse(info.Id))
        {
            throw new ConflictException(ConflictKind.State, ErrorIds.PrivateKeyInUse, $"The private key {info} belongs to a certificate, an order or a request.")
            {
                Target = info.Id,
                Remedy = "Remove that first, or keep the key.",
            };
        }

        session.PrivateKeys.Remove(info.Id);
        session.Secrets.RemoveAll("key", info.Id);
        session.Audit.Append(new AuditEntry("PrivateKey", "PrivateKeyRemoved", info.Id, info.Name));
    });

    /// <summary>The stored keys, newest first.</summary>
    public IEnumerable<PrivateKeyInfo> List(string? name) => ports.Store.Stream((session, after) => session.PrivateKeys.Query(name, after, 200));

    /// <summary>Certificates that came without their key have it from now on.</summary>
    private void GiveToCertificates(IStoreSession session, PrivateKeyInfo info, byte[] subjectPublicKeyInfo)
    {
        CertificateQuery[] queries = [new() { IncludeHistory = true }, new() { Status = [CertificateStatus.Unsaved] }];
        foreach (Certificate certificate in queries.SelectMany(q => session.Certificates.Query(q, null, int.MaxValue).Items).Where(c => c is { HasPrivateKey: false, IsDetailsOnly: false }))
        {
            if (ports.Certificates.Parse(certificate.RawData).SubjectPublicKeyInfo.SequenceEqual(subjectPublicKeyInfo))
            {
                session.Certificates.Update(certificate with { PrivateKeyId = info.Id });
            }
        }
    }

    internal static byte[] NotEmpty(byte[] data, string source) => data.Length > 0 ? data : throw new KeyMaterialException(ErrorIds.FileEmpty, $"{source} is empty (0 bytes).")
    {
        Target = source,
        Remedy = "Look whether the file was copied whole.",
    };
}
