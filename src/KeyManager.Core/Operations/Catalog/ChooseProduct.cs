using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Operations;

/// <summary>Finds the product that an order means in a catalogue: by its code or name, or by vendor and validation type where only one fits.</summary>
internal static class ChooseProduct
{
    /// <summary>Usual, and what most catalogues have.</summary>
    private const int UsualMonths = 12;

    /// <exception cref="NotFoundException">KmProductNotFound.</exception>
    /// <exception cref="InvalidRequestException">KmProductUnsuitable: several fit, or the product named is another kind.</exception>
    public static Product From(IReadOnlyList<Product> catalogue, OrderRequest request, IReadOnlyList<DomainName> names, AuthorityAccount account)
    {
        if (request.Product is string gone && catalogue.FirstOrDefault(p => p.MissingSince is not null && (Same(p.Code, gone) || Same(p.Name, gone))) is Product old
            && !catalogue.Any(p => p.MissingSince is null && (Same(p.Code, gone) || Same(p.Name, gone))))
        {
            throw NotFound(
                $"The account {account} has {old} no more: its authority does not list it since {old.MissingSince:yyyy-MM-dd}.",
                gone,
                $"Compare with the authority's portal, then Sync-KmAccount {account.Name}; Get-KmProduct lists what is offered.");
        }

        catalogue = [.. catalogue.Where(p => p.MissingSince is null)];
        if (catalogue.Count == 0)
        {
            throw new NotFoundException(ErrorIds.ProductNotFound, $"The catalogue of the account {account} is not here.") { Target = account.Name, Remedy = $"Fetch it: Sync-KmAccount {account.Name}" };
        }

        return request.Product is string named ? Named(catalogue, named, request, account) : Fitting(catalogue, request, names, account);
    }

    /// <summary>The term of an order that names none: the only one there is, or a year where that is sold.</summary>
    public static int? UsualTerm(Product product) => product.ValidityMonths.Count == 1
        ? product.ValidityMonths[0]
        : product.ValidityMonths.Contains(UsualMonths) ? UsualMonths : null;

    private static Product Named(IReadOnlyList<Product> catalogue, string named, OrderRequest request, AuthorityAccount account)
    {
        Product product = catalogue.FirstOrDefault(p => Same(p.Code, named)) ?? catalogue.FirstOrDefault(p => Same(p.Name, named)) ?? throw NotFound(
            $"The account {account} has no product '{named}'.",
            named,
            Like(catalogue, named));
        return Fits(product, request)
            ? product
            : throw new InvalidRequestException(ErrorIds.ProductUnsuitable, $"{product} is of {product.Vendor}, {product.ValidationType}, and that is not what was asked for.")
            {
                Target = product.Code,
                Remedy = "Leave out -Vendor and -ValidationType where -Product is given.",
            };
    }

    private static Product Fitting(IReadOnlyList<Product> catalogue, OrderRequest request, IReadOnlyList<DomainName> names, AuthorityAccount account)
    {
        if (request.Vendor is null && request.ValidationType is null)
        {
            throw NotFound($"An order with the account {account} has to name its product.", account.Name, "Name it with -Product; Get-KmProduct lists them.");
        }

        List<Product> fitting = [.. catalogue.Where(p => Fits(p, request))];
        if (fitting.Count == 0)
        {
            // Since 2017-12-01 DigiCert issues what Symantec sold.
            throw Same(request.Vendor ?? "", "Symantec")
                ? NotFound($"The account {account} has no products of Symantec; DigiCert has issued them since 2017-12-01.", request.Vendor, "Use -Vendor DigiCert.")
                : NotFound(
                    $"The account {account} has no product of {request.Vendor ?? "any vendor"}{(request.ValidationType is null ? "" : $" with {request.ValidationType}")}.",
                    request.Vendor ?? request.ValidationType.ToString(),
                    $"Its vendors are {string.Join(", ", catalogue.Select(p => p.Vendor).Distinct(StringComparer.OrdinalIgnoreCase))}; Get-KmProduct lists all.");
        }

        List<Product> suitable = [.. fitting.Where(p => Suits(p, names))];
        return suitable.Count == 1 ? suitable[0] : throw new InvalidRequestException(
            ErrorIds.ProductUnsuitable,
            suitable.Count == 0 ? $"None of the {fitting.Count} products asked for is for {string.Join(", ", names)}." : $"{suitable.Count} products are what was asked for.")
        {
            Target = request.Vendor ?? request.ValidationType.ToString(),
            Remedy = $"Name one with -Product: {string.Join(", ", (suitable.Count == 0 ? fitting : suitable).Select(p => p.Code).Take(20))}.",
        };
    }

    private static bool Fits(Product product, OrderRequest request) =>
        (request.Vendor is null || Same(product.Vendor, request.Vendor) || Same(product.AuthorityVendor, request.Vendor))
        && (request.ValidationType is null || product.ValidationType == request.ValidationType);

    private static bool Suits(Product product, IReadOnlyList<DomainName> names)
    {
        int more = ProductRules.Additional(product, names).Count();
        return product.NeedsWildcard == names[0].IsWildcard && (product.AllowsWildcard || !names.Any(n => n.IsWildcard))
            && more <= product.MaxAdditionalNames
            && (more > 0 || product.MaxAdditionalNames == 0);
    }

    private static string Like(IReadOnlyList<Product> catalogue, string named)
    {
        string part = named.Length > 4 ? named.Substring(0, 4) : named;
        List<string> near = [.. catalogue.Where(p => p.Code.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0 || p.Name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0).Select(p => p.Code).Take(10)];
        return near.Count > 0 ? $"Did you mean {string.Join(", ", near)}? Get-KmProduct lists all." : "Get-KmProduct lists them; Sync-KmAccount fetches the list again.";
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static NotFoundException NotFound(string message, object? target, string remedy) => new(ErrorIds.ProductNotFound, message) { Target = target, Remedy = remedy };
}
