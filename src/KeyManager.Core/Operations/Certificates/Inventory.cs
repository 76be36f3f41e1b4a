using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Questions to the inventory that the cmdlets ask.</summary>
public sealed class Inventory(KeyManagerPorts ports)
{
    /// <summary>
    /// The one certificate that a user means: by id, name of its entry (the current version), thumbprint, serial number, id of its order, or a
    /// domain name that only one entry has.
    /// </summary>
    /// <exception cref="NotFoundException">KmCertificateNotFound, KmCertificateNotSaved.</exception>
    public Certificate Resolve(string reference) => ports.Store.Read(session => Find(session, reference));

    /// <summary>The order that a user means: by id, or the newest order of the entry with this name.</summary>
    /// <exception cref="NotFoundException">KmOrderNotFound.</exception>
    public CertificateOrder ResolveOrder(string reference) => ports.Store.Read(session =>
        session.Orders.Find(reference)
        ?? session.Orders.Query(new OrderQuery { Name = reference }, null, 200).Items.FirstOrDefault(o => string.Equals(o.Name, reference, StringComparison.OrdinalIgnoreCase))
        ?? Lookup.Order(session, reference));

    /// <summary>The account that a user means, by id or name; <c>null</c> for the default.</summary>
    public AuthorityAccount ResolveAccount(string? reference) => ports.Store.Read(session => Lookup.Account(session, reference));

    /// <summary>The stored key that a user means, by id or name.</summary>
    public PrivateKeyInfo ResolvePrivateKey(string reference) => ports.Store.Read(session => Lookup.PrivateKey(session, reference));

    /// <summary>All versions of the entry of a certificate, newest first.</summary>
    public IReadOnlyList<Certificate> History(string reference)
    {
        Certificate certificate = Resolve(reference);
        return [.. ports.Store.Stream(new CertificateQuery { LineageId = certificate.LineageId, IncludeHistory = true })];
    }

    private static Certificate Find(IStoreSession session, string reference)
    {
        if (session.Certificates.Find(reference) is Certificate byId)
        {
            return byId;
        }

        if (session.Certificates.FindCurrent(reference) is Certificate byName)
        {
            return byName;
        }

        if (session.Orders.Find(reference) is CertificateOrder order)
        {
            return order.CertificateId is string id && !order.IsUnsaved
                ? Lookup.Certificate(session, id)
                : throw new NotFoundException(ErrorIds.CertificateNotSaved, $"Order {order} has no saved certificate: its state is {order.Status}.")
                {
                    Target = order.Id,
                    Remedy = order.CertificateId is null ? "Complete it with Invoke-KmChallenge." : "Save it with Save-KmCertificate.",
                };
        }

        string hex = new([.. reference.Where(c => c is not (' ' or ':'))]);
        CertificateQuery[] attempts =
        [
            new() { Thumbprint = hex, IncludeHistory = true },
            new() { SerialNumber = hex, IncludeHistory = true },
            new() { DomainName = DomainName.TryParse(reference, out DomainName name) ? name.Ascii : reference },
        ];
        foreach (CertificateQuery attempt in attempts)
        {
            IReadOnlyList<Certificate> found = session.Certificates.Query(attempt, null, 2).Items;
            if (found.Count == 1)
            {
                return found[0];
            }

            if (found.Count > 1)
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{reference}' fits several certificates, such as {found[0]} and {found[1]}.")
                {
                    Target = reference,
                    Remedy = "Name the entry, or use the Id as Get-KmCertificate shows it.",
                };
            }
        }

        throw new NotFoundException(ErrorIds.CertificateNotFound, $"There is no certificate '{reference}'.")
        {
            Target = reference,
            Remedy = "Get-KmCertificate lists the inventory.",
        };
    }
}
