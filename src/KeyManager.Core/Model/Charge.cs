using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace KeyManager;

/// <summary>What an order costs, as far as the authority says beforehand.</summary>
/// <param name="Amount">The sum; <c>null</c> when there is no catalogue, or it has no price for it.</param>
/// <param name="Currency">ISO 4217; empty when the authority does not say.</param>
public sealed record Charge(decimal? Amount, string Currency)
{
    /// <summary>The price of a product for a term, names and servers.</summary>
    /// <param name="product">The product.</param>
    /// <param name="months">The term; <c>null</c> when none is named.</param>
    /// <param name="names">All names of the order.</param>
    /// <param name="servers">The number of servers.</param>
    public static Charge Of(Product product, int? months, IReadOnlyList<DomainName> names, int servers)
    {
        Guard.NotNull(product);
        Guard.NotNull(names);
        ProductPrice? price = product.Prices.Where(p => p.Months == months && p.Servers <= Math.Max(1, servers)).OrderByDescending(p => p.Servers).FirstOrDefault();
        if (price is null)
        {
            return new Charge(null, product.Currency);
        }

        List<DomainName> more = [.. ProductRules.Additional(product, names).Skip(product.IncludedNames)];
        int wildcards = price.PerWildcard > 0 ? more.Count(n => n.IsWildcard) : 0;
        int moreServers = product.HasUnlimitedServers ? 0 : Math.Max(0, servers - price.Servers);
        return new Charge(price.Amount + (wildcards * price.PerWildcard) + ((more.Count - wildcards) * price.PerName) + (moreServers * price.PerServer), product.Currency);
    }

    public override string ToString() => Amount is decimal amount
        ? string.Format(CultureInfo.InvariantCulture, "{0:0.00} {1}", amount, Currency).TrimEnd()
        : "what the price list of the authority says";
}
