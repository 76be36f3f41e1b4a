using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager;

/// <summary>What a product allows, so that an order for which it does not fit is refused before it is paid for.</summary>
public static class ProductRules
{
    /// <summary>The names that count beside the first: not the "www." that comes with it.</summary>
    public static IEnumerable<DomainName> Additional(Product product, IReadOnlyList<DomainName> names)
    {
        Guard.NotNull(product);
        return Guard.NotNull(names).Skip(1).Where(n => !(product.IncludesWww && IsWwwOf(names[0], n)));
    }

    /// <summary>True when one is the other with "www." in front.</summary>
    public static bool IsWwwOf(DomainName one, DomainName other) => other.Ascii == "www." + one.Ascii || one.Ascii == "www." + other.Ascii;

    /// <summary>Refuses names, term and organization that the product does not have.</summary>
    /// <param name="product">What is ordered.</param>
    /// <param name="order">The order, with its names, term and organization.</param>
    /// <exception cref="InvalidRequestException">KmProductUnsuitable, KmOrganizationRequired, KmOrganizationNotAllowed, KmNameNotAllowed.</exception>
    public static void Check(Product product, CertificateOrder order)
    {
        Guard.NotNull(product);
        Guard.NotNull(order);
        if (product.ValidityMonths.Count > 0 && !(order.ValidityMonths is int months && product.ValidityMonths.Contains(months)))
        {
            throw Unsuitable(
                product,
                order.ValidityMonths is int wrong ? string.Format(CultureInfo.InvariantCulture, "is not sold for {0} months", wrong) : "is sold for several terms, and none is chosen",
                $"Use -ValidityMonths {string.Join(" or ", product.ValidityMonths)}.");
        }

        CheckNames(product, order.DomainNames);
        if (product.ValidationType == ValidationType.DV && order.Organization is not null && !product.TakesOrganization)
        {
            throw new InvalidRequestException(ErrorIds.OrganizationNotAllowed, $"{product} checks control of the names only; no organization stands in the certificate.")
            {
                Target = order.Organization.Name,
                Remedy = "Leave out -Organization, or order a product with -ValidationType OV or EV; Get-KmProduct lists them.",
            };
        }

        if (product.ValidationType is ValidationType.OV or ValidationType.EV && order.Organization is null)
        {
            throw new InvalidRequestException(ErrorIds.OrganizationRequired, $"{product} ({product.ValidationType}) needs the organization that stands in the certificate.")
            {
                Target = product.Code,
                Remedy = "Name it with -Organization; New-KmOrganization stores one.",
            };
        }
    }

    private static void CheckNames(Product product, IReadOnlyList<DomainName> names)
    {
        DomainName first = names[0];
        if (names.FirstOrDefault(n => n.Kind == DomainNameKind.IpAddress) is { Ascii.Length: > 0 } address)
        {
            throw new InvalidRequestException(ErrorIds.NameNotAllowed, $"{product} is for DNS names, not for the address {address}.") { Target = address.Ascii, Remedy = "Use an authority that issues for addresses; see Abilities in Get-KmAuthority." };
        }

        if (!product.AllowsWildcard && names.FirstOrDefault(n => n.IsWildcard) is { Ascii.Length: > 0 } wildcard)
        {
            throw Unsuitable(product, $"has no wildcards such as '{wildcard}'", "Get-KmProduct | Where-Object AllowsWildcard lists those that have.", wildcard.Ascii);
        }

        if (product.NeedsWildcard && !first.IsWildcard)
        {
            throw Unsuitable(product, $"is for a wildcard, and the first name is '{first}'", $"Put the wildcard first, such as *.{first.BaseName}.", first.Ascii);
        }

        // A wildcard certificate is for the name below it too.
        int more = Additional(product, names).Count(n => !(product.NeedsWildcard && product.MaxAdditionalNames == 0 && n.Ascii == first.BaseName));
        if (more > product.MaxAdditionalNames)
        {
            throw Unsuitable(
                product,
                product.MaxAdditionalNames == 0
                    ? string.Format(CultureInfo.InvariantCulture, "is for one name, and {0} are asked for", names.Count)
                    : string.Format(CultureInfo.InvariantCulture, "takes {0} names beside the first, and {1} are asked for", product.MaxAdditionalNames, more),
                "Order several certificates, or a product for more names: Get-KmProduct shows MaxAdditionalNames.");
        }
    }

    private static InvalidRequestException Unsuitable(Product product, string what, string remedy, object? target = null) =>
        new(ErrorIds.ProductUnsuitable, $"{product} {what}.") { Target = target ?? product.Code, Remedy = remedy };
}
