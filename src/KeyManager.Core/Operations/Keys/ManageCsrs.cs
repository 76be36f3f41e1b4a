using System.Collections.Generic;
using System.Text;
using KeyManager.Files;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Makes certificate requests, takes them in, hands them out, removes them.</summary>
public sealed class ManageCsrs(KeyManagerPorts ports)
{
    /// <summary>Makes a request and stores it with its key.</summary>
    public CertificateSigningRequest Create(CsrRequest request)
    {
        using KeyPair key = request.PrivateKey is null
            ? ports.Keys.Generate(ports.Store.Read(session => KeyDefaults.Choose(session.Settings, request.KeyAlgorithm, request.KeyLength)))
            : ports.Store.Read(session => Lookup.KeyPair(session, ports.Keys, Lookup.PrivateKey(session, request.PrivateKey).Id));
        byte[] der = ports.Requests.Create(key, request.DomainNames, request.Subject, request.SignatureAlgorithm ?? KeyDefaults.HashFor(key.Spec));
        string name = request.Name ?? request.DomainNames[0].Ascii;
        return ports.Store.Write(session =>
        {
            PrivateKeyInfo info = KeyVault.Add(session, ports.Clock, key, name, OrderOrigin.Created);
            return Add(session, ports.Requests.Read(der, name), name, info.Id, OrderOrigin.Created, "CsrCreated");
        });
    }

    /// <summary>Reads a request without storing it: what it says, and that its signature and key are good.</summary>
    public CertificateRequestContent Read(byte[] data, string source) => ports.Requests.Read(ManageKeys.NotEmpty(data, source), source);

    /// <summary>Stores a request that was made elsewhere; its key is found when it is stored here.</summary>
    public CertificateSigningRequest Import(byte[] data, string source, string? name)
    {
        CertificateRequestContent content = Read(data, source);
        return ports.Store.Write(session => Add(
            session,
            content,
            name ?? (content.DomainNames.Count > 0 ? content.DomainNames[0].Ascii : source),
            session.PrivateKeys.FindByPublicKeyHash(KeyVault.HashOf(content.SubjectPublicKeyInfo))?.Id,
            OrderOrigin.Imported,
            "CsrImported"));
    }

    /// <summary>The stored request.</summary>
    public CertificateSigningRequest Get(string idOrName) => ports.Store.Read(session => Lookup.Csr(session, idOrName));

    /// <summary>The stored requests, newest first.</summary>
    public IEnumerable<CertificateSigningRequest> List(string? name) => ports.Store.Stream((session, after) => session.Csrs.Query(name, after, 200));

    /// <summary>Writes a request as PEM.</summary>
    public void Export(string idOrName, string path) =>
        ports.Files.WriteAll([new FileContent(path, Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE REQUEST", Get(idOrName).RawData)), IsPrivate: false)]);

    /// <summary>Removes a request; its key stays.</summary>
    public void Remove(string idOrName) => ports.Store.Write(session =>
    {
        CertificateSigningRequest found = Lookup.Csr(session, idOrName);
        session.Csrs.Remove(found.Id);
        session.Audit.Append(new AuditEntry("Csr", "CsrRemoved", found.Id, found.Name));
    });

    private CertificateSigningRequest Add(
        IStoreSession session, CertificateRequestContent content, string name, string? keyId, OrderOrigin origin, string auditAction)
    {
        CertificateSigningRequest csr = new()
        {
            Id = Identifier.New(),
            Name = name,
            DomainNames = content.DomainNames,
            Subject = content.Subject,
            KeySpec = content.KeySpec,
            SignatureAlgorithm = content.SignatureAlgorithm,
            PrivateKeyId = keyId,
            Origin = origin,
            CreatedAt = ports.Clock.UtcNow,
            RawData = content.Der,
        };
        session.Csrs.Add(csr);
        session.Audit.Append(new AuditEntry("Csr", auditAction, csr.Id, csr.Name, string.Join(", ", csr.DomainNames)));
        return csr;
    }
}
