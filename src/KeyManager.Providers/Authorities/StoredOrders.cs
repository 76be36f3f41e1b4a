using System;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities;

/// <summary>What services that know certificates by their orders have to look up here.</summary>
internal static class StoredOrders
{
    /// <summary>The order of a certificate.</summary>
    /// <exception cref="ConflictException">KmOrderNotFound: it was removed here.</exception>
    public static CertificateOrder Of(IStore store, Certificate certificate, string title) => store.Read(session => certificate.OrderId is null ? null : session.Orders.Find(certificate.OrderId))
        ?? throw new ConflictException(ConflictKind.State, ErrorIds.OrderNotFound, $"The order of {certificate} was removed here, and {title} knows certificates by their orders.")
        {
            Target = certificate.Id,
            Remedy = "Take it back with Import-KmCertificateOrder, then try again.",
        };

    /// <summary>The product as the catalogue has it; of one that is sold no more, what the order remembers.</summary>
    public static Product ProductOf(IStore store, CertificateOrder order) =>
        store.Read(session => session.Products.List(order.AccountId)).FirstOrDefault(p => string.Equals(p.Code, order.Product, StringComparison.OrdinalIgnoreCase))
        ?? new Product { Code = order.Product ?? "", Name = order.Product ?? "", Vendor = order.Vendor ?? "", ValidationType = order.ValidationType ?? ValidationType.Unknown, MaxAdditionalNames = 1000 };
}
